import { Modal } from 'antd'

export interface Difference {
  label: string
  before: string
  after: string
}

interface BeforeAfterProps {
  differences: readonly Difference[]
  /** Publishing is under way. */
  busy: boolean
  publish: () => void
  close: () => void
}

/** What will be different, before it is. */
export function BeforeAfter({ differences, busy, publish, close }: BeforeAfterProps) {
  return (
    <Modal
      title="确认发布以下修改"
      open
      onCancel={close}
      onOk={publish}
      okText="发布"
      cancelText="继续编辑"
      confirmLoading={busy}
    >
      <table className="setting-changes">
        <thead>
          <tr>
            <th>项目</th>
            <th>改之前</th>
            <th>改之后</th>
          </tr>
        </thead>
        <tbody>
          {differences.map(({ label, before, after }) => (
            <tr key={label}>
              <th>{label}</th>
              <td>{before || '（空）'}</td>
              <td>{after || '（空）'}</td>
            </tr>
          ))}
        </tbody>
      </table>
      <p className="quiet">发布后用户端立即生效；已报名的订单按原价格</p>
    </Modal>
  )
}
