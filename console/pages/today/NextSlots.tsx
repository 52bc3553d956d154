import { clockText, dayOf } from '@jiyue/contract/time'
import { Empty, Skeleton } from 'antd'
import { Link } from 'react-router'
import { useAsk } from '../../asking.ts'
import { serverNow, useNow } from '../../clock.ts'
import { useFollow } from '../../following.tsx'
import { Asked } from '../../parts/Asked.tsx'
import { paths } from '../../paths.ts'

const shown = 8

/** The rest of today's slots with how full they are: whom the counter expects. */
export function NextSlots() {
  const now = useNow(30)
  const today = dayOf(serverNow())
  const query = useAsk('listConsoleSlots', { query: { from: today, to: today } })
  useFollow([...new Set(query.data?.slots.map(({ serviceId }) => serviceId))].map(topicOf))
  return (
    <section className="card">
      <header className="card-head">
        <h2>接下来的时段</h2>
        <Link to={paths.booking({ view: 'day', day: today })}>今日时段</Link>
      </header>
      <Asked query={query} waiting={<Skeleton active paragraph={{ rows: 6 }} />}>
        {({ slots }) => {
          const next = slots
            .filter(({ endsAt }) => Date.parse(endsAt) > now)
            .sort((a, b) => a.startsAt.localeCompare(b.startsAt))
            .slice(0, shown)
          if (next.length === 0) return <Empty description="今天没有更多时段" />
          return (
            <ul className="next-slots">
              {next.map((slot) => (
                <li key={slot.id}>
                  <time>{clockText(slot.startsAt)}</time>
                  <span className="latest-what">
                    {slot.serviceName}
                    <small className="quiet">{slot.staffName ?? slot.branchName}</small>
                  </span>
                  <span className="next-slots-fill">
                    {slot.taken}/{slot.capacity}
                    <i aria-hidden>
                      <b style={{ width: `${(slot.taken * 100) / slot.capacity}%` }} />
                    </i>
                  </span>
                </li>
              ))}
            </ul>
          )
        }}
      </Asked>
    </section>
  )
}

const topicOf = (serviceId: string) => `service:${serviceId}` as const
