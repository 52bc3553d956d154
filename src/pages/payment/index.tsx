import { Text, View } from '@tarojs/components'

/** Amount and methods of an order. */
export default function Payment() {
  return (
    <View>
      <Text>缴费</Text>
    </View>
  )
}
