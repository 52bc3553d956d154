import type { DayInfo } from '@jiyue/contract/booking'
import type { ConsoleSlot, ServiceCard } from '@jiyue/contract/schema/wire'
import { Fragment } from 'react'
import type { Column, Lane } from './columnsOf.ts'
import { DayHead } from './DayHead.tsx'
import { SlotTile } from './SlotTile.tsx'

interface WeekTableProps {
  rows: { lane: Lane; cells: Column[] }[]
  days: readonly DayInfo[]
  services: readonly ServiceCard[]
  chosen: string | undefined
  open: (slot: ConsoleSlot) => void
}

/** A week by staff, room, branch or service: a row each, its slots in the cells of the days. */
export function WeekTable({ rows, days, services, chosen, open }: WeekTableProps) {
  const info = (day: string) => days.find((known) => known.day === day)
  return (
    <section className="card card-flush people-week" aria-label="时段表">
      <div className="people-week-grid">
        <div className="people-week-corner" />
        {rows[0]?.cells.map(({ day }) => (
          <DayHead key={day} day={day} info={info(day)} />
        ))}
        {rows.map(({ lane, cells }) => (
          <Fragment key={lane.id ?? 'none'}>
            <h3 className="people-week-lane">{lane.name}</h3>
            {cells.map(({ key, day, slots }) => (
              <div key={key} className="people-week-cell">
                {slots.map((slot) => (
                  <SlotTile
                    key={slot.id}
                    slot={slot}
                    day={info(day)}
                    services={services}
                    named={lane.kind !== 'service'}
                    chosen={slot.id === chosen}
                    open={open}
                  />
                ))}
              </div>
            ))}
          </Fragment>
        ))}
      </div>
    </section>
  )
}
