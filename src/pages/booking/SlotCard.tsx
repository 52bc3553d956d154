import type { PartyPart } from '@jiyue/contract/group'
import type { Wait } from '@jiyue/contract/schema/waits'
import type { Service, Slot } from '@jiyue/contract/schema/wire'
import { Card } from '../../parts/Page.tsx'
import type { PickerState, SlotPicker } from '../../stores/slotPicker.ts'
import { Chips } from './Chips.tsx'
import { Dates } from './Dates.tsx'
import { SlotGrid } from './SlotGrid.tsx'
import { StaffFilter } from './StaffFilter.tsx'

const parts = [
  { value: null, text: '全天' },
  { value: 'morning', text: '上午' },
  { value: 'afternoon', text: '下午' },
  { value: 'evening', text: '晚上' },
] as const

interface SlotCardProps {
  title: string
  picker: SlotPicker
  state: PickerState
  service: Service | null
  party: number
  now: number
  /** The slot that an order being moved has now. */
  currentId?: string
  onPick: (slotId: string) => void
  /** A full slot was tapped, where one may wait for it (B11). */
  onWait?: (slotId: string) => void
  /** Several slots for one party (B6). */
  onGroup?: (parts: PartyPart<Slot>[]) => void
  /** The person's places in waiting lists. */
  waits?: readonly Wait[]
}

/** Day, person, part of the day, slot: the same card for booking and for moving (B2 B9). */
export function SlotCard({ title, picker, state, service, now, ...grid }: SlotCardProps) {
  return (
    <Card title={title}>
      <Dates picker={picker} state={state} now={now} />
      <StaffFilter staff={service?.staff ?? []} value={state.staffId} onPick={picker.chooseStaff} />
      <Chips items={parts} value={state.part} onPick={picker.choosePart} label="时间段" />
      <SlotGrid state={state} service={service} now={now} {...grid} />
    </Card>
  )
}
