import type { Order } from '@jiyue/contract/schema/wire'
import { Text } from '@tarojs/components'
import { Card } from '../../parts/Page.tsx'
import { Price } from '../../parts/Price.tsx'
import './cancel.scss'
import { RefundList } from './Refunds.tsx'

/** The deposit by itself: it is not a price, it goes back by its condition (P11). */
export function Deposit({ order }: { order: Order }) {
  const { depositFen, lines } = order.quote
  if (depositFen === 0) return null
  const refunds = order.refunds.filter((one) => one.reason === 'deposit')
  const note = lines.filter((line) => line.kind === 'deposit')[0]?.note
  return (
    <Card title="押金" aside={<Price fen={depositFen} size="small" />}>
      {refunds.length > 0 ? (
        <RefundList refunds={refunds} />
      ) : note ? (
        <Text className="cancel__text">{note}</Text>
      ) : null}
    </Card>
  )
}
