import { Input, View } from '@tarojs/components'
import './line.scss'

export interface DateInputProps {
  label: string
  /** `YYYY-MM-DD` or ''. */
  value: string
  first: string
  last: string
  wrong: boolean
  onPick: (day: string) => void
}

/** The browser's own calendar. */
export function DateInput({ label, value, first, last, wrong, onPick }: DateInputProps) {
  return (
    <View className={`line ${wrong ? 'line--wrong' : ''}`}>
      <Input
        className="line__input"
        value={value}
        {...{ type: 'date' as 'text', 'aria-label': label, min: first, max: last }}
        onInput={(event) => onPick(event.detail.value)}
      />
    </View>
  )
}
