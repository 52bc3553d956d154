import { addDays, dayOf } from '../time.ts'
import type { Field } from './field.ts'
import { compact } from './typed.ts'

/** A calendar day, kept as `YYYY-MM-DD`; `min`/`max` are days from today on the merchant's clock. */
export const date: Field<string> = {
  kind: 'date',
  label: '日期',
  asks: '请选择',
  empty: '',
  normalise(raw) {
    const typed = compact(raw)
    const parts = /^(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?$/.exec(typed) ?? COMPACT.exec(typed)
    return parts ? `${parts[1]}-${two(parts[2])}-${two(parts[3])}` : typed
  },
  check(value, { label, min, max }, now) {
    if (!isRealDay(value)) return { code: 'invalid', message: `请选择有效的${label}` }
    const today = dayOf(now)
    if (min !== undefined && value < addDays(today, min))
      return { code: 'too_early', message: `${label}不能早于 ${addDays(today, min)}` }
    if (max !== undefined && value > addDays(today, max))
      return { code: 'too_late', message: `${label}不能晚于 ${addDays(today, max)}` }
    return null
  },
  show: (value) => value,
}

/** True for a day that is in the calendar: no 30 February. */
export function isRealDay(text: string): boolean {
  if (!/^\d{4}-\d\d-\d\d$/.test(text)) return false
  const at = Date.parse(`${text}T00:00:00Z`)
  return !Number.isNaN(at) && new Date(at).toISOString().slice(0, 10) === text
}

const COMPACT = /^(\d{4})(\d\d)(\d\d)$/

function two(digits = ''): string {
  return digits.length === 1 ? `0${digits}` : digits
}
