/** Services, their slots, and who and what they need (booking/). */
import type { ServiceKind } from '@jiyue/contract/booking'
import type { NegotiationState } from '@jiyue/contract/negotiation'
import type { OnClosedDays, Template } from '@jiyue/contract/schedule'
import type { WaitRow } from '@jiyue/contract/wait'
import type { Generated, GeneratedAlways, JSONColumnType } from 'kysely'

export interface StaffTable {
  id: string
  name: string
  title: string
  profile: string
  photo: string | null
  rating: string | null
  retired_at: Generated<Date | null>
}

export interface RoomTable {
  id: string
  branch_id: string
  name: string
  about: Generated<string>
  seats: number
  retired_at: Generated<Date | null>
}

export interface ServiceTable {
  id: string
  kind: ServiceKind
  name: string
  summary: string
  content: string[]
  notes: string[]
  photos: string[]
  price_fen: number
  price_unit: string
  charged_per: 'order' | 'person'
  includes: string
  duration_minutes: number
  cutoff_minutes: number
  party_min: Generated<number>
  party_max: Generated<number>
  deposit_fen: Generated<number>
  deposit_condition: string | null
  city: string | null
  districts: string[] | null
  radius_m: number | null
  unique_per: 'slot' | 'service'
  goods: Generated<'offline_service' | 'virtual'>
  listed: Generated<boolean>
  position: number
}

export interface PromotionTable {
  id: string
  service_id: string | null
  label: string
  kind: 'first_order' | 'amount' | 'percent'
  value: number
  starts_at: Date
  ends_at: Date
  position: number
}

export interface ReviewTable {
  id: string
  service_id: string
  name: string
  rating: number
  text: string
  at: Date
}

export interface SlotTable {
  id: string
  service_id: string
  branch_id: string | null
  staff_id: string | null
  room_id: Generated<string | null>
  starts_at: Date
  ends_at: Date
  kept_from: Generated<Date | null>
  kept_until: Generated<Date | null>
  during: GeneratedAlways<string>
  bookable_until: Date
  capacity: number
  taken: Generated<number>
  closed_reason: string | null
  version: Generated<number>
  price_fen: number | null
  checking_since: Generated<Date | null>
  waiting: Generated<number>
  private_for: string | null
  schedule_id: Generated<string | null>
  by_hand: Generated<boolean>
  removed_at: Generated<Date | null>
}

export interface NegotiationTable {
  id: string
  user_id: string
  service_id: string
  starts_at: Date
  ends_at: Date
  party: number
  note: string
  state: Generated<NegotiationState>
  slot_id: string | null
  reason: string | null
  asked_at: Date
  answered_at: Date | null
  answered_by: string | null
  ended_at: Date | null
}

export interface WaitTable {
  id: string
  seq: GeneratedAlways<number>
  user_id: string
  slot_id: string
  party: number
  state: WaitRow
  joined_at: Date
  offered_at: Date | null
  told_at: Date | null
  left_at: Date | null
}

export interface ScheduleTable {
  id: string
  service_id: string
  branch_id: string | null
  staff_id: string | null
  room_id: string | null
  weekly: JSONColumnType<Template['weekly'] & object>
  breaks: JSONColumnType<Template['breaks'] & object>
  exceptions: JSONColumnType<Template['exceptions'] & object>
  slot_minutes: number
  buffer_before: number
  buffer_after: number
  capacity: number
  price_fen: number | null
  lead_minutes: number
  cutoff_days: number | null
  cutoff_minute: number | null
  makeup_weekday: number | null
  on_closed_days: OnClosedDays
  starts_on: string
  ends_on: string | null
  weeks_ahead: number
  version: Generated<number>
  retired_at: Generated<Date | null>
  fill_at: Generated<Date>
  fills: Generated<number>
  filled_until: Generated<string | null>
}
