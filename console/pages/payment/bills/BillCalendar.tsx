import { LeftOutlined, RightOutlined } from '@ant-design/icons'
import { type Method, methods, methodWords } from '@jiyue/contract/payment'
import type { Bill } from '@jiyue/contract/schema/money'
import type { Day } from '@jiyue/contract/time'
import { Button, Space } from 'antd'
import { addMonths, dayText, eachDayOf, monthOf, monthText, placeInWeek } from '../../../month.ts'
import { BillMark, billWord } from './BillMark.tsx'
import type { View } from './useBillsView.ts'

interface BillCalendarProps {
  bills: Bill[]
  view: View
}

/** A month of bills: each day says for each method whether it agrees. */
export function BillCalendar({ bills, view }: BillCalendarProps) {
  const { month, yesterday, change } = view
  const turn = (count: number) => change({ month: addMonths(month, count), day: undefined })
  return (
    <section className="card calendar" aria-label="账单日历">
      <header className="card-head">
        <h2>{monthText(month)}</h2>
        <Space.Compact>
          <Button icon={<LeftOutlined />} aria-label="上一月" onClick={() => turn(-1)} />
          <Button
            icon={<RightOutlined />}
            aria-label="下一月"
            disabled={month >= monthOf(yesterday)}
            onClick={() => turn(1)}
          />
        </Space.Compact>
      </header>
      <div className="calendar-days">
        {'一 二 三 四 五 六 日'.split(' ').map((name) => (
          <span key={name} className="quiet calendar-name" aria-hidden>
            {name}
          </span>
        ))}
        {eachDayOf(month).map((day) => (
          <DayButton key={day} day={day} bills={billsOf(bills, day)} view={view} />
        ))}
      </div>
    </section>
  )
}

/** Names that fit a day of a tablet's calendar. */
const short: Record<Method, string> = { wechat: '微信', alipay: '支付宝' }

interface DayButtonProps {
  day: Day
  bills: (Bill | undefined)[]
  view: View
}

function DayButton({ day, bills, view }: DayButtonProps) {
  const chosen = view.day === day
  const words = bills.map((bill, i) => `${methodWords[methods[i]!].zh}${billWord(bill)}`)
  return (
    <button
      type="button"
      className="calendar-day"
      style={{ gridColumnStart: placeInWeek(day) }}
      data-day={day}
      disabled={day > view.yesterday}
      aria-pressed={chosen}
      aria-label={[dayText(day), ...words].join('，')}
      onClick={() => view.change({ day: chosen ? undefined : day })}
    >
      <strong>{Number(day.slice(8))}</strong>
      {bills.map(
        (bill, i) =>
          bill && (
            <span key={methods[i]} className="calendar-bill">
              {short[methods[i]!]}
              <BillMark bill={bill} />
            </span>
          ),
      )}
    </button>
  )
}

/** In the order of the methods. */
function billsOf(bills: Bill[], day: Day): (Bill | undefined)[] {
  return methods.map((method) => bills.find((bill) => bill.day === day && bill.method === method))
}
