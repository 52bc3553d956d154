/** All field kinds, and the rules of a whole form. The only place that knows every kind. */
import { address } from './address.ts'
import { choice } from './choice.ts'
import { choices } from './choices.ts'
import { company } from './company.ts'
import { date } from './date.ts'
import { dropdown } from './dropdown.ts'
import { email } from './email.ts'
import { type Field, type FieldProblem, isEmpty } from './field.ts'
import { file } from './file.ts'
import { idCard } from './idCard.ts'
import type { FieldKind, FormField } from './kinds.ts'
import { longText } from './longText.ts'
import { number } from './number.ts'
import { phone } from './phone.ts'
import { text } from './text.ts'
import { yesNo } from './yesNo.ts'

export const fieldKinds: Record<FieldKind, Field> = {
  text,
  longText,
  phone,
  idCard,
  email,
  number,
  choice,
  choices,
  dropdown,
  date,
  address,
  company,
  yesNo,
  file,
}

/** Answers by field id, raw or normalised. */
export type FormValues = Readonly<Record<string, unknown>>

/** What stands beside a wrong field; `path` is the field's id, or `id.part` of one with several inputs. */
export interface FormProblem {
  path: string
  code: string
  message: string
}

/** Every problem of a form, in the order of its fields; `[]` means it may be submitted. */
export function checkForm(
  fields: readonly FormField[],
  values: FormValues,
  now: number,
): FormProblem[] {
  const problems: FormProblem[] = []
  for (const field of visibleFields(fields, values)) {
    const problem = checkField(field, values[field.id], now)
    if (!problem) continue
    const path = problem.part === undefined ? field.id : `${field.id}.${problem.part}`
    problems.push({ path, code: problem.code, message: problem.message })
  }
  return problems
}

/** The problem of one answer, raw or normalised: what a page asks when an input is left. */
export function checkField(field: FormField, raw: unknown, now: number): FieldProblem | null {
  const kind = fieldKinds[field.kind]
  const value = kind.normalise(raw)
  if (!isEmpty(value)) return kind.check(value, field, now)
  return field.required ? { code: 'required', message: `${kind.asks}${field.label}` } : null
}

/**
 * What is kept of a submitted form: the normalised answers of the visible fields. Unknown keys and
 * answers to questions no longer asked are left behind (collect the minimum).
 */
export function normaliseForm(
  fields: readonly FormField[],
  values: FormValues,
): Record<string, unknown> {
  const kept: Record<string, unknown> = {}
  for (const field of visibleFields(fields, values)) {
    const value = fieldKinds[field.kind].normalise(values[field.id])
    if (!isEmpty(value)) kept[field.id] = value
  }
  return kept
}

/** The fields that are asked, given the answers so far. */
export function visibleFields(fields: readonly FormField[], values: FormValues): FormField[] {
  return fields.filter((field) => isVisible(field, fields, values, []))
}

/** A field under a hidden field is hidden too; a circle of conditions hides all of it. */
function isVisible(
  field: FormField,
  fields: readonly FormField[],
  values: FormValues,
  above: readonly string[],
): boolean {
  const condition = field.visibleIf
  if (!condition) return true
  if (above.indexOf(field.id) >= 0) return false
  const other = fields.filter((one) => one.id === condition.field)[0]
  if (!other || !isVisible(other, fields, values, above.concat(field.id))) return false
  const answer = fieldKinds[other.kind].normalise(values[other.id])
  return Array.isArray(answer) ? answer.indexOf(condition.equals) >= 0 : answer === condition.equals
}
