import { Picker, Text, View } from '@tarojs/components'
import './line.scss'
import type { TimeInputProps } from './TimeInput.tsx'

/** The mini-program's wheels. */
export function TimeInput({ label, value, onPick }: TimeInputProps) {
  return (
    <Picker
      mode="time"
      value={value}
      {...{ 'aria-label': label }}
      onChange={(event) => onPick(event.detail.value)}
    >
      <View className="line">
        <Text>{value || `请选择${label}`}</Text>
      </View>
    </Picker>
  )
}
