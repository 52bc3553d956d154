import type { Order } from '@jiyue/contract/schema/wire'
import { Text, View } from '@tarojs/components'
import { Countdown } from '../../parts/Countdown.tsx'
import { Price } from '../../parts/Price.tsx'
import './amount.scss'

/** The largest thing on the screen: what is to be paid, and until when (P5 P6). */
export function Amount({ order, onEnd }: { order: Order; onEnd: () => void }) {
  return (
    <View className="amount">
      <Text className="amount__label">应付金额</Text>
      <Price fen={order.quote.payableFen} size="large" />
      {order.payUntil ? (
        <View className="amount__clock">
          <Text>价格已锁定，请在 </Text>
          <Countdown until={order.payUntil} onEnd={onEnd} />
          <Text> 内完成缴费</Text>
        </View>
      ) : null}
    </View>
  )
}
