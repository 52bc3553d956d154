import type { Field, FieldProblem } from './field.ts'
import type { FormField } from './kinds.ts'
import { textOf } from './typed.ts'

/** One of the options, shown as a row of buttons. The answer is the option's `value`. */
export const choice: Field<string> = {
  kind: 'choice',
  label: '单选',
  asks: '请选择',
  empty: '',
  normalise: textOf,
  check: checkOption,
  show: optionLabel,
}

/** Refuses anything that was not offered (R5). */
export function checkOption(value: string, settings: FormField): FieldProblem | null {
  const offered = (settings.options ?? []).some((option) => option.value === value)
  return offered ? null : { code: 'not_an_option', message: `请选择${settings.label}` }
}

/** What the person saw; the bare value where the option is gone. */
export function optionLabel(value: string, settings: FormField): string {
  for (const option of settings.options ?? []) if (option.value === value) return option.label
  return value
}
