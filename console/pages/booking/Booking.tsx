import { PlusOutlined } from '@ant-design/icons'
import type { ConsoleSlot, Reply } from '@jiyue/contract/schema/wire'
import { App, Empty, Skeleton } from 'antd'
import { useCallback, useMemo, useState } from 'react'
import { useOutlet } from 'react-router'
import { useAsk } from '../../asking.ts'
import { serverNow } from '../../clock.ts'
import { useFollow } from '../../following.tsx'
import { Asked } from '../../parts/Asked.tsx'
import { Page } from '../../parts/Page.tsx'
import { Reasoned } from '../../parts/Reasoned.tsx'
import { useWhyNoRight } from '../../useWhyNoRight.ts'
import { AddSlot } from './AddSlot.tsx'
import { Closures } from './Closures.tsx'
import { columnsOf, rowsOf } from './columnsOf.ts'
import { timesAt } from './grid.ts'
import { Negotiations } from './Negotiations.tsx'
import { placeOf } from './placeOf.ts'
import { SlotPanel } from './SlotPanel.tsx'
import { TimeGrid } from './TimeGrid.tsx'
import { useBookingView } from './useBookingView.ts'
import type { Landing } from './useDrag.ts'
import { useMoveSlot } from './useMoveSlot.ts'
import { ViewBar } from './ViewBar.tsx'
import { WeekTable } from './WeekTable.tsx'
import { whyKept } from './whyKept.ts'

/** 时段: a week or a day of slots; a block is dragged, and opens to who comes and what can be done. */
export function Component() {
  const at = useBookingView()
  const { view, by, from, to, day, service, change } = at
  const [adding, setAdding] = useState(false)
  const [closing, setClosing] = useState(false)
  const order = useOutlet()
  const noRight = useWhyNoRight('slots')
  const choices = useAsk('listConsoleServices', {})
  const services = choices.data?.services
  const followed = useMemo(
    () => services?.filter(({ id }) => !service || id === service) ?? [],
    [services, service],
  )
  const slots = useAsk('listConsoleSlots', {
    query: { from, to, ...(service && { serviceId: service }) },
  })
  useFollow(followed.map(({ id }) => `service:${id}` as const))
  return (
    <Page
      title="时段"
      about="拖动可改时间（触屏先长按），点开可查看预约、调整名额与开关，所有屏幕同时更新"
      actions={
        <>
          <Negotiations choices={choices.data} />
          <Reasoned reason={noRight} onClick={() => setClosing(true)}>
            批量开关
          </Reasoned>
          <Reasoned
            type="primary"
            icon={<PlusOutlined />}
            reason={noRight}
            loading={!choices.data}
            onClick={() => setAdding(true)}
          >
            添加时段
          </Reasoned>
        </>
      }
    >
      <ViewBar at={at} services={services} change={change} />
      <Asked query={slots} waiting={<CalendarSkeleton />}>
        {(data) =>
          choices.data ? (
            <Calendar
              key={[view, by, from, service].join(' ')}
              at={at}
              data={data}
              choices={choices.data}
              add={() => setAdding(true)}
              covered={order !== null}
            />
          ) : (
            <Asked query={choices} waiting={<CalendarSkeleton />}>
              {() => null}
            </Asked>
          )
        }
      </Asked>
      {choices.data && (
        <>
          <AddSlot
            open={adding}
            close={() => setAdding(false)}
            choices={choices.data}
            service={service}
            day={day}
          />
          <Closures
            open={closing}
            close={() => setClosing(false)}
            choices={choices.data}
            first={{ from, to, service }}
          />
        </>
      )}
      {order}
    </Page>
  )
}

interface CalendarProps {
  at: ReturnType<typeof useBookingView>
  data: Reply<'listConsoleSlots'>
  choices: Reply<'listConsoleServices'>
  add: () => void
  /** An order of the slot lies open: its panel waits until that is closed. */
  covered: boolean
}

function Calendar({ at, data, choices, add, covered }: CalendarProps) {
  const { view, by, from, to, service, slot: chosen, change } = at
  const { message } = App.useApp()
  const noRight = useWhyNoRight('slots')
  const given = { view, by, from, to, slots: data.slots, choices, service }
  const open = useCallback(
    ({ id }: ConsoleSlot) => change({ slot: id }, { replace: true }),
    [change],
  )
  const close = useCallback(() => change({}, { replace: true }), [change])
  // A move gives the slot another id: until address and list both have it, either leads to its panel.
  const [renamed, setRenamed] = useState<readonly string[]>([])
  const became = useCallback(
    (slot: ConsoleSlot, was: string) => {
      setRenamed([slot.id, was])
      if (chosen === was) change({ slot: slot.id }, { replace: true })
    },
    [chosen, change],
  )
  const { move, isPending } = useMoveSlot({ became })
  const drop = (slot: ConsoleSlot, { column, span }: Landing) =>
    move(slot.id, { ...placeOf(slot, column.lane, choices), ...timesAt(column.day, span) })
  const why = (slot: ConsoleSlot) => noRight ?? whyKept(slot, serverNow())?.why ?? null
  const known = chosen && renamed.includes(chosen) ? renamed : [chosen]
  const shown = data.slots.find(({ id }) => known.includes(id))
  const panel = (
    <SlotPanel
      slot={covered ? undefined : shown}
      day={data.days}
      choices={choices}
      close={close}
      became={became}
    />
  )
  if (data.slots.length === 0)
    return (
      <section className="card">
        <Empty
          description={
            view === 'day'
              ? '这天还没有时段，添加后用户即可预约'
              : '这几天还没有时段，添加后用户即可预约'
          }
        >
          <Reasoned reason={noRight} onClick={add}>
            添加时段
          </Reasoned>
        </Empty>
      </section>
    )
  const dragging = {
    chosen,
    open,
    moving: isPending,
    drop,
    whyKept: why,
    refuse(slot: ConsoleSlot) {
      message.warning({ key: 'kept', content: why(slot) })
    },
  }
  if (view === 'week' && by !== 'days')
    return (
      <>
        <WeekTable
          rows={rowsOf(given)}
          days={data.days}
          services={choices.services}
          {...dragging}
        />
        {panel}
      </>
    )
  return (
    <>
      <TimeGrid
        columns={columnsOf(given)}
        days={data.days}
        services={choices.services}
        named={by !== 'service' && !service}
        {...dragging}
      />
      {panel}
    </>
  )
}

function CalendarSkeleton() {
  return (
    <section className="card" aria-label="正在读取时段">
      <Skeleton active paragraph={{ rows: 10 }} />
    </section>
  )
}
