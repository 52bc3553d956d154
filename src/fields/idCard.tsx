import { type FieldProps, textOf } from './field.ts'
import { Line } from './Line.tsx'

/** A resident identity card; the last character may be X. */
export function IdCardField({ field, value, error, onType, onFinish }: FieldProps) {
  return (
    <Line
      label={field.label}
      value={textOf(value)}
      placeholder={field.hint ?? `请填写${field.label}`}
      error={error()}
      type="idcard"
      maxlength={24}
      onType={onType}
      onFinish={onFinish}
    />
  )
}
