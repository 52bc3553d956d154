import { percent } from '@jiyue/contract/insight'
import { Table } from 'antd'
import type { Stage, Steps } from './stages.ts'

interface StagesProps {
  title: string
  stages: Stage[]
  of: Steps
}

interface Row extends Stage {
  /** Of the stage before; null for the first. */
  before: number | null
}

/** One stage a line, with the share of the one before and of all visits: the bar alone says nothing. */
export function Stages({ title, stages, of }: StagesProps) {
  const rows: Row[] = stages.map((stage, i) => ({
    ...stage,
    before: stages[i - 1]?.visits ?? null,
  }))
  const all = of.visits
  return (
    <section className="card card-flush">
      <Table<Row>
        rowKey="key"
        size="middle"
        dataSource={rows}
        pagination={false}
        rowClassName={({ main }) => (main ? 'funnel-main' : '')}
        title={() => (
          <div className="funnel-head">
            <h2>{title}</h2>
            <span>
              访问到缴费 <strong>{percent(of.paid / all)}</strong>
            </span>
          </div>
        )}
        footer={() => underWay(of)}
        columns={[
          { title: '步骤', dataIndex: 'word', width: 168 },
          {
            title: '占全部访问',
            key: 'bar',
            render: (_, { visits }) => (
              <span className="funnel-share">
                <span className="bars-line" aria-hidden>
                  <span style={{ width: `${(visits / all) * 100}%` }} />
                </span>
                <span className="funnel-percent">{percent(visits / all)}</span>
              </span>
            ),
          },
          { title: '访问数', align: 'right', width: 96, dataIndex: 'visits' },
          {
            title: '占上一步',
            align: 'right',
            width: 96,
            render: (_, { visits, before }) =>
              before ? percent(visits / before) : <span className="quiet">—</span>,
          },
          {
            title: '未到这一步',
            align: 'right',
            width: 112,
            render: (_, { visits, before }) =>
              before === null ? <span className="quiet">—</span> : before - visits,
          },
        ]}
      />
    </section>
  )
}

function underWay({ registering, paying }: Steps) {
  if (registering + paying === 0) return <span className="quiet">没有仍在进行中的访问</span>
  return `其中仍在进行：待报名 ${registering} 次，待缴费 ${paying} 次，时限内还可能完成`
}
