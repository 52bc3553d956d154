import { Text, View } from '@tarojs/components'

/** The user's orders. */
export default function Orders() {
  return (
    <View>
      <Text>还没有订单，去首页看看可以预约的服务</Text>
    </View>
  )
}
