/** What every field kind gives: the same code checks on the phone and on the server (R3). */
import type { FieldKind, FormField } from './kinds.ts'

/** Why an answer is refused; the sentence beside it is what people read. */
export type FieldCode =
  | 'required'
  | 'invalid'
  | 'too_short'
  | 'too_long'
  | 'too_small'
  | 'too_big'
  | 'too_few'
  | 'too_many'
  | 'too_early'
  | 'too_late'
  | 'not_an_option'

/** `part` names the input of a field with several (address, company). */
export interface FieldProblem {
  code: FieldCode
  message: string
  part?: string
}

/**
 * One kind of field. Pure; `check` takes a normalised answer and never sees an empty one
 * (`checkForm` asks for it or lets it be). Methods, not properties, so that the registry can hold
 * kinds of different values.
 */
export interface Field<V = unknown> {
  kind: FieldKind
  /** Name of the kind in the console's form editor. */
  label: string
  /** How an empty required field is asked for: 请填写… or 请选择…. */
  asks: '请填写' | '请选择'
  empty: V
  /** What was typed, pasted or sent → the one way it is kept. Takes anything, never throws. */
  normalise(raw: unknown): V
  check(value: V, settings: FormField, now: number): FieldProblem | null
  /** For people: receipts, the console, exports. */
  show(value: V, settings: FormField): string
}

/** True for an answer that says nothing. `false` and `0` are answers. */
export function isEmpty(value: unknown): boolean {
  if (value === null || value === undefined || value === '') return true
  if (Array.isArray(value)) return value.length === 0
  if (typeof value !== 'object') return false
  return Object.keys(value).every((key) => isEmpty((value as Record<string, unknown>)[key]))
}

/** `min`/`max` characters of a text. */
export function checkLength(text: string, settings: FormField, most: number): FieldProblem | null {
  const max = settings.max ?? most
  if (text.length > max) return { code: 'too_long', message: `${settings.label}最多 ${max} 个字` }
  if (settings.min !== undefined && text.length < settings.min)
    return { code: 'too_short', message: `${settings.label}至少 ${settings.min} 个字` }
  return null
}

/** `min`/`max` of a list. `unit` completes the sentence: 项, 个文件. */
export function checkCount(
  count: number,
  settings: FormField,
  most: number,
  unit: string,
): FieldProblem | null {
  const max = settings.max ?? most
  if (count > max) return { code: 'too_many', message: `${settings.label}最多选择 ${max} ${unit}` }
  if (settings.min !== undefined && count < settings.min)
    return { code: 'too_few', message: `${settings.label}至少选择 ${settings.min} ${unit}` }
  return null
}
