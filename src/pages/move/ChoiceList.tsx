import { price } from '@jiyue/contract/money'
import type { Order, Slot } from '@jiyue/contract/schema/wire'
import { spanText } from '@jiyue/contract/time'
import { Text, View } from '@tarojs/components'
import { Icon } from '../../parts/Icon.tsx'
import { Tap } from '../../parts/Tap.tsx'

interface ChoiceListProps {
  choices: readonly Slot[]
  order: Order
  chosenId: string | null
  onPick: (slotId: string) => void
}

/** Slots the merchant offers instead (M9), with what is left of each; a full one says so. */
export function ChoiceList({ choices, order, chosenId, onPick }: ChoiceListProps) {
  if (choices.length === 0) {
    return <Text className="disruption__text">商家未指定时段，可在全部时段中任选</Text>
  }
  return (
    <View className="disruption__choices" {...{ role: 'radiogroup', 'aria-label': '可选时段' }}>
      {choices.map((slot) => {
        const fits = !slot.closed && !slot.busy && slot.left >= order.party
        const chosen = slot.id === chosenId
        return (
          <Tap
            key={slot.id}
            role="radio"
            chosen={chosen}
            disabled={!fits}
            className={`disruption__choice ${chosen ? 'disruption__choice--on' : ''}`}
            onTap={() => onPick(slot.id)}
          >
            <View className="disruption__when">
              <Text className="disruption__span">{spanText(slot.startsAt, slot.endsAt)}</Text>
              <Text className="disruption__left">
                {fits ? `余 ${slot.left} 个名额 · ${price(slot.priceFen)}` : leftText(slot)}
              </Text>
            </View>
            {chosen ? <Icon name="check" size={20} /> : null}
          </Tap>
        )
      })}
    </View>
  )
}

function leftText(slot: Slot): string {
  if (slot.closed) return '已关闭'
  return slot.left > 0 && !slot.busy ? `仅余 ${slot.left} 个名额，人数不足` : '已约满'
}
