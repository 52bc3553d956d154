import { PlusOutlined } from '@ant-design/icons'
import { Button, Skeleton } from 'antd'
import { useMemo, useState } from 'react'
import { useAsk } from '../../asking.ts'
import { useFollow } from '../../following.tsx'
import { Asked } from '../../parts/Asked.tsx'
import { Page } from '../../parts/Page.tsx'
import { AddSlot } from './AddSlot.tsx'
import { Board } from './Board.tsx'
import { columnsOf } from './columnsOf.ts'
import { Negotiations } from './Negotiations.tsx'
import { useBookingView } from './useBookingView.ts'
import { ViewBar } from './ViewBar.tsx'

/** 时段: a week or a day of slots; a tile opens to resize, close or open its slot. */
export function Component() {
  const { view, from, to, day, service, change } = useBookingView()
  const [adding, setAdding] = useState(false)
  const choices = useAsk('listConsoleServices', {})
  const services = choices.data?.services
  const shown = useMemo(
    () => services?.filter(({ id }) => !service || id === service),
    [services, service],
  )
  const slots = useAsk('listConsoleSlots', {
    query: { from, to, ...(service && { serviceId: service }) },
  })
  useFollow((shown ?? []).map(({ id }) => `service:${id}` as const))
  return (
    <Page
      title="时段"
      about="点开一个时段可调整名额、关闭或重新开放，所有屏幕同时更新"
      actions={
        <>
          <Negotiations choices={choices.data} />
          <Button
            type="primary"
            icon={<PlusOutlined />}
            disabled={!choices.data}
            onClick={() => setAdding(true)}
          >
            添加时段
          </Button>
        </>
      }
    >
      <ViewBar at={{ view, from, to, day, service }} services={services} change={change} />
      <Asked query={slots} waiting={<BoardSkeleton />}>
        {(data) => (
          <Board
            columns={columnsOf({ view, from, to, data, services: shown ?? [] })}
            days={data.days}
            services={services ?? []}
            named={view === 'week' && !service}
            add={() => setAdding(true)}
          />
        )}
      </Asked>
      {choices.data && (
        <AddSlot
          open={adding}
          close={() => setAdding(false)}
          choices={choices.data}
          service={service}
          day={day}
        />
      )}
    </Page>
  )
}

function BoardSkeleton() {
  return (
    <section className="card">
      <Skeleton active paragraph={{ rows: 10 }} />
    </section>
  )
}
