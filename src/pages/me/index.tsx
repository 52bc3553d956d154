import { Text, View } from '@tarojs/components'

/** The user's own page. */
export default function Me() {
  return (
    <View>
      <Text>我的</Text>
    </View>
  )
}
