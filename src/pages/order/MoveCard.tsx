import type { Order } from '@jiyue/contract/schema/wire'
import { spanText } from '@jiyue/contract/time'
import { Text, View } from '@tarojs/components'
import { pathTo } from '../../lib/paths.ts'
import { Countdown } from '../../parts/Countdown.tsx'
import { go } from '../../parts/go.ts'
import { MainButton } from '../../parts/MainButton.tsx'
import { Card } from '../../parts/Page.tsx'
import { Price } from '../../parts/Price.tsx'
import { Rows } from '../../parts/Rows.tsx'
import './cancel.scss'

interface MoveCardProps {
  order: Order
  move: NonNullable<Order['openMove']>
  busy: boolean
  onGiveUp: () => void
  /** Its time is over. */
  onEnd: () => void
}

/** A move that waits for its difference: pay it, or leave everything as it is (B9). */
export function MoveCard({ order, move, busy, onGiveUp, onEnd }: MoveCardProps) {
  return (
    <Card title="改期待补差价" aside={<Countdown until={move.expiresAt} onEnd={onEnd} />}>
      <Rows
        rows={[
          { label: '新时段', value: spanText(move.slot.startsAt, move.slot.endsAt) },
          { label: '需补金额', value: <Price fen={move.dueFen} /> },
        ]}
      />
      <Text className="cancel__text">
        支付成功后立即改期；若时段已被约满，差价将自动全额退回，原预约不变
      </Text>
      <View className="cancel__buttons">
        <MainButton look="plain" text="放弃改期" busy={busy} onTap={onGiveUp} />
        <MainButton text="继续支付" onTap={() => void go.to(pathTo.payment(order.id, move.id))} />
      </View>
    </Card>
  )
}
