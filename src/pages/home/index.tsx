import { Button } from '@nutui/nutui-react-taro'
import { Text, View } from '@tarojs/components'
import Taro from '@tarojs/taro'

/** The first screen: what can be booked. */
export default function Home() {
  return (
    <View>
      <Text>即约</Text>
      <Button type="primary" onClick={() => Taro.navigateTo({ url: '/pages/booking/index' })}>
        去预约
      </Button>
    </View>
  )
}
