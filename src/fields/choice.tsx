import { View } from '@tarojs/components'
import type { FieldProps } from './field.ts'
import { Wrong } from './Line.tsx'
import { Options } from './Options.tsx'

/** One of a few, in sight at once (R5). */
export function ChoiceField({ field, value, error, onPick }: FieldProps) {
  return (
    <View>
      <Options
        label={field.label}
        options={field.options ?? []}
        isChosen={(one) => one === value}
        onTap={onPick}
      />
      <Wrong text={error()} />
    </View>
  )
}
