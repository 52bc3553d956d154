import { Text, View } from '@tarojs/components'

/** Receipt after the server has seen the money. */
export default function PaymentSuccess() {
  return (
    <View>
      <Text>缴费成功</Text>
    </View>
  )
}
