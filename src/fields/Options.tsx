import { Text, View } from '@tarojs/components'
import { Icon } from '../parts/Icon.tsx'
import { Tap } from '../parts/Tap.tsx'
import './options.scss'

interface OptionsProps<V> {
  label: string
  options: readonly { value: V; label: string }[]
  isChosen: (value: V) => boolean
  onTap: (value: V) => void
  /** Several may be chosen. */
  many?: boolean
}

/** Buttons to choose from; a chosen one has colour, border and a tick. */
export function Options<V extends string | boolean>(props: OptionsProps<V>) {
  const { label, options, isChosen, onTap, many } = props
  return (
    <View className="options" {...{ role: many ? 'group' : 'radiogroup', 'aria-label': label }}>
      {options.map((option) => {
        const chosen = isChosen(option.value)
        return (
          <Tap
            key={String(option.value)}
            role={many ? 'checkbox' : 'radio'}
            chosen={chosen}
            className={`options__one ${chosen ? 'options__one--on' : ''}`}
            onTap={() => onTap(option.value)}
          >
            {chosen ? <Icon name="check" size={14} /> : null}
            <Text className="options__text">{option.label}</Text>
          </Tap>
        )
      })}
    </View>
  )
}
