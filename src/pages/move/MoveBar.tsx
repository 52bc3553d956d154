import { price } from '@jiyue/contract/money'
import type { Order } from '@jiyue/contract/schema/wire'
import { spanText } from '@jiyue/contract/time'
import { Text, View } from '@tarojs/components'
import { MainButton } from '../../parts/MainButton.tsx'
import type { MoveQuote, MoveState } from '../../stores/move.ts'
import { chosenSlot, fitOf, type PickerState } from '../../stores/slotPicker.ts'
import { fitWords } from '../booking/BookBar.tsx'
import '../booking/bookBar.scss'

interface MoveBarProps {
  order: Order
  state: MoveState
  slots: PickerState
  now: number
  onNext: () => void
}

/** Where it would go, and what that comes to, before any tap that does it (B9). */
export function MoveBar({ order, state, slots, now, onNext }: MoveBarProps) {
  const slot = chosenSlot(slots)
  const fit = fitOf(slots, order.party, now)
  const { quote } = state
  const ready = fit === 'fits' && quote !== null
  const label = fit === 'none' ? '请选择新的时段' : fit === 'fits' && quote ? sumOf(quote) : null
  return (
    <View className="book-bar">
      <View className="book-bar__choice">
        <Text className="book-bar__label">{label ?? fitWords[fit]}</Text>
        {slot ? (
          <Text className="book-bar__slot">{spanText(slot.startsAt, slot.endsAt)}</Text>
        ) : null}
      </View>
      <MainButton
        text="下一步"
        disabled={!ready}
        busy={fit === 'fits' && !quote && !state.problem && !slots.refusal}
        onTap={onNext}
      />
    </View>
  )
}

/** What it comes to in one word. */
export function sumOf({ dueFen, refundFen }: Pick<MoveQuote, 'dueFen' | 'refundFen'>): string {
  if (dueFen > 0) return `需补差价 ${price(dueFen)}`
  return refundFen > 0 ? `将退回 ${price(refundFen)}` : '本次改期免费'
}
