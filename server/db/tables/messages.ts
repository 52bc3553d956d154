/** Messages and what is asked by them (reminder/, nudge/, queue/). */
import type {
  ChannelName,
  ConsentAnswer,
  ReminderKindName,
  ReminderState,
  TemplateName,
  UnsentReason,
} from '@jiyue/contract/reminder'
import type { Generated } from 'kysely'

export interface ReminderTable {
  id: string
  order_id: string | null
  kind: ReminderKindName
  slot_id: string | null
  due_at: Date | null
  state: Generated<ReminderState>
  channel: ChannelName | null
  reason: UnsentReason | null
  done_at: Date | null
  about: string | null
  user_id: string
  once: string
  facts: Generated<Record<string, unknown>>
  until_at: Date | null
  lease_until: Date | null
  text: string | null
  path: string | null
  told_at: Date | null
  read_at: Date | null
  answer: 'confirm' | 'cancel' | null
  answered_at: Date | null
}

export interface SendTable {
  reminder_id: string
  channel: ChannelName
  state: 'sending' | 'sent' | 'unsent'
  reason: UnsentReason | null
  code: string | null
  at: Date
}

export interface ConsentTable {
  id: string
  template: TemplateName
  user_id: string
  host: 'weapp' | 'alipay'
  answer: ConsentAnswer
  template_id: Generated<string | null>
  given_at: Date
  spent_at: Date | null
  reminder_id: string | null
  void: Generated<boolean>
}

export interface NudgeTable {
  id: string
  order_id: string
  field_id: string
  note: string
  state: Generated<'open' | 'answered' | 'withdrawn'>
  by: string
  asked_at: Date
  ended_at: Date | null
  before: unknown
  after: unknown
}

export interface QueueReminderTable {
  id: string
  user_id: string
  service_id: string
  asked_at: Date
  due_at: Date
  state: Generated<'planned' | 'sending' | 'sent' | 'unsent'>
  channel: ChannelName | null
  reason: UnsentReason | null
  done_at: Date | null
}
