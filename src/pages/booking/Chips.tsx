import { Text, View } from '@tarojs/components'
import { Tap } from '../../parts/Tap.tsx'
import './chips.scss'

interface ChipsProps<V> {
  items: readonly { value: V; text: string }[]
  value: V
  onPick: (value: V) => void
  label: string
  /** The first question of a row of them. */
  strong?: boolean
}

/** One of a few, side by side. */
export function Chips<V extends string | null>(props: ChipsProps<V>) {
  return (
    <View
      className={`chips ${props.strong ? 'chips--strong' : ''}`}
      {...{ role: 'radiogroup', 'aria-label': props.label }}
    >
      {props.items.map(({ value, text }) => (
        <Tap
          key={text}
          role="radio"
          chosen={value === props.value}
          className={`chips__chip ${value === props.value ? 'chips__chip--on' : ''}`}
          onTap={() => props.onPick(value)}
        >
          <Text className="chips__text">{text}</Text>
        </Tap>
      ))}
    </View>
  )
}
