import { percent } from '@jiyue/contract/insight'
import type { Reply } from '@jiyue/contract/schema/wire'
import { Button, Table } from 'antd'

type Service = Reply<'getFunnel'>['services'][number]

interface ServicesProps {
  services: Service[]
  onService: (id: string) => void
}

/** 各服务: the four stages side by side; one opens with its form. */
export function Services({ services, onService }: ServicesProps) {
  return (
    <section className="card card-flush">
      <Table<Service>
        rowKey="serviceId"
        size="middle"
        dataSource={services}
        pagination={false}
        scroll={{ x: 'max-content' }}
        title={() => <h2>各服务</h2>}
        columns={[
          {
            title: '服务',
            fixed: 'left',
            render: (_, { serviceId, name }) => (
              <Button type="link" className="funnel-open" onClick={() => onService(serviceId)}>
                {name}
              </Button>
            ),
          },
          { title: '访问', align: 'right', dataIndex: 'visits' },
          { title: '锁定名额', align: 'right', render: (_, one) => of(one.held, one.visits) },
          { title: '提交报名', align: 'right', render: (_, one) => of(one.registered, one.held) },
          { title: '缴费成功', align: 'right', render: (_, one) => of(one.paid, one.registered) },
          {
            title: '访问到缴费',
            align: 'right',
            render: (_, { paid, visits }) => <strong>{percent(paid / visits)}</strong>,
          },
        ]}
      />
    </section>
  )
}

/** A count with its share of the stage before. */
function of(count: number, before: number) {
  return (
    <>
      {count} <small className="quiet">{before > 0 ? percent(count / before) : '—'}</small>
    </>
  )
}
