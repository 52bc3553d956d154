/** A form's steps (R9), and where its sentences stand. Pure. */
import type { FormField } from '@jiyue/contract/fields/kinds'
import { visibleFields } from '@jiyue/contract/fields/registry'
import { answersOf, type DraftValues } from './drafts.ts'

/** The fields of a step that are asked now. */
export function fieldsOfStep(
  fields: readonly FormField[],
  values: DraftValues,
  step: number,
): FormField[] {
  return visibleFields(fields, answersOf(values)).filter((field) => (field.step ?? 0) === step)
}

/** How many steps a form has; one at least. */
export function stepCount(form: {
  steps: readonly string[]
  fields: readonly FormField[]
}): number {
  return form.fields.reduce((most, field) => Math.max(most, (field.step ?? 0) + 1), 1)
}

/** The step on which the field of an error's path stands. */
export function stepOfPath(fields: readonly FormField[], path: string): number {
  const id = path.split('.')[0]
  return fields.filter((field) => field.id === id)[0]?.step ?? 0
}

/** The sentences without those of one field. */
export function withoutField(errors: Record<string, string>, id: string): Record<string, string> {
  const rest: Record<string, string> = {}
  for (const path of Object.keys(errors)) {
    const message = errors[path]
    if (path.split('.')[0] !== id && message !== undefined) rest[path] = message
  }
  return rest
}
