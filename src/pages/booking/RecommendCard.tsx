import type { Slot } from '@jiyue/contract/schema/wire'
import { clockText, dateText } from '@jiyue/contract/time'
import { Text, View } from '@tarojs/components'
import type { Recommended } from '../../lib/recommend.ts'
import { Card } from '../../parts/Page.tsx'
import { Tap } from '../../parts/Tap.tsx'
import './recommendCard.scss'

interface RecommendCardProps {
  slots: readonly Recommended[]
  chosenId: string | null
  onPick: (slot: Slot) => void
}

/** 推荐时段 with the reason of each (G6); nothing where there is no reason. */
export function RecommendCard({ slots, chosenId, onPick }: RecommendCardProps) {
  if (slots.length === 0) return null
  return (
    <Card title="推荐时段">
      <View className="recommended">
        {slots.map(({ slot, reason }) => {
          const when = `${dateText(slot.startsAt)} ${clockText(slot.startsAt)}`
          return (
            <Tap
              key={slot.id}
              className={`recommended__one ${slot.id === chosenId ? 'recommended__one--on' : ''}`}
              label={`${when}，${reason}`}
              onTap={() => onPick(slot)}
            >
              <Text className="recommended__when">{when}</Text>
              <Text className="recommended__why">{reason}</Text>
            </Tap>
          )
        })}
      </View>
    </Card>
  )
}
