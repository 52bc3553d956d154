import { type FieldProps, textOf } from './field.ts'
import { Line } from './Line.tsx'

/** A number, typed with the digits' keyboard. */
export function NumberField({ field, value, error, onType, onFinish }: FieldProps) {
  return (
    <Line
      label={field.label}
      value={textOf(value)}
      placeholder={field.hint ?? `请填写${field.label}`}
      error={error()}
      type="digit"
      maxlength={20}
      onType={onType}
      onFinish={onFinish}
    />
  )
}
