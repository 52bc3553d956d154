import type { Wait } from '@jiyue/contract/schema/waits'
import { spanText } from '@jiyue/contract/time'
import { aheadText, waitWords } from '@jiyue/contract/wait'
import { Text, View } from '@tarojs/components'
import { MainButton } from '../../parts/MainButton.tsx'
import { Tag } from '../../parts/Tag.tsx'
import './waitItem.scss'

/** A place in a waiting list (B11); offered seats are an order and stand among the orders. */
export function WaitItem(props: { wait: Wait; busy: boolean; onLeave: () => void }) {
  const { wait, busy, onLeave } = props
  return (
    <View className="wait-item">
      <View className="wait-item__head">
        <Text className="wait-item__name">{wait.service.name}</Text>
        <Tag word={waitWords[wait.state]} tone="busy" />
      </View>
      <Text className="wait-item__slot">
        {spanText(wait.slot.startsAt, wait.slot.endsAt)}
        {wait.party > 1 ? ` · ${wait.party} 人` : ''}
      </Text>
      <View className="wait-item__foot">
        <Text className="wait-item__ahead">{aheadText(wait.ahead ?? 0)}</Text>
        <MainButton small look="plain" text="退出候补" busy={busy} onTap={onLeave} />
      </View>
    </View>
  )
}
