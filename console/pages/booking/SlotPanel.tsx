import { price } from '@jiyue/contract/money'
import type { ConsoleSlot } from '@jiyue/contract/schema/wire'
import { spanText } from '@jiyue/contract/time'
import { useEffect, useRef } from 'react'
import { CapacityForm } from './CapacityForm.tsx'
import { ClosureForm } from './ClosureForm.tsx'
import { SlotWaits } from './SlotWaits.tsx'

interface SlotPanelProps {
  slot: ConsoleSlot
  /** Its status as people see it. */
  word: string
  close: () => void
}

/** What can be done with one slot. Takes the focus, so that Tab walks its fields and Esc closes it. */
export function SlotPanel({ slot, word, close }: SlotPanelProps) {
  const panel = useRef<HTMLElement>(null)
  useEffect(() => panel.current?.focus(), [])
  useEffect(() => {
    const onKey = ({ key }: KeyboardEvent) => key === 'Escape' && close()
    document.addEventListener('keydown', onKey)
    return () => document.removeEventListener('keydown', onKey)
  }, [close])
  const where = [slot.staffName, slot.roomName, slot.branchName].filter(Boolean).join(' · ')
  return (
    <section className="slot-panel" aria-label="时段设置" ref={panel} tabIndex={-1}>
      <h3>{slot.serviceName}</h3>
      <p>{spanText(slot.startsAt, slot.endsAt)}</p>
      {where && <p className="quiet">{where}</p>}
      <p className="slot-panel-numbers">
        单价 <strong>{price(slot.priceFen)}</strong> · 已约 <strong>{slot.taken}</strong> · 剩余{' '}
        <strong>{slot.left}</strong> · {word}
      </p>
      {(slot.waiting > 0 || slot.left === 0) && <SlotWaits slotId={slot.id} />}
      <CapacityForm slot={slot} />
      <ClosureForm slot={slot} />
    </section>
  )
}
