import { Modal } from 'antd'
import type { ReactNode } from 'react'

export interface Difference {
  label: string
  before: ReactNode
  after: ReactNode
}

interface BeforeAfterProps {
  title?: string
  /** Nothing was before. */
  isNew?: boolean
  differences: readonly Difference[]
  /** What it means for whom, under the table. */
  note?: ReactNode
  /** What its button says; 发布, or 新建. */
  act?: string
  /** Where nothing is being edited: 取消. */
  leave?: string
  /** Publishing is under way. */
  busy: boolean
  publish: () => void
  close: () => void
}

/** What will be different, before it is. */
export function BeforeAfter({
  title = '确认发布以下修改',
  isNew = false,
  differences,
  note = '发布后用户端立即生效；已报名的订单按原价格',
  act = isNew ? '新建' : '发布',
  leave = '继续编辑',
  busy,
  publish,
  close,
}: BeforeAfterProps) {
  return (
    <Modal
      title={title}
      open
      onCancel={close}
      onOk={publish}
      okText={act}
      cancelText={leave}
      confirmLoading={busy}
    >
      <table className="before-after">
        <thead>
          <tr>
            <th>项目</th>
            {!isNew && <th>改之前</th>}
            <th>{isNew ? '内容' : '改之后'}</th>
          </tr>
        </thead>
        <tbody>
          {differences.map(({ label, before, after }) => (
            <tr key={label}>
              <th>{label}</th>
              {!isNew && <td>{before || '（空）'}</td>}
              <td>{after || '（空）'}</td>
            </tr>
          ))}
        </tbody>
      </table>
      <div className="quiet before-after-note">{note}</div>
    </Modal>
  )
}
