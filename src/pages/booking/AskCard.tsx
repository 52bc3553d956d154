import type { Negotiation } from '@jiyue/contract/schema/negotiations'
import { Text, View } from '@tarojs/components'
import { MainButton } from '../../parts/MainButton.tsx'
import { NegotiationItem } from '../../parts/NegotiationItem.tsx'
import { Card } from '../../parts/Page.tsx'
import { Problem } from '../../parts/Problem.tsx'
import { type Negotiations, type NegotiationsState, shownOf } from '../../stores/negotiations.ts'
import './askCard.scss'

interface AskCardProps {
  serviceId: string
  negotiations: Negotiations
  state: NegotiationsState
  now: number
  onAsk: () => void
  onBook: (one: Negotiation) => void
}

/** No slot fits: ask for a time outside the offer, and what became of it (B5). */
export function AskCard({ serviceId, negotiations, state, now, onAsk, onBook }: AskCardProps) {
  const { all, busy, refusal } = state
  const mine = shownOf(
    all.filter(({ service }) => service.id === serviceId),
    now,
  )
  return (
    <Card title="没有合适的时段？">
      {mine.map((one) => (
        <View key={one.id} className="ask__one">
          <NegotiationItem
            one={one}
            busy={busy}
            onBook={() => onBook(one)}
            onDrop={() => void negotiations.drop(one.id)}
            onEnd={() => void negotiations.load()}
          />
        </View>
      ))}
      <Problem text={refusal?.message} />
      <View className="ask__line">
        <Text className="ask__text">告诉商家您方便的时间，同意后为您保留专属时段</Text>
        <MainButton small look="plain" text="申请自定义时段" onTap={onAsk} />
      </View>
    </Card>
  )
}
