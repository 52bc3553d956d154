import type { PartyPart } from '@jiyue/contract/group'
import type { Wait } from '@jiyue/contract/schema/waits'
import type { Slot } from '@jiyue/contract/schema/wire'
import { View } from '@tarojs/components'
import type { ReactNode } from 'react'
import { recommendSlots } from '../../lib/recommend.ts'
import { Card } from '../../parts/Page.tsx'
import { Stepper } from '../../parts/Stepper.tsx'
import type { Booking, BookingState } from '../../stores/booking.ts'
import type { PickerState } from '../../stores/slotPicker.ts'
import { CoverageCheck } from './CoverageCheck.tsx'
import { RecommendCard } from './RecommendCard.tsx'
import { SlotCard } from './SlotCard.tsx'

interface PickerProps {
  booking: Booking
  state: BookingState
  slots: PickerState
  now: number
  waits: readonly Wait[]
  onWait: (slotId: string) => void
  onGroup: (parts: PartyPart<Slot>[]) => void
  /** What stands below the slots. */
  below: ReactNode
}

/** Where, how many, whom, when: in that order, each only if the service asks it (B2 B3 B6). */
export function Picker({ booking, state, slots, now, waits, onWait, onGroup, below }: PickerProps) {
  const { service } = state
  const party = service?.party
  return (
    <View>
      {service?.coverage ? (
        <CoverageCheck
          coverage={service.coverage}
          place={state.place}
          point={state.point}
          onPlace={booking.choosePlace}
        />
      ) : null}
      {party ? (
        <Card title="同行人数" aside={<Stepper {...stepper(party)} />}>
          {null}
        </Card>
      ) : null}
      <RecommendCard
        slots={recommendSlots({
          ...slots,
          staff: service?.staff ?? [],
          orders: state.orders,
          party: state.party,
          now,
        })}
        chosenId={slots.slotId}
        onPick={booking.picker.show}
      />
      <SlotCard
        title="选择时段"
        picker={booking.picker}
        state={slots}
        service={service}
        party={state.party}
        now={now}
        onPick={booking.picker.chooseSlot}
        onWait={onWait}
        onGroup={onGroup}
        waits={waits}
      />
      {below}
    </View>
  )

  function stepper({ min, max }: { min: number; max: number }) {
    return {
      value: state.party,
      min,
      max,
      unit: '人',
      label: '同行人数',
      onChange: booking.chooseParty,
    }
  }
}
