/** Users and the merchant’s people, and how both sign in (people/). */
import type { ChangeKind } from '@jiyue/contract/acts'
import type { ContactKind } from '@jiyue/contract/contact'
import type { Role } from '@jiyue/contract/people'
import type { Generated, GeneratedAlways, JSONColumnType } from 'kysely'

export interface UserTable {
  id: string
  name: string
  phone_sealed: string | null
  phone_index: string | null
  created_at: Generated<Date>
  erased_at: Generated<Date | null>
}

export interface AgreementTable {
  id: Generated<number>
  user_id: string
  order_id: string | null
  version: number
  digest: string
  form_version: number | null
  host: string
  at: Date
}

export interface ContactTable {
  id: string
  user_id: string
  kind: ContactKind
  sealed: string
  is_default: boolean
  created_at: Date
}

export interface SessionTable {
  token_hash: Buffer
  user_id: string | null
  person_id: string | null
  host: string
  created_at: Generated<Date>
  expires_at: Date
  id: Generated<string>
  proven_at: Generated<Date | null>
  seen_at: Generated<Date | null>
  address: Generated<string | null>
  agent: Generated<string | null>
}

export interface SignInCodeTable {
  phone_index: string
  code_hash: string
  sent_at: Date
  sent_today: Generated<number>
  tries: Generated<number>
  expires_at: Date
}

export interface PersonTable {
  id: string
  login: string
  name: string
  role: Role
  password_hash: string | null
  phone_sealed: Generated<string | null>
  mail_sealed: Generated<string | null>
  created_at: Generated<Date>
  deactivated_at: Generated<Date | null>
  second_sealed: Generated<string | null>
  second_since: Generated<Date | null>
  second_step: Generated<number>
  second_offer_sealed: Generated<string | null>
  second_offered_at: Generated<Date | null>
  recovery_at: Generated<Date | null>
}

export interface RecoveryCodeTable {
  person_id: string
  code_mark: string
  used_at: Generated<Date | null>
}

export interface ActTable {
  id: string
  at: Date
  person_id: string
  action: string
  reason: string | null
  address: string | null
}

export interface ActChangeTable {
  id: GeneratedAlways<number>
  act_id: string
  object: string
  object_key: string
  object_name: string | null
  kind: ChangeKind
  before: JSONColumnType<Record<string, unknown>>
  after: JSONColumnType<Record<string, unknown>>
}

export interface SignInTryTable {
  person_id: string
  place: string
  tries: number
  counted_at: Date
}
