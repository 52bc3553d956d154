import { type FieldProps, textOf } from './field.ts'
import { Line } from './Line.tsx'

/** An e-mail address. */
export function EmailField({ field, value, error, onType, onFinish }: FieldProps) {
  return (
    <Line
      label={field.label}
      value={textOf(value)}
      placeholder={field.hint ?? `请填写${field.label}`}
      error={error()}
      maxlength={100}
      autoComplete="email"
      onType={onType}
      onFinish={onFinish}
    />
  )
}
