import { View } from '@tarojs/components'
import type { FieldProps } from './field.ts'
import { Wrong } from './Line.tsx'
import { Options } from './Options.tsx'

const answers = [
  { value: true, label: '是' },
  { value: false, label: '否' },
]

/** Yes or no; no is an answer too. */
export function YesNoField({ field, value, error, onPick }: FieldProps) {
  return (
    <View>
      <Options
        label={field.label}
        options={answers}
        isChosen={(one) => one === value}
        onTap={onPick}
      />
      <Wrong text={error()} />
    </View>
  )
}
