import { addDays, dayOf } from '@jiyue/contract/time'
import { View } from '@tarojs/components'
import { app } from '../phone.ts'
import { DateInput } from './DateInput.tsx'
import { type FieldProps, textOf } from './field.ts'
import { Wrong } from './Line.tsx'

/** A calendar day, from the host's own calendar. */
export function DateField({ field, value, error, onPick }: FieldProps) {
  const today = dayOf(app.clock.now())
  return (
    <View>
      <DateInput
        label={field.label}
        value={textOf(value)}
        first={field.min === undefined ? '1900-01-01' : addDays(today, field.min)}
        last={field.max === undefined ? '2199-12-31' : addDays(today, field.max)}
        wrong={error() !== undefined}
        onPick={onPick}
      />
      <Wrong text={error()} />
    </View>
  )
}
