import type { DayInfo } from '@jiyue/contract/booking'
import type { ConsoleSlot, ServiceCard } from '@jiyue/contract/schema/wire'
import { clockText, dayOf, instantOf, minuteMs } from '@jiyue/contract/time'
import { type CSSProperties, useLayoutEffect, useMemo, useRef, useState } from 'react'
import { serverNow, useNow } from '../../clock.ts'
import type { Column } from './columnsOf.ts'
import { DayHead } from './DayHead.tsx'
import { hoursOf, lengthIn, type Placed, place, type Span, timesAt } from './grid.ts'
import { SlotTile } from './SlotTile.tsx'
import { type Landing, useDrag } from './useDrag.ts'

/** Pixels of a minute: an hour holds three lines of text. */
const px = 1.1

/** Pixels of a line of a block's text. */
const linePx = 16

interface TimeGridProps {
  columns: Column[]
  days: readonly DayInfo[]
  services: readonly ServiceCard[]
  named: boolean
  chosen: string | undefined
  open: (slot: ConsoleSlot) => void
  /** A move is on its way: its slot is drawn where it goes. */
  moving: boolean
  drop: (slot: ConsoleSlot, landing: Landing) => void
  /** Tried to drag what keeps its time. */
  whyKept: (slot: ConsoleSlot) => string | null
  refuse: (slot: ConsoleSlot) => void
}

/** Slots as blocks against the hours, in columns; blocks are dragged and stretched. */
export function TimeGrid({ columns, days, services, ...grid }: TimeGridProps) {
  const { named, chosen, open, moving, drop, whyKept, refuse } = grid
  const box = useRef<HTMLDivElement>(null)
  const placed = useMemo(() => columns.map(({ day, slots }) => place(day, slots)), [columns])
  const hours = useMemo(() => hoursOf(placed.flat().map(({ span }) => span)), [placed])
  const [landed, setLanded] = useState<(Landing & { id: string }) | null>(null)
  const { drag, start } = useDrag({
    box,
    columns,
    px,
    drop(slot, landing) {
      setLanded({ ...landing, id: slot.id })
      drop(slot, landing)
    },
    refuse,
    whyKept,
  })
  const going = moving ? landed : null
  useFirstInSight(box, columns, placed, hours)
  const lanes = placed.map((slots) => Math.max(1, ...slots.map((one) => one.lanes)))
  const style = {
    '--grid-columns': lanes.map((n) => `minmax(calc(var(--lane) * ${n}), ${n}fr)`).join(' '),
    '--hour': `${60 * px}px`,
  } as CSSProperties
  return (
    <section className="card card-flush" aria-label="时段表">
      <div className="grid" ref={box} style={style} {...(drag && { 'data-dragging': drag.grip })}>
        <div className="grid-corner" />
        {columns.map(({ key, day, lane }) => (
          <div key={key} className="grid-head">
            {lane ? (
              <h3 title={lane.name}>{lane.name}</h3>
            ) : (
              <DayHead day={day} info={days.find((known) => known.day === day)} />
            )}
          </div>
        ))}
        <Axis hours={hours} />
        {columns.map((column, i) => (
          <div
            key={column.key}
            className="grid-column"
            data-column={column.key}
            style={{ height: (hours.to - hours.from) * px }}
          >
            {placed[i]?.map(({ item, span, lane, lanes: of }) => {
              const height = (span.to - span.from) * px
              const fixed = whyKept(item) !== null
              // The foot of one that goes on over midnight is not its end.
              const hasFoot = !fixed && lengthIn(column.day, item).to === span.to
              return (
                <SlotTile
                  key={item.id}
                  slot={item}
                  day={days.find((known) => known.day === column.day)}
                  services={services}
                  named={named}
                  chosen={item.id === chosen}
                  open={open}
                  lines={Math.max(1, Math.floor((height - 10) / linePx))}
                  className={`block ${fixed ? '' : 'block-free'} ${drag?.slot.id === item.id || going?.id === item.id ? 'block-left' : ''}`}
                  style={{
                    top: (span.from - hours.from) * px,
                    height: height - 2,
                    insetInlineStart: `${(lane / of) * 100}%`,
                    width: `calc(${100 / of}% - 3px)`,
                  }}
                  onPointerDown={(event) => start(event, item, column)}
                >
                  {hasFoot && <i className="block-end" data-grip="end" aria-hidden />}
                </SlotTile>
              )
            })}
            {drag?.column === column.key && (
              <Ghost span={drag.span} day={column.day} hours={hours} />
            )}
            {going?.column.key === column.key && (
              <Ghost span={going.span} day={column.day} hours={hours} />
            )}
            <NowLine day={column.day} hours={hours} />
          </div>
        ))}
      </div>
    </section>
  )
}

function Axis({ hours }: { hours: Span }) {
  const marks: number[] = []
  for (let at = hours.from; at < hours.to; at += 60) marks.push(at / 60)
  return (
    <div className="grid-axis" aria-hidden>
      {marks.map((hour) => (
        <span key={hour}>{String(hour).padStart(2, '0')}:00</span>
      ))}
    </div>
  )
}

/** Where the dragged slot would be. */
function Ghost({ span, day, hours }: { span: Span; day: string; hours: Span }) {
  const { startsAt, endsAt } = timesAt(day, span)
  return (
    <div
      className="grid-ghost"
      style={{ top: (span.from - hours.from) * px, height: (span.to - span.from) * px - 2 }}
    >
      {clockText(startsAt)}–{clockText(endsAt)}
    </div>
  )
}

function NowLine({ day, hours }: { day: string; hours: Span }) {
  const now = useNow(30)
  const minute = (now - instantOf(day)) / minuteMs
  if (minute < hours.from || minute > hours.to || dayOf(now) !== day) return null
  return (
    <div className="grid-now" style={{ top: (minute - hours.from) * px }}>
      <span>{clockText(now)}</span>
    </div>
  )
}

/** Opens at this hour, or at the first slot of other days; what comes or goes later does not scroll. */
function useFirstInSight(
  box: { current: HTMLDivElement | null },
  columns: readonly Column[],
  placed: readonly Placed<ConsoleSlot>[][],
  hours: Span,
): void {
  const now = serverNow()
  const today = columns.find(({ day }) => day === dayOf(now))?.day
  const starts = placed.flat().map(({ span }) => span.from)
  const at = today ? (now - instantOf(today)) / minuteMs - 60 : Math.min(...starts)
  const first = useRef(at - hours.from)
  useLayoutEffect(() => {
    if (Number.isFinite(first.current)) box.current?.scrollTo({ top: first.current * px - 12 })
  }, [box])
}
