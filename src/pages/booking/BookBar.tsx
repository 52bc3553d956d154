import { spanText } from '@jiyue/contract/time'
import { Text, View } from '@tarojs/components'
import { MainButton } from '../../parts/MainButton.tsx'
import type { BookingState } from '../../stores/booking.ts'
import { chosenSlot, fitOf, type PickerState } from '../../stores/slotPicker.ts'
import './bookBar.scss'

interface BookBarProps {
  state: BookingState
  slots: PickerState
  now: number
  onBook: () => void
}

/** What stands above the chosen slot. */
export const fitWords = {
  none: '请选择一个可预约的时段',
  fits: '已选时段',
  too_few: '名额不足，请调整人数或时段',
  full: '该时段刚被约满，请换一个',
} satisfies Record<ReturnType<typeof fitOf>, string>

/** What was chosen, and the way on. */
export function BookBar({ state, slots, now, onBook }: BookBarProps) {
  const slot = chosenSlot(slots)
  const fit = fitOf(slots, state.party, now)
  return (
    <View className="book-bar">
      <View className="book-bar__choice">
        <Text className="book-bar__label">{fitWords[fit]}</Text>
        {slot ? (
          <Text className="book-bar__slot">{spanText(slot.startsAt, slot.endsAt)}</Text>
        ) : null}
      </View>
      <MainButton text="立即预约" disabled={fit !== 'fits'} busy={state.holding} onTap={onBook} />
    </View>
  )
}
