import { price } from '@jiyue/contract/money'
import { type Method, methods, methodWords } from '@jiyue/contract/payment'
import type { Bill } from '@jiyue/contract/schema/money'
import { Button } from 'antd'
import { dayText, monthText } from '../../../month.ts'
import { BillTag } from './BillMark.tsx'
import { Figure } from './DayBills.tsx'
import type { View } from './useBillsView.ts'

/** The month's bills summed by method, and the days that ask for somebody. */
export function MonthBills({ bills, view }: { bills: Bill[]; view: View }) {
  const asking = bills.filter((bill) => bill.state === 'failed' || bill.openDifferences > 0)
  return (
    <section className="card bill-side" aria-label="当月账单">
      <h2>{monthText(view.month)}合计</h2>
      {methods.map((method) => (
        <MonthOf key={method} method={method} bills={bills.filter((b) => b.method === method)} />
      ))}
      {bills.length === 0 && (
        <p className="quiet">本月还没有账单。系统每天自动获取前一天的账单，也可选择日期手动获取</p>
      )}
      {bills.length > 0 && asking.length === 0 && (
        <p className="quiet">本月账单与系统记录一致，没有需要处理的日期</p>
      )}
      {asking.length > 0 && (
        <>
          <h3>需要处理</h3>
          <ul className="bill-asking">
            {asking.map((bill) => (
              <li key={`${bill.day} ${bill.method}`}>
                <Button type="link" onClick={() => view.change({ day: bill.day })}>
                  {dayText(bill.day)} {methodWords[bill.method].zh}
                </Button>
                <BillTag bill={bill} />
              </li>
            ))}
          </ul>
        </>
      )}
    </section>
  )
}

function MonthOf({ method, bills }: { method: Method; bills: Bill[] }) {
  const sum = (of: (bill: Bill) => number | null) =>
    bills.reduce((total, bill) => total + (of(bill) ?? 0), 0)
  const matched = bills.filter(({ matchedAt }) => matchedAt !== null).length
  return (
    <article className="day-bill">
      <header>
        <h3>{methodWords[method].zh}</h3>
        <span className="quiet">已核对 {matched} 天</span>
      </header>
      <dl className="figures">
        <Figure label="收款" text={price(sum(({ paidFen }) => paidFen))} />
        <Figure label="退款" text={price(sum(({ refundedFen }) => refundedFen))} />
      </dl>
    </article>
  )
}
