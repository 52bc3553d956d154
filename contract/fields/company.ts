import type { Field } from './field.ts'
import { compact, line } from './typed.ts'

export interface Company {
  name: string
  /** Unified social credit code, 18 characters. */
  code: string
}

/** A company with its 统一社会信用代码; both or nothing. */
export const company: Field<Company> = {
  kind: 'company',
  label: '单位信息',
  asks: '请填写',
  empty: { name: '', code: '' },
  normalise(raw) {
    if (typeof raw !== 'object' || raw === null) return { name: line(raw), code: '' }
    const { name, code } = raw as { name?: unknown; code?: unknown }
    return { name: line(name), code: normaliseCreditCode(code) }
  },
  check(value, { label }) {
    if (value.name === '') return { code: 'required', message: `请填写${label}名称`, part: 'name' }
    if (value.name.length > 100)
      return { code: 'too_long', message: `${label}名称最多 100 个字`, part: 'name' }
    return isCreditCode(value.code)
      ? null
      : { code: 'invalid', message: '请输入有效统一社会信用代码', part: 'code' }
  },
  show: (value) => `${value.name} ${value.code}`.trim(),
}

/** Also used by invoices: the code is the buyer's tax number (P7). */
export function normaliseCreditCode(raw: unknown): string {
  return compact(raw).toUpperCase()
}

/**
 * GB 32100. Its check character already catches every single wrong character and every swap of two;
 * the organisation code's own check inside it is left alone, so that no issued code is turned away.
 */
export function isCreditCode(text: string): boolean {
  if (!/^[0-9A-HJ-NPQRTUWXY]{2}\d{6}[0-9A-HJ-NPQRTUWXY]{10}$/.test(text)) return false
  let sum = 0
  let weight = 1
  for (let at = 0; at < 17; at++) {
    sum += ALPHABET.indexOf(text.charAt(at)) * weight
    weight = (weight * 3) % 31
  }
  return ALPHABET.charAt((31 - (sum % 31)) % 31) === text.charAt(17)
}

/** Without I O S V Z, which look like digits. */
const ALPHABET = '0123456789ABCDEFGHJKLMNPQRTUWXY'
