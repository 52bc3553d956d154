import type { Reply } from '@jiyue/contract/schema/wire'
import { addDays, type Day, dayOf } from '@jiyue/contract/time'
import { Empty, Skeleton } from 'antd'
import { useNavigate, useSearchParams } from 'react-router'
import { useAsk } from '../../asking.ts'
import { serverNow } from '../../clock.ts'
import { readSpan } from '../../month.ts'
import { Asked } from '../../parts/Asked.tsx'
import { DayRange } from '../../parts/DayRange.tsx'
import { Page } from '../../parts/Page.tsx'
import { paths } from '../../paths.ts'
import { Effects } from './Effects.tsx'
import { HeatMap } from './HeatMap.tsx'
import './insight.scss'
import { Preferences } from './Preferences.tsx'

/** Days before today that are shown first. */
const usual = 89

/** 经营: which hours, services and methods people choose, and what each service achieves (M5 M6). */
export function Component() {
  const [asked] = useSearchParams()
  const navigate = useNavigate()
  const today = dayOf(serverNow())
  const [from, to] = readSpan(asked, [addDays(today, -usual), today])
  const query = useAsk('getInsight', { query: { from, to } })
  const show = (from: Day, to: Day) => navigate(paths.insight({ from, to }), { replace: true })
  return (
    <Page title="经营" about="按时段所在的日期统计已付款成功的订单，不论之后是否取消">
      <search className="filters">
        <DayRange from={from} to={to} onChange={show} />
      </search>
      <Asked query={query} waiting={<Skeleton className="card" active paragraph={{ rows: 10 }} />}>
        {(data) => <Answer data={data} />}
      </Asked>
    </Page>
  )
}

function Answer({ data }: { data: Reply<'getInsight'> }) {
  return (
    <>
      {data.hours.length === 0 ? (
        <section className="card">
          <Empty description="这段时间还没有付款成功的订单，换一个时间范围看看" />
        </section>
      ) : (
        <>
          <HeatMap hours={data.hours} />
          <Preferences services={data.services} methods={data.methods} />
        </>
      )}
      <Effects services={data.services} />
    </>
  )
}
