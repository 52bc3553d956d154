import {
  fillShare,
  missedShare,
  percent,
  type Suggestion,
  type SuggestionKind,
  suggestionActions,
  suggestionsFor,
} from '@jiyue/contract/insight'
import type { Reply } from '@jiyue/contract/schema/wire'
import { Table } from 'antd'
import { useState } from 'react'
import { Link } from 'react-router'
import { translated } from '../../english/text.ts'
import { Reasoned } from '../../parts/Reasoned.tsx'
import { paths } from '../../paths.ts'
import { useWhyNoRight } from '../../useWhyNoRight.ts'
import { DepositClick } from './DepositClick.tsx'
import { PromotionClick } from './PromotionClick.tsx'

type Effect = Reply<'getInsight'>['services'][number]

/** What is done by one click, and the pages of what needs a look first. */
const clicks = { deposit: DepositClick, promotion: PromotionClick }
const places: Record<Exclude<SuggestionKind, keyof typeof clicks>, string> = {
  more_slots: paths.schedules(),
  rating: paths.feedback(),
}

/** 服务效果, with what the figures suggest: done here, or a link to the page where it is. */
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
          {
            title: '建议',
            render: (_, one) => {
              const suggestions = suggestionsFor(one)
              if (suggestions.length === 0) return <span className="quiet">暂无</span>
              return suggestions.map((suggestion) => (
                <Suggested key={suggestion.kind} effect={one} suggestion={suggestion} />
              ))
            },
          },
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
        ]}
      />
    </section>
  )
}

function Suggested({ effect, suggestion }: { effect: Effect; suggestion: Suggestion }) {
  const why = useWhyNoRight('settings')
  const [open, setOpen] = useState(false)
  const { kind, reason } = suggestion
  const action = suggestionActions[kind]
  if (kind === 'more_slots' || kind === 'rating')
    return (
      <div className="insight-suggested">
        {translated(reason)} <Link to={places[kind]}>{action}</Link>
      </div>
    )
  const Click = clicks[kind]
  return (
    <div className="insight-suggested">
      {translated(reason)}
      <Reasoned
        size="small"
        reason={why}
        aria-label={`${effect.name} ${action}`}
        onClick={() => setOpen(true)}
      >
        {action}
      </Reasoned>
      {open && <Click effect={effect} reason={reason} close={() => setOpen(false)} />}
    </div>
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
