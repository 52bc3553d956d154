import { checkOption, optionLabel } from './choice.ts'
import type { Field } from './field.ts'
import { textOf } from './typed.ts'

/** One of many options, shown as a wheel or list. */
export const dropdown: Field<string> = {
  kind: 'dropdown',
  label: '下拉选择',
  asks: '请选择',
  empty: '',
  normalise: textOf,
  check: checkOption,
  show: optionLabel,
}
