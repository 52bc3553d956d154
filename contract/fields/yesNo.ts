import type { Field } from './field.ts'

/** A question answered with yes or no; no is an answer too. */
export const yesNo: Field<boolean | null> = {
  kind: 'yesNo',
  label: '是否',
  asks: '请选择',
  empty: null,
  normalise(raw) {
    if (raw === true || raw === 'true' || raw === '是') return true
    return raw === false || raw === 'false' || raw === '否' ? false : null
  },
  check: (value, { label }) =>
    value === null ? { code: 'invalid', message: `请选择${label}` } : null,
  show: (value) => (value === null ? '' : value ? '是' : '否'),
}
