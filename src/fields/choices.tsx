import { View } from '@tarojs/components'
import type { FieldProps } from './field.ts'
import { Wrong } from './Line.tsx'
import { Options } from './Options.tsx'

/** Several of a few; a second tap takes one back (R5). */
export function ChoicesField({ field, value, error, onPick }: FieldProps) {
  const chosen = Array.isArray(value) ? (value as string[]) : []
  const toggle = (one: string) =>
    onPick(chosen.indexOf(one) < 0 ? chosen.concat(one) : chosen.filter((old) => old !== one))
  return (
    <View>
      <Options
        many
        label={field.label}
        options={field.options ?? []}
        isChosen={(one) => chosen.indexOf(one) >= 0}
        onTap={toggle}
      />
      <Wrong text={error()} />
    </View>
  )
}
