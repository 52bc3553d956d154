import { Picker, Text, View } from '@tarojs/components'
import type { DateInputProps } from './DateInput.tsx'
import './line.scss'

/** The mini-program's wheels. */
export function DateInput({ label, value, first, last, wrong, onPick }: DateInputProps) {
  return (
    <Picker
      mode="date"
      value={value}
      start={first}
      end={last}
      {...{ 'aria-label': label }}
      onChange={(event) => onPick(event.detail.value)}
    >
      <View className={`line ${wrong ? 'line--wrong' : ''}`}>
        <Text>{value || `请选择${label}`}</Text>
      </View>
    </Picker>
  )
}
