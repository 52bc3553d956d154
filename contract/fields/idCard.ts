import { dayOf } from '../time.ts'
import { isRealDay } from './date.ts'
import type { Field } from './field.ts'
import { compact } from './typed.ts'

/** Resident identity card, GB 11643: 17 digits and a check character (X upper case). */
export const idCard: Field<string> = {
  kind: 'idCard',
  label: '身份证号',
  asks: '请填写',
  empty: '',
  normalise: (raw) => compact(raw).toUpperCase(),
  check: (value, _settings, now) =>
    isIdCard(value, now) ? null : { code: 'invalid', message: '请输入有效身份证号' },
  show: (value) => value,
}

/**
 * Checksum (ISO 7064 MOD 11-2) and a real birthday that is not to come. Residence permits (81, 82,
 * 83) and foreigners' cards (9) obey the same rule. The year begins with 18, 19 or 20: the standard's
 * own example was born in 1880. It proves no identity.
 */
export function isIdCard(text: string, now: number): boolean {
  if (!/^[1-9]\d{5}(18|19|20)\d{9}[\dX]$/.test(text)) return false
  const born = `${text.slice(6, 10)}-${text.slice(10, 12)}-${text.slice(12, 14)}`
  if (!isRealDay(born) || born > dayOf(now)) return false
  const sum = WEIGHTS.reduce((total, weight, at) => total + weight * Number(text.charAt(at)), 0)
  return '10X98765432'.charAt(sum % 11) === text.charAt(17)
}

const WEIGHTS = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2]
