import { phoneType } from '../parts/phoneType.ts'
import { type FieldProps, textOf } from './field.ts'
import { Line } from './Line.tsx'

/** A mobile number; pasted blanks and country codes are taken as they come (R3). */
export function PhoneField({ field, value, error, onType, onFinish }: FieldProps) {
  return (
    <Line
      label={field.label}
      value={textOf(value)}
      placeholder={field.hint ?? `请填写${field.label}`}
      error={error()}
      type={phoneType}
      maxlength={24}
      autoComplete="tel"
      onType={onType}
      onFinish={onFinish}
    />
  )
}
