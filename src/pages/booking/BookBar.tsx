import { slotStatus } from '@jiyue/contract/booking'
import { spanText } from '@jiyue/contract/time'
import { Text, View } from '@tarojs/components'
import { dayInfoOf } from '../../lib/slots.ts'
import { MainButton } from '../../parts/MainButton.tsx'
import { type BookingState, chosenSlot } from '../../stores/booking.ts'
import './bookBar.scss'

interface BookBarProps {
  state: BookingState
  now: number
  onBook: () => void
}

/** What was chosen, and the way on. */
export function BookBar({ state, now, onBook }: BookBarProps) {
  const slot = chosenSlot(state)
  const free =
    slot !== null && slotStatus(slot, dayInfoOf(state.days, slot), now).colour === 'green'
  const fits = free && slot.left >= state.party
  return (
    <View className="book-bar">
      <View className="book-bar__choice">
        {slot ? (
          <>
            <Text className="book-bar__label">
              {fits ? '已选时段' : free ? '名额不足，请调整人数或时段' : '该时段刚被约满，请换一个'}
            </Text>
            <Text className="book-bar__slot">{spanText(slot.startsAt, slot.endsAt)}</Text>
          </>
        ) : (
          <Text className="book-bar__label">请选择一个可预约的时段</Text>
        )}
      </View>
      <MainButton text="立即预约" disabled={!fits} busy={state.holding} onTap={onBook} />
    </View>
  )
}
