import { type DayInfo, slotReasons, slotStatus } from '@jiyue/contract/booking'
import { price } from '@jiyue/contract/money'
import type { ConsoleSlot, Reply } from '@jiyue/contract/schema/wire'
import { dayOf, spanText } from '@jiyue/contract/time'
import { Drawer } from 'antd'
import { useNow } from '../../clock.ts'
import { CapacityForm } from './CapacityForm.tsx'
import { ClosureForm } from './ClosureForm.tsx'
import { SlotOrders } from './SlotOrders.tsx'
import { SlotWaits } from './SlotWaits.tsx'
import { TimeForm } from './TimeForm.tsx'

interface SlotPanelProps {
  /** None: nothing is open. */
  slot: ConsoleSlot | undefined
  day: readonly DayInfo[]
  choices: Reply<'listConsoleServices'>
  close: () => void
  became: (slot: ConsoleSlot, was: string) => void
}

/** Who comes to one slot, and what can be done with it. */
export function SlotPanel({ slot, day, choices, close, became }: SlotPanelProps) {
  return (
    <Drawer
      open={slot !== undefined}
      onClose={close}
      title={slot?.serviceName}
      size={440}
      destroyOnHidden
    >
      {slot && (
        <section className="slot-panel" aria-label="时段设置">
          <Facts slot={slot} info={day.find((known) => known.day === dayOf(slot.startsAt))} />
          <SlotOrders slotId={slot.id} />
          {(slot.waiting > 0 || slot.left === 0) && <SlotWaits slotId={slot.id} />}
          <CapacityForm slot={slot} />
          <TimeForm key={keyOf(slot)} slot={slot} choices={choices} became={became} />
          <ClosureForm slot={slot} />
        </section>
      )}
    </Drawer>
  )
}

/** Its form begins anew where its time or its people are others, and keeps what is typed otherwise. */
const keyOf = ({ id, endsAt, staffId, roomId, branchId }: ConsoleSlot) =>
  [id, endsAt, staffId, roomId, branchId].join(' ')

function Facts({ slot, info }: { slot: ConsoleSlot; info: DayInfo | undefined }) {
  const status = slotStatus(slot, info, useNow(10))
  const word = status.colour === 'grey' ? slotReasons[status.reason] : status.word
  const where = [slot.staffName, slot.roomName, slot.branchName].filter(Boolean).join(' · ')
  return (
    <header>
      <p className="slot-panel-when">{spanText(slot.startsAt, slot.endsAt)}</p>
      {where && <p className="quiet">{where}</p>}
      <p className="slot-panel-numbers">
        单价 <strong>{price(slot.priceFen)}</strong> · 已约 <strong>{slot.taken}</strong> · 剩余{' '}
        <strong>{slot.left}</strong> · {word}
        {slot.privateFor && ` · 专属 ${slot.privateFor}`}
      </p>
    </header>
  )
}
