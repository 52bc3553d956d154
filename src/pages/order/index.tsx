import { Text, View } from '@tarojs/components'

/** One order with its state and next step. */
export default function Order() {
  return (
    <View>
      <Text>订单详情</Text>
    </View>
  )
}
