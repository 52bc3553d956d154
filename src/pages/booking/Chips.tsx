import { Text, View } from '@tarojs/components'
import type { ReactNode } from 'react'
import { Tap } from '../../parts/Tap.tsx'
import './chips.scss'

interface ChipsProps<V> {
  /** `face`: a small picture before the text. */
  items: readonly { value: V; text: string; face?: ReactNode }[]
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
      {props.items.map(({ value, text, face }) => (
        <Tap
          key={text}
          role="radio"
          chosen={value === props.value}
          className={`chips__chip ${value === props.value ? 'chips__chip--on' : ''}`}
          onTap={() => props.onPick(value)}
        >
          <View className={`chips__text ${face ? 'chips__text--faced' : ''}`}>
            {face}
            <Text>{text}</Text>
          </View>
        </Tap>
      ))}
    </View>
  )
}
