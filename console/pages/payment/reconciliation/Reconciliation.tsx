import type { Reply } from '@jiyue/contract/schema/wire'
import { Empty, Skeleton } from 'antd'
import { lazy, Suspense } from 'react'
import { Link } from 'react-router'
import { useAsk } from '../../../asking.ts'
import { Asked } from '../../../parts/Asked.tsx'
import { paths } from '../../../paths.ts'
import { PeriodTable } from './PeriodTable.tsx'
import { Promotions } from './Promotions.tsx'
import { Services } from './Services.tsx'
import { Totals } from './Totals.tsx'
import { useReconciliationView, type View } from './useReconciliationView.ts'
import { ViewBar } from './ViewBar.tsx'

const PeriodChart = lazy(() => import('./PeriodChart.tsx'))

/** 对账: what came, what went back and what is left, by period, service and promotion. */
export function Component() {
  const view = useReconciliationView()
  const { per, from, to, service } = view
  const query = useAsk('getReconciliation', {
    query: { per, from, to, ...(service && { serviceId: service }) },
  })
  return (
    <>
      <ViewBar view={view} />
      <Asked query={query} waiting={<Waiting />}>
        {(data) => <Answer data={data} view={view} />}
      </Asked>
    </>
  )
}

function Answer({ data, view }: { data: Reply<'getReconciliation'>; view: View }) {
  const none = data.total.paid.count === 0 && data.total.refunded.count === 0
  return (
    <>
      <Totals total={data.total}>
        <Agreement open={data.openDifferences} />
      </Totals>
      {none ? (
        <section className="card">
          <Empty className="padded" description="这段时间没有收款与退款，换一个时间范围看看" />
        </section>
      ) : (
        <>
          {isDrawn(data.periods) && (
            <Suspense fallback={<section className="card chart" />}>
              <PeriodChart periods={data.periods} per={view.per} />
            </Suspense>
          )}
          <PeriodTable data={data} per={view.per} />
          <div className="halves">
            <Services services={data.services} />
            <Promotions promotions={data.promotions} />
          </div>
        </>
      )}
    </>
  )
}

/** A chart of one or two bars says no more than the table, one of a hundred says nothing. */
function isDrawn(periods: Reply<'getReconciliation'>['periods']): boolean {
  const moving = periods.filter(({ paid, refunded }) => paid.count + refunded.count > 0)
  return moving.length >= 3 && periods.length <= 62
}

function Agreement({ open }: { open: number }) {
  return open > 0 ? (
    <Link to={paths.bills()} className="warn-text">
      这段时间有 {open} 项账单差异待处理
    </Link>
  ) : (
    <span className="quiet">这段时间没有待处理的账单差异</span>
  )
}

function Waiting() {
  return (
    <section className="card">
      <Skeleton active paragraph={{ rows: 10 }} />
    </section>
  )
}
