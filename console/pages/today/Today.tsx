import { dateText, dayOf } from '@jiyue/contract/time'
import { Col, Row, Skeleton } from 'antd'
import { useEffect, useRef } from 'react'
import { readAgainSoon, useAsk } from '../../asking.ts'
import { useNow } from '../../clock.ts'
import { Asked } from '../../parts/Asked.tsx'
import { Page } from '../../parts/Page.tsx'
import { LatestOrders } from './LatestOrders.tsx'
import { Money } from './Money.tsx'
import { NextSlots } from './NextSlots.tsx'
import { OrderCounts } from './OrderCounts.tsx'
import { Todo } from './Todo.tsx'

/** 今日: the money first, then what waits, then what just happened and what comes next. */
export function Component() {
  const today = useAsk('getToday', {})
  const now = useNow(30)
  // A screen that is left open over night: no order need come for the new day to begin.
  const day = dayOf(now)
  const seen = useRef(day)
  useEffect(() => {
    if (seen.current !== day) readAgainSoon('getToday')
    seen.current = day
  }, [day])
  return (
    <Page title="今日" about={dateText(now)}>
      <Asked query={today} waiting={<TodaySkeleton />}>
        {(data) => (
          <Row gutter={[16, 16]}>
            <Col xs={24} lg={14}>
              <Money today={data} />
            </Col>
            <Col xs={24} lg={10}>
              <OrderCounts today={data} />
            </Col>
          </Row>
        )}
      </Asked>
      <Todo />
      <Row gutter={[16, 16]}>
        <Col xs={24} lg={14}>
          <LatestOrders />
        </Col>
        <Col xs={24} lg={10}>
          <NextSlots />
        </Col>
      </Row>
    </Page>
  )
}

function TodaySkeleton() {
  return (
    <Row gutter={[16, 16]}>
      <Col xs={24} lg={14}>
        <section className="card money">
          <Skeleton active title={{ width: 220 }} paragraph={{ rows: 2 }} />
        </section>
      </Col>
      <Col xs={24} lg={10}>
        <section className="card">
          <Skeleton active paragraph={{ rows: 3 }} />
        </section>
      </Col>
    </Row>
  )
}
