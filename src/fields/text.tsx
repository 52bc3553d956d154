import { type FieldProps, textOf } from './field.ts'
import { Line } from './Line.tsx'

/** A short text. */
export function TextField({ field, value, error, onType, onFinish }: FieldProps) {
  return (
    <Line
      label={field.label}
      value={textOf(value)}
      placeholder={field.hint ?? `请填写${field.label}`}
      error={error()}
      maxlength={field.max ?? 60}
      onType={onType}
      onFinish={onFinish}
    />
  )
}
