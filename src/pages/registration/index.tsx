import { Text, View } from '@tarojs/components'

/** Registration form of an order. */
export default function Registration() {
  return (
    <View>
      <Text>报名</Text>
    </View>
  )
}
