import { percent } from '@jiyue/contract/insight'
import type { Reply } from '@jiyue/contract/schema/wire'
import { Empty, Table } from 'antd'

type Form = Reply<'getFunnel'>['services'][number]['form']
type Field = Form['fields'][number]

interface FieldsProps {
  form: Form
  held: number
}

/** 填写项流失: at which field of the form people stopped. */
export function Fields({ form, held }: FieldsProps) {
  const left = form.steps.reduce((sum, step) => sum + step.left, form.leftUnseen)
  const rows: Field[] = [
    ...(form.leftUnseen > 0
      ? [{ id: ' unseen', label: '没有打开报名表', touched: 0, left: form.leftUnseen }]
      : []),
    ...(form.leftUntouched > 0
      ? [{ id: ' untouched', label: '打开后一项未填', touched: 0, left: form.leftUntouched }]
      : []),
    ...form.fields,
  ]
  return (
    <section className="card card-flush">
      <Table<Field>
        rowKey="id"
        size="middle"
        dataSource={rows}
        pagination={false}
        title={() => (
          <div className="funnel-head">
            <h2>填写项流失</h2>
            <span className="quiet">
              锁定 {held} 次，其中 {left} 次未提交报名且已过时限
            </span>
          </div>
        )}
        locale={{
          emptyText: <Empty description="这项服务无需填写报名信息" />,
        }}
        columns={[
          { title: '填写项', dataIndex: 'label' },
          {
            title: '填写过',
            align: 'right',
            width: 112,
            render: (_, { id, touched }) =>
              id.startsWith(' ') ? <span className="quiet">—</span> : touched,
          },
          {
            title: '停在这一项',
            align: 'right',
            width: 112,
            render: (_, one) => (one.left > 0 ? <strong>{one.left}</strong> : 0),
          },
          {
            title: '占流失',
            align: 'right',
            width: 96,
            render: (_, one) =>
              left > 0 ? percent(one.left / left) : <span className="quiet">—</span>,
          },
        ]}
      />
    </section>
  )
}
