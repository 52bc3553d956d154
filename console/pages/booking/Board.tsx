import type { DayInfo } from '@jiyue/contract/booking'
import type { ConsoleSlot, ServiceCard } from '@jiyue/contract/schema/wire'
import { type Day, dateText, dayOf, instantOf } from '@jiyue/contract/time'
import { Button, Empty } from 'antd'
import { serverNow } from '../../clock.ts'
import type { Column } from './columnsOf.ts'
import { SlotTile } from './SlotTile.tsx'

interface BoardProps {
  columns: Column[]
  days: DayInfo[]
  /** Whose prices a slot may differ from. */
  services: ServiceCard[]
  /** Tiles name their service: several share a column. */
  named: boolean
  add: () => void
}

/** Columns of slot tiles. Scrolls sideways where there are more than fit. */
export function Board({ columns, days, services, named, add }: BoardProps) {
  if (columns.every(({ slots }) => slots.length === 0))
    return (
      <section className="card">
        <Empty description="这几天还没有时段，添加后用户即可预约">
          <Button onClick={add}>添加时段</Button>
        </Empty>
      </section>
    )
  return (
    <section className="card card-flush board" aria-label="时段表">
      {columns.map(({ key, day, title, slots }) => {
        const info = days.find((known) => known.day === day)
        return (
          <div key={key} className="board-column">
            {title === null ? <DayHead day={day} info={info} /> : <h3 title={title}>{title}</h3>}
            {slots.map((slot) => (
              <SlotTile
                key={slot.id}
                slot={slot}
                day={info}
                named={named}
                ownPrice={ownPrice(slot, services)}
              />
            ))}
            {slots.length === 0 && <p className="quiet board-none">无时段</p>}
          </div>
        )
      })}
    </section>
  )
}

function DayHead({ day, info }: { day: Day; info: DayInfo | undefined }) {
  const [date, weekday] = dateText(instantOf(day)).split(' ')
  const today = day === dayOf(serverNow())
  return (
    <h3 className={today ? 'board-today' : undefined}>
      {weekday}
      <small>
        {date}
        {info && noteOf(info) && <em>{noteOf(info)}</em>}
      </small>
    </h3>
  )
}

/** 「国庆节」, 「调休上班」; nothing to say about an ordinary day. */
function noteOf({ kind, name, open }: DayInfo): string | null {
  if (kind === 'makeup') return '调休上班'
  return name ?? (open ? null : '休息')
}

/** The slot's price where it is not its service's. */
function ownPrice(slot: ConsoleSlot, services: ServiceCard[]): number | null {
  const service = services.find(({ id }) => id === slot.serviceId)
  return service && service.priceFen !== slot.priceFen ? slot.priceFen : null
}
