import { Input, Text, View } from '@tarojs/components'
import { useState } from 'react'
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

/** A small whole number, changed by taps or typed. */
export function Stepper({ value, min, max, unit, label, onChange }: StepperProps) {
  const [typed, setTyped] = useState<string | null>(null)
  const finish = () => {
    const wanted = Number.parseInt(typed ?? '', 10)
    setTyped(null)
    if (!Number.isNaN(wanted)) onChange(Math.min(max, Math.max(min, wanted)))
  }
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
      <View className="stepper__value">
        <Input
          className="stepper__input"
          type="number"
          maxlength={3}
          value={typed ?? String(value)}
          {...{ 'aria-label': `${label}，${unit}` }}
          onInput={(event) => setTyped(event.detail.value)}
          onBlur={finish}
          onConfirm={finish}
        />
        <Text>{unit}</Text>
      </View>
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
