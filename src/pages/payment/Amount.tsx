import { Text, View } from '@tarojs/components'
import type { Due } from '../../lib/due.ts'
import { Countdown } from '../../parts/Countdown.tsx'
import { Price } from '../../parts/Price.tsx'
import './amount.scss'

/** The largest thing on the screen: what is to be paid, and until when (P5 P6). */
export function Amount({ due, onEnd }: { due: Due; onEnd: () => void }) {
  return (
    <View className="amount">
      <Text className="amount__label">{due.move ? '需补差价' : '应付金额'}</Text>
      <Price fen={due.amountFen} size="large" />
      {due.until ? (
        <View className="amount__clock">
          <Text>{due.move ? '请在 ' : '价格已锁定，请在 '}</Text>
          <Countdown until={due.until} onEnd={onEnd} />
          <Text>{due.move ? ' 内补差价' : ' 内完成缴费'}</Text>
        </View>
      ) : null}
    </View>
  )
}
