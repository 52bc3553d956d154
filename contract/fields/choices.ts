import { checkOption, optionLabel } from './choice.ts'
import { checkCount, type Field } from './field.ts'
import { textOf } from './typed.ts'

/** Several of the options, each once, in the order they were chosen. */
export const choices: Field<string[]> = {
  kind: 'choices',
  label: '多选',
  asks: '请选择',
  empty: [],
  normalise(raw) {
    const values = (Array.isArray(raw) ? raw : [raw]).map(textOf)
    return values.filter((value, at) => value !== '' && values.indexOf(value) === at)
  },
  check(values, settings) {
    for (const value of values) {
      const problem = checkOption(value, settings)
      if (problem) return problem
    }
    return checkCount(values.length, settings, settings.options?.length ?? 0, '项')
  },
  show: (values, settings) => values.map((value) => optionLabel(value, settings)).join('、'),
}
