import { price } from '@jiyue/contract/money'
import { type Method, methods, methodWords } from '@jiyue/contract/payment'
import type { Bill } from '@jiyue/contract/schema/money'
import { addDays, clockText, type Day, dateText, instantOf } from '@jiyue/contract/time'
import { App } from 'antd'
import { useAct } from '../../../acting.ts'
import { queries } from '../../../asking.ts'
import { Failure } from '../../../parts/Failure.tsx'
import { Reasoned } from '../../../parts/Reasoned.tsx'
import { useWhyNoRight } from '../../../useWhyNoRight.ts'
import { BillTag } from './BillMark.tsx'
import type { View } from './useBillsView.ts'

interface DayBillsProps {
  day: Day
  bills: Bill[]
  view: View
}

/** One day's bills with their sums, and the way to fetch one anew. */
export function DayBills({ day, bills, view }: DayBillsProps) {
  return (
    <section className="card bill-side" aria-label="当日账单">
      <h2>{dateText(instantOf(day))} 的账单</h2>
      {methods.map((method) => (
        <DayBill
          key={method}
          day={day}
          method={method}
          bill={bills.find((one) => one.day === day && one.method === method)}
          yesterday={view.yesterday}
        />
      ))}
    </section>
  )
}

/** WeChat keeps bills for three months; both make them the next day. */
const keptDays = 92

function whyNoBill(day: Day, yesterday: Day): string | null {
  if (day > yesterday) return '当日账单次日才生成'
  return day <= addDays(yesterday, -keptDays) ? '支付平台只保留三个月的账单' : null
}

interface DayBillProps {
  day: Day
  method: Method
  bill: Bill | undefined
  yesterday: Day
}

function DayBill({ day, method, bill, yesterday }: DayBillProps) {
  const noRight = useWhyNoRight('money')
  const { message } = App.useApp()
  const fetching = useAct('putBill', {
    done(saved) {
      message.success(`${methodWords[method].zh}账单已获取，共 ${saved.rows ?? 0} 行`)
      void queries.invalidateQueries()
    },
  })
  const noBill = whyNoBill(day, yesterday)
  return (
    <article className="day-bill" data-bill={method}>
      <header>
        <h3>{methodWords[method].zh}</h3>
        {bill ? <BillTag bill={bill} /> : <span className="quiet">还没有获取</span>}
        <Reasoned
          reason={noRight ?? noBill}
          loading={fetching.isPending}
          onClick={() => fetching.mutate({ params: { method, day } })}
        >
          {bill ? '重新获取' : '获取账单'}
        </Reasoned>
      </header>
      {bill?.failure && (
        <p className="bad-text">
          <Failure failure={bill.failure} />
        </p>
      )}
      {bill && bill.rows !== null && (
        <dl className="figures">
          <Figure label="收款" text={price(bill.paidFen ?? 0)} />
          <Figure label="退款" text={price(bill.refundedFen ?? 0)} />
          <Figure label="行数" text={String(bill.rows)} />
        </dl>
      )}
      {bill?.matchedAt && (
        <small className="quiet">
          {dateText(bill.matchedAt)} {clockText(bill.matchedAt)} 核对
        </small>
      )}
    </article>
  )
}

export function Figure({ label, text }: { label: string; text: string }) {
  return (
    <div>
      <dt className="quiet">{label}</dt>
      <dd>{text}</dd>
    </div>
  )
}
