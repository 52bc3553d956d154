/** What people tell, and WeChat Pay’s complaints (feedback/). */
import type {
  FeedbackCause,
  FeedbackKind,
  FeedbackSource,
  FeedbackState,
  FeedbackWordKind,
} from '@jiyue/contract/feedback'
import type { Generated, GeneratedAlways } from 'kysely'

export interface FeedbackTable {
  id: string
  source: FeedbackSource
  user_id: string | null
  order_id: string | null
  kind: FeedbackKind
  text: string
  phone_sealed: string | null
  page: Generated<string>
  state: Generated<FeedbackState>
  assignee_id: Generated<string | null>
  due_at: Date | null
  late: Generated<boolean>
  replied_at: Generated<Date | null>
  cause: Generated<FeedbackCause | null>
  solution: Generated<string | null>
  created_at: Date
  changed_at: Date
  closed_at: Generated<Date | null>
}

export interface FeedbackWordsTable {
  id: string
  feedback_id: string
  seq: GeneratedAlways<number>
  kind: FeedbackWordKind
  by: string
  text: string
  at: Date
  tell: Generated<'reply' | 'complete' | null>
  tell_at: Generated<Date | null>
  tells: Generated<number>
  told_at: Generated<Date | null>
  tell_failure: Generated<string | null>
}

export interface ComplaintTable {
  feedback_id: string
  complaint_id: string
  trade_no: string | null
  transaction_id: string | null
  amount_fen: number
  problem: string
  refund_asked: boolean
  state: 'PENDING' | 'PROCESSING' | 'PROCESSED'
  heard_at: Date
}

export interface ComplaintPictureTable {
  id: string
  feedback_id: string
  words_id: string | null
  place: number
  address: string
  bytes: Buffer | null
  width: number | null
  height: number | null
  fetch_at: Date | null
  fetches: Generated<number>
  failure: string | null
}
