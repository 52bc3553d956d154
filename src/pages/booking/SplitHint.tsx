import type { PartyPart } from '@jiyue/contract/group'
import { refusals } from '@jiyue/contract/refusals'
import type { Slot } from '@jiyue/contract/schema/wire'
import { spanText } from '@jiyue/contract/time'
import { Text, View } from '@tarojs/components'
import { MainButton } from '../../parts/MainButton.tsx'
import { Tap } from '../../parts/Tap.tsx'
import type { Split } from '../../stores/slotPicker.ts'
import './splitHint.scss'

interface SplitHintProps {
  split: Split
  onPick: (slotId: string) => void
  onGroup: ((parts: PartyPart<Slot>[]) => void) | undefined
  onWait: ((slotId: string) => void) | undefined
}

/**
 * 「人数超出限制，建议分时段预约」 with the nearest slots that together hold the party, booked by one
 * tap; others that hold all of it; and the waiting list of the wanted one (B6 B11).
 */
export function SplitHint({ split, onPick, onGroup, onWait }: SplitHintProps) {
  const { wanted, parts, instead } = split
  return (
    <View className="split" {...{ role: 'alert' }}>
      <Text className="split__title">{refusals.party_too_large.zh}</Text>
      {parts.map(({ slot, party }) => (
        <View key={slot.id} className="split__slot">
          <Text>{spanText(slot.startsAt, slot.endsAt)}</Text>
          <Text className="split__left">{`${party} 人`}</Text>
        </View>
      ))}
      {parts.length > 0 && onGroup ? (
        <View className="split__group">
          <MainButton
            small
            text={`一次预约以上 ${parts.length} 个时段`}
            onTap={() => onGroup(parts)}
          />
        </View>
      ) : null}
      {instead.length > 0 ? <Text className="split__text">全员可约的其他时段</Text> : null}
      {instead.map((slot) => (
        <Tap key={slot.id} className="split__slot" onTap={() => onPick(slot.id)}>
          <Text>{spanText(slot.startsAt, slot.endsAt)}</Text>
          <Text className="split__left">{`可约 余${slot.left}`}</Text>
        </Tap>
      ))}
      {parts.length === 0 && instead.length === 0 ? (
        <Text className="split__text">近期剩余名额不足，请减少人数或选择其他日期</Text>
      ) : null}
      {onWait ? (
        <Tap className="split__wait" onTap={() => onWait(wanted.id)}>
          <Text>候补当前时段，等待足够名额</Text>
        </Tap>
      ) : null}
    </View>
  )
}
