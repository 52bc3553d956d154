/** How 常用信息 are named on screen. */
import type { Contact } from '@jiyue/contract/contact'
import { contactFields } from '@jiyue/contract/contact'
import { fieldKinds } from '@jiyue/contract/fields/registry'

type Shown = Pick<Contact, 'kind' | 'values'>

/** The name of a person or company, the street of an address. */
export function contactTitle({ kind, values }: Shown): string {
  if (kind === 'person') return String(values.name ?? '')
  if (kind === 'company') return (values.company as { name?: string } | undefined)?.name ?? ''
  return (values.address as { detail?: string } | undefined)?.detail ?? ''
}

/** All else it says, ID numbers hidden but for their ends. */
export function contactDetail({ kind, values }: Shown): string {
  if (kind === 'address')
    return ((values.address as { region?: string[] } | undefined)?.region ?? [])
      .filter((name, at, all) => name !== all[at - 1])
      .join(' ')
  if (kind === 'company') return (values.company as { code?: string } | undefined)?.code ?? ''
  return contactFields.person
    .filter(({ id }) => id !== 'name' && values[id] !== undefined)
    .map((field) => {
      const text = fieldKinds[field.kind].show(values[field.id], field)
      return field.kind === 'idCard' ? `${text.slice(0, 4)}**********${text.slice(-4)}` : text
    })
    .join(' · ')
}
