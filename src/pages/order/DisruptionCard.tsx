import { fallbackText } from '@jiyue/contract/disruption'
import type { Order } from '@jiyue/contract/schema/wire'
import { Text, View } from '@tarojs/components'
import { pathTo } from '../../lib/paths.ts'
import { go } from '../../parts/go.ts'
import { MainButton } from '../../parts/MainButton.tsx'
import { Card } from '../../parts/Page.tsx'
import './cancel.scss'

/** Its slot falls through (M9): leads to the choices. */
export function DisruptionCard({ order }: { order: Pick<Order, 'id' | 'disruption'> }) {
  const { id, disruption } = order
  if (!disruption) return null
  return (
    <Card title="紧急通知">
      <Text className="cancel__text">
        {`因${disruption.reason}，该时段无法提供服务。${fallbackText(disruption)}`}
      </Text>
      <View className="cancel__buttons">
        <MainButton text="查看并选择" onTap={() => void go.to(pathTo.disruption(id))} />
      </View>
    </Card>
  )
}
