import type { Field } from './field.ts'
import { compact } from './typed.ts'

/** A mobile number of mainland China, kept as 11 digits without country code. */
export const phone: Field<string> = {
  kind: 'phone',
  label: '手机号',
  asks: '请填写',
  empty: '',
  normalise: normalisePhone,
  check: (value) =>
    isPhone(value) ? null : { code: 'invalid', message: '请输入 11 位有效手机号' },
  show: (value) => value,
}

/** Also used by sign-in. `+86 138-0013-8000` → `13800138000`. */
export function normalisePhone(raw: unknown): string {
  const digits = compact(raw).replace(/[-‐-―−()]/g, '')
  return /^(\+|00)?86\d{11}$/.test(digits) ? digits.slice(-11) : digits
}

/** Looser than any list of ranges on purpose: numbers move and new ranges open every year. */
export function isPhone(digits: string): boolean {
  return /^1[3-9]\d{9}$/.test(digits)
}
