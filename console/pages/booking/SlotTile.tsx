import {
  CheckCircleOutlined,
  LockOutlined,
  MinusCircleOutlined,
  StopOutlined,
} from '@ant-design/icons'
import { type DayInfo, type SlotStatus, slotReasons, slotStatus } from '@jiyue/contract/booking'
import { price } from '@jiyue/contract/money'
import type { ConsoleSlot, ServiceCard } from '@jiyue/contract/schema/wire'
import { clockText } from '@jiyue/contract/time'
import type { CSSProperties, PointerEvent, ReactNode } from 'react'
import { useNow } from '../../clock.ts'

const icons: Record<SlotStatus['colour'], ReactNode> = {
  green: <CheckCircleOutlined />,
  red: <StopOutlined />,
  grey: <MinusCircleOutlined />,
}

interface SlotTileProps {
  slot: ConsoleSlot
  day: DayInfo | undefined
  services: readonly ServiceCard[]
  /** Tiles name their service: several share a column. */
  named: boolean
  /** Its panel is open. */
  chosen: boolean
  open: (slot: ConsoleSlot) => void
  /** Lines there is room for; all where nothing is said. */
  lines?: number
  style?: CSSProperties
  className?: string
  onPointerDown?: (event: PointerEvent<HTMLButtonElement>) => void
  children?: ReactNode
}

/** One slot as people see it (contract's slotStatus), with what is taken; opens its panel. */
export function SlotTile({ slot, day, services, named, chosen, open, ...tile }: SlotTileProps) {
  const { lines, style, className = '', onPointerDown, children } = tile
  const status = slotStatus(slot, day, useNow(10))
  const word = status.colour === 'grey' ? slotReasons[status.reason] : status.word
  const time = `${clockText(slot.startsAt)}–${clockText(slot.endsAt)}`
  const own = ownPrice(slot, services)
  return (
    <button
      type="button"
      className={`tile tile-${status.colour} ${lines ? `tile-lines-${lines}` : ''} ${chosen ? 'tile-chosen' : ''} ${className}`}
      data-slot={slot.id}
      // What is seen is its name (axe holds that); the rest describes it.
      aria-description={descriptionOf(slot, own)}
      onClick={() => open(slot)}
      {...(style && { style })}
      {...(onPointerDown && { onPointerDown })}
    >
      <span className="tile-head">
        <strong>{time}</strong>
        {own !== null && <span className="tile-price">{price(own)}</span>}
      </span>
      <span className="tile-status">
        <span>
          {icons[status.colour]} {word}
        </span>
        <b>
          {slot.taken}/{slot.capacity}
        </b>
      </span>
      {slot.privateFor && (
        <span className="tile-mark">
          <LockOutlined /> <span>专属 {slot.privateFor}</span>
        </span>
      )}
      {slot.waiting > 0 && <span className="tile-mark">候补 {slot.waiting} 人</span>}
      {named && <span className="tile-service">{slot.serviceName}</span>}
      {slot.staffName && <span>{slot.staffName}</span>}
      {children}
    </button>
  )
}

function descriptionOf(slot: ConsoleSlot, own: number | null): string {
  const whose = slot.privateFor ? `，专属 ${slot.privateFor}` : ''
  const awaited = slot.waiting === 0 ? '' : `，候补 ${slot.waiting} 人`
  const priced = own === null ? '' : `，单价 ${price(own)}`
  return `${slot.serviceName}，已约 ${slot.taken}，名额 ${slot.capacity}${whose}${awaited}${priced}`
}

/** The slot's price where it is not its service's. */
function ownPrice(slot: ConsoleSlot, services: readonly ServiceCard[]): number | null {
  const service = services.find(({ id }) => id === slot.serviceId)
  return service && service.priceFen !== slot.priceFen ? slot.priceFen : null
}
