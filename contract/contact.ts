/**
 * 常用信息 (R2, G5): people, addresses and companies somebody keeps, so that no form has to be typed
 * twice. Each kind is a small form of its own, checked by the same code as any other.
 */
import type { FormField } from './fields/kinds.ts'
import { checkForm, type FormProblem, type FormValues, normaliseForm } from './fields/registry.ts'

export const contactKinds = ['person', 'address', 'company'] as const
export type ContactKind = (typeof contactKinds)[number]

export const contactWords: Record<ContactKind, string> = {
  person: '联系人',
  address: '地址',
  company: '单位',
}

/** Most of one kind; more is a list nobody finds anything in. */
export const contactsPerKind = 20

export interface Contact {
  id: string
  kind: ContactKind
  /** By the ids of `contactFields`. */
  values: FormValues
  /** Fills untouched forms by itself; one of each kind at the most. */
  isDefault: boolean
}

const field = (
  id: string,
  kind: FormField['kind'],
  label: string,
  more: Partial<FormField> = {},
) => ({
  id,
  kind,
  label,
  required: true,
  purpose: '自动填写报名表',
  retentionDays: 3650,
  ...more,
})

export const contactFields: Record<ContactKind, readonly FormField[]> = {
  person: [
    field('name', 'text', '姓名', { max: 20 }),
    field('phone', 'phone', '手机号'),
    field('idCard', 'idCard', '身份证号', { required: false }),
    field('email', 'email', '邮箱', { required: false }),
  ],
  address: [field('address', 'address', '地址')],
  company: [field('company', 'company', '单位')],
}

/** `[]` means it may be kept. */
export function checkContact(kind: ContactKind, values: FormValues, now: number): FormProblem[] {
  return checkForm(contactFields[kind], values, now)
}

/** The one way its values are kept; unknown keys are left behind. */
export function normaliseContact(kind: ContactKind, values: FormValues): Record<string, unknown> {
  return normaliseForm(contactFields[kind], values)
}

/** What `contact` says to the questions of a form. */
export function answersFrom(
  { kind, values }: Pick<Contact, 'kind' | 'values'>,
  fields: readonly FormField[],
): Record<string, unknown> {
  const answers: Record<string, unknown> = {}
  for (const asked of fields) {
    const known = contactFields[kind].filter((own) => fits(own, asked))[0]
    const value = known && values[known.id]
    if (value !== undefined) answers[asked.id] = value
  }
  return answers
}

/** What a filled form tells that is worth keeping: at most one contact of each kind, whole ones only. */
export function contactsIn(
  fields: readonly FormField[],
  answers: FormValues,
  now: number,
): { kind: ContactKind; values: Record<string, unknown> }[] {
  const found: { kind: ContactKind; values: Record<string, unknown> }[] = []
  for (const kind of contactKinds) {
    const values: Record<string, unknown> = {}
    for (const own of contactFields[kind]) {
      const asked = fields.filter((one) => fits(own, one) && answers[one.id] !== undefined)[0]
      if (asked) values[own.id] = answers[asked.id]
    }
    if (checkContact(kind, values, now).length === 0)
      found.push({ kind, values: normaliseContact(kind, values) })
  }
  return found
}

/** A name is a text that is asked for as one; all else is known by its kind. */
function fits(own: FormField, asked: FormField): boolean {
  if (own.kind !== asked.kind) return false
  return own.kind !== 'text' || /姓名|联系人|名字|称呼/.test(asked.label)
}
