/** The disruption desk and what it gives (disruption/, coupons/). */
import type { Fallback } from '@jiyue/contract/disruption'
import type { ChannelName } from '@jiyue/contract/reminder'
import type { Generated, JSONColumnType } from 'kysely'

export interface DisruptionTable {
  id: string
  reason: string
  note: string | null
  fallback: Fallback
  deadline_at: Date
  coupon_fen: number | null
  coupon_days: number | null
  wish: JSONColumnType<Record<string, unknown>>
  by: string
  acted_at: Date
}

export interface DisruptedOrderTable {
  id: Generated<string>
  disruption_id: string
  order_id: string
  slot_id: string
  refund_at: Date
  due_at: Date | null
  tries: Generated<number>
  told_at: Date | null
  ruled_at: Date | null
}

export interface ChaseTable {
  reminder_id: string
  channel: ChannelName
  by: string
  asked_at: Date
  lease_until: Date | null
  done_at: Date | null
}

export interface CouponTable {
  id: Generated<string>
  user_id: string
  off_fen: number
  label: string
  given_at: Date
  expires_at: Date
  disruption_id: string | null
  order_id: string | null
  grant_id: Generated<string | null>
}

export interface CouponGrantTable {
  id: string
  label: string
  off_fen: number
  expires_at: Date
  note: string
  by: string
  given_at: Date
  revoked_at: Generated<Date | null>
}
