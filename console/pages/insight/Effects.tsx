import {
  fillShare,
  missedShare,
  percent,
  proposedDeposit,
  type SuggestionKind,
  suggestionActions,
  suggestionsFor,
} from '@jiyue/contract/insight'
import type { Reply } from '@jiyue/contract/schema/wire'
import { Table } from 'antd'
import { Link } from 'react-router'
import { paths } from '../../paths.ts'

type Effect = Reply<'getInsight'>['services'][number]

const places: Record<Exclude<SuggestionKind, 'deposit'>, string> = {
  more_slots: paths.schedules(),
  promotion: paths.settings('promotions'),
  rating: paths.feedback(),
}

const depositOf = ({ serviceId, priceFen, depositFen }: Effect) =>
  paths.depositOf(serviceId, proposedDeposit(priceFen, depositFen))

/** 服务效果, with what the figures suggest and the page where it is done. */
export function Effects({ services }: { services: Effect[] }) {
  return (
    <section className="card card-flush">
      <Table<Effect>
        rowKey="serviceId"
        dataSource={services}
        pagination={false}
        scroll={{ x: 'max-content' }}
        title={() => <h2>服务效果</h2>}
        columns={[
          { title: '服务', fixed: 'left', render: (_, { name }) => <strong>{name}</strong> },
          { title: '订单', align: 'right', dataIndex: 'orders' },
          { title: '人数', align: 'right', dataIndex: 'people' },
          {
            title: '约满率',
            align: 'right',
            render: (_, one) => shareText(fillShare(one), `${one.seatsTaken}/${one.seats}`),
          },
          {
            title: '爽约率',
            align: 'right',
            render: (_, one) =>
              shareText(missedShare(one), `${one.missed}/${one.missed + one.completed}`),
          },
          { title: '付款后取消', align: 'right', dataIndex: 'cancelled' },
          {
            title: '满意度',
            align: 'right',
            render: (_, { rating, ratings }) =>
              rating === null ? (
                <span className="quiet">暂无</span>
              ) : (
                <>
                  {rating.toFixed(1)} <small className="quiet">{ratings} 条</small>
                </>
              ),
          },
          {
            title: '建议',
            render: (_, one) => {
              const suggestions = suggestionsFor(one)
              if (suggestions.length === 0) return <span className="quiet">暂无</span>
              return suggestions.map(({ kind, reason }) => (
                <div key={kind}>
                  {reason}{' '}
                  <Link to={kind === 'deposit' ? depositOf(one) : places[kind]}>
                    {suggestionActions[kind]}
                  </Link>
                </div>
              ))
            },
          },
        ]}
      />
    </section>
  )
}

function shareText(share: number | null, of: string) {
  if (share === null) return <span className="quiet">暂无</span>
  return (
    <>
      {percent(share)} <small className="quiet">{of}</small>
    </>
  )
}
