import { checkLength, type Field } from './field.ts'
import { usualMost } from './kinds.ts'
import { line } from './typed.ts'

/** One line; 100 characters unless the form says otherwise. */
export const text: Field<string> = {
  kind: 'text',
  label: '单行文本',
  asks: '请填写',
  empty: '',
  normalise: line,
  check: (value, settings) => checkLength(value, settings, usualMost.text),
  show: (value) => value,
}
