import type { Order } from '@jiyue/contract/schema/wire'
import { Text, View } from '@tarojs/components'
import { pathTo } from '../../lib/paths.ts'
import { go } from '../../parts/go.ts'
import { MainButton } from '../../parts/MainButton.tsx'
import { Card } from '../../parts/Page.tsx'
import './nudge.scss'

/** What the merchant asks for again (R10); each leads to that very field. */
export function NudgeCard({ order }: { order: Pick<Order, 'id' | 'openNudges'> }) {
  const { id, openNudges } = order
  if (openNudges.length === 0) return null
  return (
    <Card title="商家请您补充信息">
      {openNudges.map((one) => (
        <View key={one.id} className="nudges__row">
          <Text className="nudges__note">{one.note}</Text>
          <MainButton small text="去补充" onTap={() => void go.to(pathTo.nudge(id, one.id))} />
        </View>
      ))}
    </Card>
  )
}
