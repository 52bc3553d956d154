import { Text, View } from '@tarojs/components'
import { useState } from 'react'
import { MainButton } from '../../parts/MainButton.tsx'
import { Card } from '../../parts/Page.tsx'
import type { PaymentStore } from '../../stores/payment.ts'
import './waiting.scss'

/** The wallet is done; the server is asked until it knows. Never a guess (P1). */
export function Waiting({ payment }: { payment: PaymentStore }) {
  const [asking, setAsking] = useState(false)
  const refresh = async () => {
    setAsking(true)
    await payment.refresh()
    setAsking(false)
  }
  return (
    <Card>
      <View className="waiting" {...{ role: 'status' }}>
        <View className="waiting__ring" />
        <Text className="waiting__title">正在确认支付结果</Text>
        <Text className="waiting__text">
          以支付平台的结果为准，通常几秒内完成。请勿重复付款，离开此页也不影响结果。
        </Text>
        <View className="waiting__buttons">
          <MainButton text="我已支付，立即查询" busy={asking} onTap={refresh} />
          <View className="waiting__gap" />
          <MainButton look="plain" text="尚未支付，重新选择" onTap={payment.again} />
        </View>
      </View>
    </Card>
  )
}
