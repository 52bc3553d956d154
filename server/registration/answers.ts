/** Answers at rest: sensitive ones are sealed one by one, so that rows can be read without them. */
import type { FormField } from '@jiyue/contract/fields/kinds'
import type { Seal } from '../people/seal.ts'

/** Phones and ID numbers are always sealed; a form may seal more. */
export function isSealed(field: FormField | undefined): boolean {
  return (
    field !== undefined &&
    (field.sensitive === true || field.kind === 'phone' || field.kind === 'idCard')
  )
}

/** `value` of a field as it is stored. What only looks sealed is sealed too, to come back as it was. */
export function sealAnswer(seal: Seal, field: FormField | undefined, value: unknown): unknown {
  if (value === null || value === undefined) return value
  return isSealed(field) || sealedText(value) !== null ? { sealed: seal.seal(value) } : value
}

/** A stored answer as it was given. */
export function openAnswer(seal: Seal, stored: unknown): unknown {
  const sealed = sealedText(stored)
  return sealed === null ? stored : seal.open(sealed)
}

function sealedText(value: unknown): string | null {
  const sealed = (value as { sealed?: unknown } | null | undefined)?.sealed
  return typeof sealed === 'string' ? sealed : null
}

/** Every answer of a form, each through `change`. */
export function mapAnswers<V, W>(
  answers: Readonly<Record<string, V>>,
  change: (value: V, id: string) => W,
): Record<string, W> {
  return Object.fromEntries(Object.entries(answers).map(([id, value]) => [id, change(value, id)]))
}

/** Phone and ID numbers of a form's answers as blind indexes: what R4 compares. */
export function marksOf(
  seal: Seal,
  fields: readonly FormField[],
  values: Readonly<Record<string, unknown>>,
): string[] {
  return fields
    .filter((field) => (field.kind === 'phone' || field.kind === 'idCard') && values[field.id])
    .map((field) => seal.index(field.kind, String(values[field.id])))
}
