import { checkLength, type Field } from './field.ts'
import { usualMost } from './kinds.ts'
import { lines } from './typed.ts'

/** Several lines; 1000 characters unless the form says otherwise. */
export const longText: Field<string> = {
  kind: 'longText',
  label: '多行文本',
  asks: '请填写',
  empty: '',
  normalise: lines,
  check: (value, settings) => checkLength(value, settings, usualMost.longText),
  show: (value) => value,
}
