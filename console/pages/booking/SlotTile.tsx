import { CheckCircleOutlined, MinusCircleOutlined, StopOutlined } from '@ant-design/icons'
import { type DayInfo, type SlotStatus, slotReasons, slotStatus } from '@jiyue/contract/booking'
import { price } from '@jiyue/contract/money'
import type { ConsoleSlot } from '@jiyue/contract/schema/wire'
import { clockText } from '@jiyue/contract/time'
import { Popover } from 'antd'
import { type ReactNode, useCallback, useRef, useState } from 'react'
import { useNow } from '../../clock.ts'
import { SlotPanel } from './SlotPanel.tsx'

const icons: Record<SlotStatus['colour'], ReactNode> = {
  green: <CheckCircleOutlined />,
  red: <StopOutlined />,
  grey: <MinusCircleOutlined />,
}

interface SlotTileProps {
  slot: ConsoleSlot
  day: DayInfo | undefined
  named: boolean
  /** Its price, fen, where that is not its service's. */
  ownPrice: number | null
}

/** One slot as people see it (contract's slotStatus), with what is taken; opens its panel. */
export function SlotTile({ slot, day, named, ownPrice }: SlotTileProps) {
  const [open, setOpen] = useState(false)
  const tile = useRef<HTMLButtonElement>(null)
  const close = useCallback(() => {
    setOpen(false)
    tile.current?.focus()
  }, [])
  const status = slotStatus(slot, day, useNow(10))
  const word = status.colour === 'grey' ? slotReasons[status.reason] : status.word
  const time = `${clockText(slot.startsAt)}–${clockText(slot.endsAt)}`
  const whose = slot.privateFor ? `，专属 ${slot.privateFor}` : ''
  const awaited = slot.waiting === 0 ? '' : `，候补 ${slot.waiting} 人`
  const priced = ownPrice === null ? '' : `，单价 ${price(ownPrice)}`
  return (
    <Popover
      open={open}
      onOpenChange={setOpen}
      trigger="click"
      placement="rightTop"
      destroyOnHidden
      content={<SlotPanel slot={slot} word={word} close={close} />}
    >
      <button
        ref={tile}
        type="button"
        className={`tile tile-${status.colour}`}
        data-slot={slot.id}
        aria-label={`${slot.serviceName} ${time} ${word} 已约 ${slot.taken}，名额 ${slot.capacity}${whose}${awaited}${priced}`}
      >
        <strong>{time}</strong>
        {ownPrice !== null && <span className="tile-price">{price(ownPrice)}</span>}
        {named && <span className="tile-service">{slot.serviceName}</span>}
        {slot.staffName && <span>{slot.staffName}</span>}
        {slot.privateFor && <span className="tile-waits">专属 {slot.privateFor}</span>}
        {slot.waiting > 0 && <span className="tile-waits">候补 {slot.waiting} 人</span>}
        <span className="tile-status">
          <span>
            {icons[status.colour]} {word}
          </span>
          <b>
            {slot.taken}/{slot.capacity}
          </b>
        </span>
      </button>
    </Popover>
  )
}
