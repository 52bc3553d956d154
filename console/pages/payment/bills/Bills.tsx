import { Skeleton } from 'antd'
import { Outlet } from 'react-router'
import { useAsk } from '../../../asking.ts'
import { daysOf } from '../../../month.ts'
import { Asked } from '../../../parts/Asked.tsx'
import { BillCalendar } from './BillCalendar.tsx'
import { DayBills } from './DayBills.tsx'
import { Differences } from './Differences.tsx'
import { MonthBills } from './MonthBills.tsx'
import { useBillsView } from './useBillsView.ts'

/** 账单与差异: a month of the platforms' bills at a glance, a day of it beside, and what does not agree. */
export function Component() {
  const view = useBillsView()
  const [from, to] = daysOf(view.month)
  const query = useAsk('listBills', { query: { from, to } })
  return (
    <>
      <Asked query={query} waiting={<Waiting />}>
        {({ bills }) => (
          <div className="bills">
            <BillCalendar bills={bills} view={view} />
            {view.day ? (
              <DayBills day={view.day} bills={bills} view={view} />
            ) : (
              <MonthBills bills={bills} view={view} />
            )}
          </div>
        )}
      </Asked>
      <Differences view={view} />
      <Outlet />
    </>
  )
}

function Waiting() {
  return (
    <section className="card">
      <Skeleton active paragraph={{ rows: 9 }} />
    </section>
  )
}
