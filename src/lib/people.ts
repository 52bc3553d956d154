/**
 * What was typed in earlier registrations on this phone, so that nobody types it twice (R2).
 * Only short facts about people; never an ID number, nor what a form marks as sensitive.
 */
import type { FieldKind, FormField } from '@jiyue/contract/fields/kinds'
import type { Storage } from './phone.ts'

/** Answers by `kind:label`, so that they fit any form that asks the same. */
export interface Person {
  name: string
  answers: Record<string, unknown>
}

const rememberedKinds: readonly FieldKind[] = [
  'text',
  'phone',
  'email',
  'address',
  'company',
  'choice',
  'dropdown',
]

/** People remembered, the last one first. */
const most = 5

const shelf = 'people'

export function rememberedPeople(storage: Storage): Person[] {
  return storage.get<Person[]>(shelf) ?? []
}

export function forgetPeople(storage: Storage): void {
  storage.remove(shelf)
}

/** Keeps a submitted form's answers under the name in it. */
export function rememberPerson(
  storage: Storage,
  fields: readonly FormField[],
  answers: Readonly<Record<string, unknown>>,
): void {
  const person: Person = { name: nameIn(fields, answers), answers: {} }
  for (const field of fields) {
    const answer = answers[field.id]
    if (answer !== undefined && isRemembered(field)) person.answers[keyOf(field)] = answer
  }
  if (person.name === '') return
  const known = rememberedPeople(storage)
  const before = known.filter((one) => one.name === person.name)[0]
  const merged = { name: person.name, answers: { ...before?.answers, ...person.answers } }
  const others = known.filter((one) => one.name !== person.name)
  storage.set(shelf, [merged].concat(others).slice(0, most))
}

/** What is known of `person` that this form asks for; dropdown answers only if still offered. */
export function answersFor(person: Person, fields: readonly FormField[]): Record<string, unknown> {
  const answers: Record<string, unknown> = {}
  for (const field of fields) {
    const answer = person.answers[keyOf(field)]
    if (answer !== undefined && isRemembered(field) && isOffered(field, answer))
      answers[field.id] = answer
  }
  return answers
}

function isRemembered(field: FormField): boolean {
  return !field.sensitive && rememberedKinds.indexOf(field.kind) >= 0
}

function isOffered(field: FormField, answer: unknown): boolean {
  if (!field.options) return true
  return field.options.some((option) => option.value === answer)
}

function nameIn(fields: readonly FormField[], answers: Readonly<Record<string, unknown>>): string {
  for (const { id, kind } of fields) {
    const answer = answers[id]
    if (kind === 'text' && typeof answer === 'string' && answer !== '') return answer
    if (kind === 'company') {
      const { name } = (answer ?? {}) as { name?: string }
      if (name) return name
    }
  }
  return ''
}

function keyOf(field: FormField): string {
  return `${field.kind}:${field.label}`
}
