/** Filters of the registrations list as they are kept: a phone somebody is looked for by is personal too (X11). */
import type { RegistrationFilter } from '@jiyue/contract/schema/registrations'
import type { KeptFilter } from '../../db/schema.ts'
import type { Parts } from '../../parts.ts'
import { maskPhone } from '../../people/mask.ts'

/** The phone that `text` is, as it is sealed and indexed; null when it is none. */
export function phoneIn(text: string): string | null {
  const phone = text.replace(/[\s-]/g, '')
  return /^1\d{10}$/.test(phone) ? phone : null
}

/** As it is shown to others, and written down for good. */
export function maskFilter(filter: RegistrationFilter): RegistrationFilter {
  const phone = phoneIn(filter.text ?? '')
  return phone === null ? filter : { ...filter, text: maskPhone(phone) }
}

/** As somebody keeps it for themselves, to be looked for again. */
export function keepFilter({ seal }: Parts, filter: RegistrationFilter): KeptFilter {
  const phone = phoneIn(filter.text ?? '')
  if (phone === null) return filter
  return { ...filter, text: { sealed: seal.seal(phone) }, mark: seal.index('phone', phone) }
}

/** What `keepFilter` kept. */
export function openFilter({ seal }: Parts, kept: KeptFilter): RegistrationFilter {
  const { mark: _, text, ...rest } = kept
  if (text === undefined) return rest
  return { ...rest, text: typeof text === 'string' ? text : String(seal.open(text.sealed)) }
}
