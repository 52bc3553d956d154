import { optionLabel } from '@jiyue/contract/fields/choice'
import { Text, View } from '@tarojs/components'
import { useState } from 'react'
import { Icon } from '../parts/Icon.tsx'
import { Sheet } from '../parts/Sheet.tsx'
import { Tap } from '../parts/Tap.tsx'
import './dropdown.scss'
import { type FieldProps, textOf } from './field.ts'
import { Wrong } from './Line.tsx'

/** One of many, from a sheet: the same on every host, with finger, mouse and keyboard (R5). */
export function DropdownField({ field, value, error, onPick }: FieldProps) {
  const [open, setOpen] = useState(false)
  const text = optionLabel(textOf(value), field)
  const pick = (one: string) => {
    setOpen(false)
    onPick(one)
  }
  return (
    <View>
      <Tap
        className={`line dropdown ${error() ? 'line--wrong' : ''}`}
        label={`${field.label}：${text || '请选择'}`}
        onTap={() => setOpen(true)}
      >
        <Text className={text ? '' : 'dropdown__none'}>{text || `请选择${field.label}`}</Text>
        <View className="dropdown__arrow">
          <Icon name="right" />
        </View>
      </Tap>
      <Wrong text={error()} />
      <Sheet open={open} title={field.label} onClose={() => setOpen(false)}>
        {(field.options ?? []).map((option) => (
          <Tap
            key={option.value}
            role="radio"
            chosen={option.value === value}
            className={`dropdown__option ${option.value === value ? 'dropdown__option--on' : ''}`}
            onTap={() => pick(option.value)}
          >
            <Text>{option.label}</Text>
            {option.value === value ? <Icon name="check" size={20} /> : null}
          </Tap>
        ))}
      </Sheet>
    </View>
  )
}
