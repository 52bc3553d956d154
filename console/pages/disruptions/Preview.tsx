import { price } from '@jiyue/contract/money'
import type { DeskSlot } from '@jiyue/contract/schema/disruptions'
import { spanText } from '@jiyue/contract/time'
import type { UseQueryResult } from '@tanstack/react-query'
import { Alert, Checkbox, Empty, Skeleton, Statistic } from 'antd'
import type { Refused } from '../../asking.ts'
import { Asked } from '../../parts/Asked.tsx'
import type { PreviewReply } from './usePreview.ts'

interface PreviewProps {
  query: UseQueryResult<PreviewReply, Refused>
  choiceIds: readonly string[]
  choose: (ids: string[]) => void
}

/** Whom it touches, and what they are offered instead. */
export function Preview({ query, choiceIds, choose }: PreviewProps) {
  return (
    <section className="card" aria-label="影响">
      <h2>2. 谁会受影响，可改到哪里</h2>
      <Asked query={query} waiting={<Skeleton active paragraph={{ rows: 4 }} />}>
        {(data) => {
          const seats = data.choices
            .filter(({ id }) => choiceIds.includes(id))
            .reduce((sum, { left }) => sum + left, 0)
          return (
            <>
              <div className="disruption-sums">
                <Statistic title="已缴费订单" value={data.orders} />
                <Statistic title="涉及人数" value={data.people} />
                <Statistic title="已付金额" value={price(data.paidFen)} />
                <Statistic title="未缴费（将直接关闭）" value={data.unpaid} />
              </div>
              {data.asked > 0 && (
                <Alert
                  type="info"
                  showIcon
                  title={`另有 ${data.asked} 个订单已在之前的紧急通知中，不会再次通知；可在那次通知里换渠道提醒`}
                />
              )}
              <p className="disruption-label">
                可改时段
                <span className="quiet">
                  {' '}
                  已选 {choiceIds.length} 个，共余 {seats} 个名额
                  {data.people > seats && '；少于涉及人数，先到先得，其余可退款'}
                </span>
              </p>
              {data.choices.length === 0 ? (
                <Empty description="这些服务近期没有其他可约时段，用户可全额退款" />
              ) : (
                <Checkbox.Group
                  className="disruption-choices"
                  value={[...choiceIds]}
                  onChange={(ids) => choose(ids.map(String))}
                  options={data.choices.map((slot) => ({ value: slot.id, label: labelOf(slot) }))}
                />
              )}
            </>
          )
        }}
      </Asked>
    </section>
  )
}

function labelOf({ serviceName, startsAt, endsAt, staffName, left, priceFen }: DeskSlot) {
  return (
    <span className="two">
      <span>{spanText(startsAt, endsAt)}</span>
      <span className="quiet">
        {[serviceName, staffName, `余 ${left}`, price(priceFen)].filter(Boolean).join(' · ')}
      </span>
    </span>
  )
}
