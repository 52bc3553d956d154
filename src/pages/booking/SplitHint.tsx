import { refusals } from '@jiyue/contract/refusals'
import type { Slot } from '@jiyue/contract/schema/wire'
import { spanText } from '@jiyue/contract/time'
import { Text, View } from '@tarojs/components'
import { Tap } from '../../parts/Tap.tsx'
import './splitHint.scss'

/** 「人数超出限制，建议分时段预约」 with the nearest slots that together hold the party (B6). */
export function SplitHint(props: { slots: readonly Slot[]; onPick: (slotId: string) => void }) {
  return (
    <View className="split" {...{ role: 'alert' }}>
      <Text className="split__title">{refusals.party_too_large.zh}</Text>
      {props.slots.length === 0 ? (
        <Text className="split__text">近期剩余名额不足，请减少人数或选择其他日期</Text>
      ) : (
        props.slots.map((slot) => (
          <Tap key={slot.id} className="split__slot" onTap={() => props.onPick(slot.id)}>
            <Text>{spanText(slot.startsAt, slot.endsAt)}</Text>
            <Text className="split__left">{`可约 ${slot.left} 人`}</Text>
          </Tap>
        ))
      )}
    </View>
  )
}
