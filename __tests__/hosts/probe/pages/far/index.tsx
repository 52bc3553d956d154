import { Button, Text, View } from '@tarojs/components'
import Taro, { useRouter } from '@tarojs/taro'
import { useState } from 'react'

/** A page of a sub-package, with the hosts' own dialogs. */
export default function Far() {
  const { said = '' } = useRouter().params
  const [answer, setAnswer] = useState('')
  async function ask() {
    const { confirm } = await Taro.showModal({ title: '离开吗', content: '已保存' })
    setAnswer(confirm ? '确认了' : '取消了')
  }
  return (
    <View>
      <Text>远处：{said}</Text>
      <Button onClick={ask}>问</Button>
      <Button onClick={() => Taro.showToast({ title: '好的', icon: 'none' })}>提示</Button>
      <Button disabled>不可点</Button>
      <Text>{answer}</Text>
    </View>
  )
}
