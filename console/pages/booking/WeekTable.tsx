import type { DayInfo } from '@jiyue/contract/booking'
import type { ConsoleSlot, ServiceCard } from '@jiyue/contract/schema/wire'
import { clockText } from '@jiyue/contract/time'
import { Fragment, useMemo, useRef, useState } from 'react'
import type { Column, Lane } from './columnsOf.ts'
import { DayHead } from './DayHead.tsx'
import { SlotTile } from './SlotTile.tsx'
import { type Landing, useDrag } from './useDrag.ts'

interface WeekTableProps {
  rows: { lane: Lane; cells: Column[] }[]
  days: readonly DayInfo[]
  services: readonly ServiceCard[]
  chosen: string | undefined
  open: (slot: ConsoleSlot) => void
  /** A move is on its way: its slot is drawn where it goes. */
  moving: boolean
  drop: (slot: ConsoleSlot, landing: Landing) => void
  /** Tried to drag what keeps its time. */
  whyKept: (slot: ConsoleSlot) => string | null
  refuse: (slot: ConsoleSlot) => void
}

/**
 * A week by staff, room, branch or service: a row each, its slots in the cells of the days. A slot is
 * dragged to another day or to somebody else, at its hour; hours are changed by the day, or its form.
 */
export function WeekTable({ rows, days, services, chosen, open, ...table }: WeekTableProps) {
  const { moving, drop, whyKept, refuse } = table
  const info = (day: string) => days.find((known) => known.day === day)
  const box = useRef<HTMLDivElement>(null)
  const columns = useMemo(() => rows.flatMap(({ cells }) => cells), [rows])
  const [landed, setLanded] = useState<{ slot: ConsoleSlot; column: string } | null>(null)
  const { drag, start } = useDrag({
    box,
    columns,
    px: null,
    drop(slot, landing) {
      setLanded({ slot, column: landing.column.key })
      drop(slot, landing)
    },
    refuse,
    whyKept,
  })
  const going = drag ?? (moving ? landed : null)
  return (
    <section className="card card-flush" aria-label="时段表">
      <div className="people-week" ref={box} {...(drag && { 'data-dragging': drag.grip })}>
        <div className="people-week-grid">
          <div className="people-week-corner" />
          {rows[0]?.cells.map(({ day }) => (
            <DayHead key={day} day={day} info={info(day)} />
          ))}
          {rows.map(({ lane, cells }) => (
            <Fragment key={lane.id ?? 'none'}>
              <h3 className="people-week-lane">{lane.name}</h3>
              {cells.map((cell) => (
                <div
                  key={cell.key}
                  className="people-week-cell"
                  data-column={cell.key}
                  data-cell
                  {...(going?.column === cell.key && { 'data-over': true })}
                >
                  {cell.slots.map((slot) => (
                    <SlotTile
                      key={slot.id}
                      slot={slot}
                      day={info(cell.day)}
                      services={services}
                      named={lane.kind !== 'service'}
                      chosen={slot.id === chosen}
                      open={open}
                      className={`${whyKept(slot) === null ? 'block-free' : ''} ${going?.slot.id === slot.id ? 'block-left' : ''}`}
                      onPointerDown={(event) => start(event, slot, cell)}
                    />
                  ))}
                  {going?.column === cell.key && <Ghost slot={going.slot} />}
                </div>
              ))}
            </Fragment>
          ))}
        </div>
      </div>
    </section>
  )
}

/** The dragged slot, where it would be. */
function Ghost({ slot: { startsAt, endsAt } }: { slot: ConsoleSlot }) {
  return (
    <div className="people-week-ghost">
      {clockText(startsAt)}–{clockText(endsAt)}
    </div>
  )
}
