import { Text, View } from '@tarojs/components'
import { Icon } from './Icon.tsx'
import './stepper.scss'
import { Tap } from './Tap.tsx'

interface StepperProps {
  value: number
  min: number
  max: number
  unit: string
  /** 「同行人数」, for screen readers. */
  label: string
  onChange: (value: number) => void
}

/** A small whole number, changed by taps. */
export function Stepper({ value, min, max, unit, label, onChange }: StepperProps) {
  return (
    <View className="stepper" {...{ role: 'group', 'aria-label': label }}>
      <Tap
        className="stepper__button"
        label={`减少${label}`}
        disabled={value <= min}
        onTap={() => onChange(value - 1)}
      >
        <Icon name="minus" size={18} />
      </Tap>
      <Text className="stepper__value" {...{ 'aria-live': 'polite' }}>{`${value} ${unit}`}</Text>
      <Tap
        className="stepper__button"
        label={`增加${label}`}
        disabled={value >= max}
        onTap={() => onChange(value + 1)}
      >
        <Icon name="plus" size={18} />
      </Tap>
    </View>
  )
}
