import { Input, View } from '@tarojs/components'
import './line.scss'

export interface TimeInputProps {
  label: string
  /** `HH:mm` or ''. */
  value: string
  onPick: (time: string) => void
}

/** The browser's own clock. */
export function TimeInput({ label, value, onPick }: TimeInputProps) {
  return (
    <View className="line">
      <Input
        className="line__input"
        value={value}
        {...{ type: 'time' as 'text', 'aria-label': label }}
        onInput={(event) => onPick(event.detail.value)}
      />
    </View>
  )
}
