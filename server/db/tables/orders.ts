/** The order and its registration (order/, registration/, amendment/, visits/). */
import type { FormField } from '@jiyue/contract/fields/kinds'
import type { LookKind } from '@jiyue/contract/funnel'
import type { OrderState } from '@jiyue/contract/order'
import type { Quote } from '@jiyue/contract/pricing'
import type { RegistrationFilter } from '@jiyue/contract/schema/registrations'
import type { Generated, GeneratedAlways, JSONColumnType } from 'kysely'

/** Draft answers: field id → the answer, when it was given (ISO), and another device's (R8). */
export type SealedAnswers = Record<
  string,
  { value: unknown; at: string; other?: { value: unknown; at: string } | undefined }
>

export interface FormTable {
  service_id: string
  version: number
  steps: string[]
  fields: JSONColumnType<FormField[]>
  published_at: Generated<Date>
  published_by: Generated<string | null>
  revision: Generated<string | null>
}

export interface FormDraftTable {
  service_id: string
  revision: string
  steps: string[]
  fields: JSONColumnType<FormField[]>
  saved_by: string
  saved_at: Date
}

export interface ExportTable {
  id: string
  person_id: string
  filter: JSONColumnType<RegistrationFilter>
  rows: Generated<number>
  started_at: Date
  ended_at: Date | null
}

export interface OrderTable {
  id: string
  number: string
  user_id: string
  service_id: string
  slot_id: string
  party: number
  state: OrderState
  held_until: Date | null
  form_version: number
  quote: JSONColumnType<Quote> | null
  payable_fen: number | null
  created_at: Date
  registered_at: Date | null
  confirmed_at: Date | null
  ended_at: Date | null
}

export interface EventTable {
  id: GeneratedAlways<number>
  order_id: string | null
  slot_id: string | null
  what: string
  by: string
  details: JSONColumnType<Record<string, unknown>>
  at: Date
}

export interface LookTable {
  visit_id: string
  n: number
  service_id: string
  kind: LookKind
  order_id: string | null
  step: number | null
  field_id: string | null
  at: Date
}

export interface RegistrationTable {
  order_id: string
  form_version: number
  answers: JSONColumnType<Record<string, unknown>>
  scope: string | null
  submitted_at: Date
  forget_at: Date | null
  revision: Generated<number>
}

/** `text` is sealed where it is a phone, with its blind index as `mark`. */
export type KeptFilter = Omit<RegistrationFilter, 'text'> & {
  text?: string | { sealed: string } | undefined
  mark?: string
}

export interface SavedViewTable {
  id: string
  person_id: string
  name: string
  filter: JSONColumnType<KeptFilter>
  hidden: string[]
  saved_at: Date
}

export interface AmendmentTable {
  id: string
  order_id: string
  revision: number
  by: string
  reason: string
  at: Date
}

export interface AmendedAnswerTable {
  id: Generated<string>
  amendment_id: string
  field_id: string
  before: JSONColumnType<Record<string, unknown>> | null
  after: JSONColumnType<Record<string, unknown>> | null
}
