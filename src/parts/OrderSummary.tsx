import type { Order } from '@jiyue/contract/schema/wire'
import { spanText } from '@jiyue/contract/time'
import { Text, View } from '@tarojs/components'
import { Picture } from './Picture.tsx'
import './orderSummary.scss'
import { type Row, Rows } from './Rows.tsx'
import { photo } from './useApp.ts'

/** What was booked, in one card: on every page of an order. */
export function OrderSummary({ order }: { order: Order }) {
  return (
    <View className="summary">
      <View className="summary__head">
        <Picture
          alt=""
          className="summary__cover"
          src={photo(order.service.cover)}
          mode="aspectFill"
        />
        <View className="summary__body">
          <Text className="summary__name">{order.service.name}</Text>
          <Text className="summary__slot">{spanText(order.slot.startsAt, order.slot.endsAt)}</Text>
        </View>
      </View>
      <Rows rows={rowsOf(order)} />
    </View>
  )
}

function rowsOf(order: Order): Row[] {
  const rows: (Row | null)[] = [
    { label: '订单号', value: order.number },
    order.party > 1 ? { label: '同行人数', value: `${order.party} 人` } : null,
    order.staff ? { label: '服务人员', value: order.staff.name } : null,
    order.branch ? { label: '门店', value: `${order.branch.name} ${order.branch.address}` } : null,
  ]
  return rows.filter((row): row is Row => row !== null)
}
