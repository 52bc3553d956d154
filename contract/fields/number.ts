import type { Field } from './field.ts'
import { compact, textOf } from './typed.ts'

/** A plain decimal number. What is typed but is no number stays NaN, so that it is refused. */
export const number: Field<number | null> = {
  kind: 'number',
  label: '数字',
  asks: '请填写',
  empty: null,
  normalise(raw) {
    const typed = compact(textOf(raw)).replace(/,(?=\d{3}(\D|$))/g, '')
    if (typed === '') return typeof raw === 'number' ? Number.NaN : null
    return /^[-+]?\d{1,15}(\.\d{1,6})?$/.test(typed) ? Number(typed) : Number.NaN
  },
  check(value, { label, min, max }) {
    if (value === null || Number.isNaN(value))
      return { code: 'invalid', message: `${label}请输入数字` }
    if (min !== undefined && value < min)
      return { code: 'too_small', message: `${label}不能小于 ${min}` }
    if (max !== undefined && value > max)
      return { code: 'too_big', message: `${label}不能大于 ${max}` }
    return null
  },
  show: (value) => (value === null ? '' : String(value)),
}
