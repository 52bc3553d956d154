import { Input, Text, View } from '@tarojs/components'
import { useState } from 'react'

/** Service card and slot picker. */
export default function Booking() {
  const [note, setNote] = useState('')
  return (
    <View>
      <Text>预约</Text>
      <Input
        id="note"
        value={note}
        placeholder="备注"
        onInput={(event) => setNote(event.detail.value)}
      />
      <Text>{`备注：${note}`}</Text>
    </View>
  )
}
