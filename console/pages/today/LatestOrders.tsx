import { clockText, dateText } from '@jiyue/contract/time'
import { Empty, Skeleton } from 'antd'
import { useMemo, useRef } from 'react'
import { Link } from 'react-router'
import { useAsk } from '../../asking.ts'
import { Asked } from '../../parts/Asked.tsx'
import { StateTag } from '../../parts/StateTag.tsx'
import { useFlash } from '../../parts/useFlash.ts'
import { paths } from '../../paths.ts'
import { markOf } from '../orders/orderMark.ts'

const shown = 8

/** The newest orders, moving through their three steps while one looks. */
export function LatestOrders() {
  const query = useAsk('listConsoleOrders', { query: {} })
  const box = useRef<HTMLElement>(null)
  const rows = useMemo(() => query.data?.orders.slice(0, shown), [query.data])
  const marks = useMemo(() => rows?.map((row) => ({ id: row.id, mark: markOf(row) })), [rows])
  useFlash(box, 'latest', marks)
  return (
    <section className="card" ref={box}>
      <header className="card-head">
        <h2>最新订单</h2>
        <Link to={paths.orders()}>全部订单</Link>
      </header>
      <Asked query={query} waiting={<Skeleton active paragraph={{ rows: 6 }} />}>
        {() =>
          rows?.length ? (
            <ul className="latest">
              {rows.map((order) => (
                <li key={order.id} data-row-key={order.id}>
                  <Link to={paths.order(order.id)}>
                    <span className="latest-state">
                      <StateTag order={order} />
                    </span>
                    <span className="latest-what">
                      {order.service.name}
                      <small className="quiet">
                        {dateText(order.slot.startsAt)} {clockText(order.slot.startsAt)}
                      </small>
                    </span>
                    <span className="latest-who">
                      {order.person}
                      <small className="quiet">{clockText(order.createdAt)} 下单</small>
                    </span>
                  </Link>
                </li>
              ))}
            </ul>
          ) : (
            <Empty description="还没有订单。有人预约时会立刻出现在这里" />
          )
        }
      </Asked>
    </section>
  )
}
