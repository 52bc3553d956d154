/**
 * The tables as Kysely sees them, in the order of the migrations, which hold the comments.
 * Instants are Date, days 'YYYY-MM-DD', amounts integer fen.
 */

import type { ChangeKind } from '@jiyue/contract/acts'
import type { AuditRound, FindingKind, FindingSide } from '@jiyue/contract/audit'
import type { BillState, DifferenceKind, DifferenceState } from '@jiyue/contract/bill'
import type { DayKind, ServiceKind } from '@jiyue/contract/booking'
import type { ContactKind } from '@jiyue/contract/contact'
import type { Fallback } from '@jiyue/contract/disruption'
import type {
  FeedbackCause,
  FeedbackKind,
  FeedbackSource,
  FeedbackState,
  FeedbackWordKind,
} from '@jiyue/contract/feedback'
import type { FormField } from '@jiyue/contract/fields/kinds'
import type { LookKind } from '@jiyue/contract/funnel'
import type { NegotiationState } from '@jiyue/contract/negotiation'
import type { OrderState } from '@jiyue/contract/order'
import type {
  HeardBy,
  Method,
  MoneyMethod,
  OfflineWay,
  PaymentState,
  PayParams,
  RefundReason,
  RefundState,
  Scene,
} from '@jiyue/contract/payment'
import type { Role } from '@jiyue/contract/people'
import type { Quote } from '@jiyue/contract/pricing'
import type { ProofFlag, ProofState } from '@jiyue/contract/proof'
import type { Receipt } from '@jiyue/contract/receipt'
import type {
  ChannelName,
  ConsentAnswer,
  ReminderKindName,
  ReminderState,
  TemplateFact,
  TemplateName,
  UnsentReason,
} from '@jiyue/contract/reminder'
import type { OnClosedDays, Template } from '@jiyue/contract/schedule'
import type { RegistrationFilter } from '@jiyue/contract/schema/registrations'
import type { WaitRow } from '@jiyue/contract/wait'
import type { MessageHost } from '@jiyue/contract/wording'
import type { Generated, GeneratedAlways, JSONColumnType } from 'kysely'

export interface Database {
  merchant: { only_one: Generated<boolean>; name: string; payee: string }
  rules: { key: string; value: string }
  branches: {
    id: string
    name: string
    address: string
    phone: string
    latitude: number | null
    longitude: number | null
  }
  staff: StaffTable
  rooms: RoomTable
  services: ServiceTable
  service_staff: { service_id: string; staff_id: string }
  service_rooms: { service_id: string; room_id: string }
  service_branches: { service_id: string; branch_id: string }
  forms: FormTable
  form_drafts: FormDraftTable
  promotions: PromotionTable
  reviews: ReviewTable
  days: {
    day: string
    kind: DayKind
    name: string | null
    open: boolean
    by_merchant: Generated<boolean>
  }
  users: UserTable
  identities: { host: string; subject: string; user_id: string }
  contacts: ContactTable
  agreements: AgreementTable
  seal_rounds: { seal: string; finished_at: Date }
  sessions: SessionTable
  sign_in_codes: SignInCodeTable
  people: PersonTable
  recovery_codes: RecoveryCodeTable
  acts: ActTable
  act_changes: ActChangeTable
  invitations: { token_hash: Buffer; person_id: string; made_at: Date; expires_at: Date }
  known_devices: { token_hash: Buffer; person_id: string; seen_at: Date }
  sign_in_tries: SignInTryTable
  slots: SlotTable
  waits: WaitTable
  negotiations: NegotiationTable
  feedback: FeedbackTable
  feedback_words: FeedbackWordsTable
  complaints: ComplaintTable
  complaint_pictures: ComplaintPictureTable
  staff_photos: { id: string; staff_id: string; bytes: Buffer }
  service_photos: {
    id: string
    service_id: string
    thumb: Buffer
    large: Buffer
    unused_at: Date | null
  }
  feedback_pictures: { feedback_id: string; place: number; picture_id: string }
  slot_moves: { slot_id: string; from_id: string; moved_at: Date; back_at: Date | null }
  schedules: ScheduleTable
  order_moves: { state: string; event: string; next: string }
  orders: OrderTable
  events: EventTable
  looks: LookTable
  drafts: { order_id: string; answers: JSONColumnType<SealedAnswers>; step: number; saved_at: Date }
  registrations: RegistrationTable
  registration_pictures: { order_id: string; picture_id: string; field_id: string }
  lapsed_marks: { order_id: string; scope: string; mark: string }
  registration_marks: { order_id: string; scope: string; mark: string }
  amendments: AmendmentTable
  saved_views: SavedViewTable
  amended_answers: AmendedAnswerTable
  payments: PaymentTable
  offline_payments: OfflinePaymentTable
  facts: FactTable
  refunds: RefundTable
  reminders: ReminderTable
  sends: SendTable
  consents: ConsentTable
  message_words: {
    kind: ReminderKindName
    text: string | null
    hint: string | null
    off: boolean
  }
  host_templates: {
    host: MessageHost
    template: TemplateName
    template_id: string
    keys: JSONColumnType<Record<string, TemplateFact>>
  }
  check_in_codes: { code: string; order_id: string; made_at: Date }
  nudges: NudgeTable
  queue_reminders: QueueReminderTable
  payment_moves: { state: string; event: string; next: string }
  refund_moves: { state: string; event: string; next: string }
  moves: MoveTable
  bills: BillTable
  bill_rows: BillRowTable
  differences: DifferenceTable
  pictures: PictureTable
  picture_failures: PictureFailureTable
  proofs: ProofTable
  receipts: ReceiptTable
  deliveries: DeliveryTable
  findings: FindingTable
  audits: AuditTable
  archives: ArchiveTable
  audit_due: AuditDueTable
  exports: ExportTable
  disruptions: DisruptionTable
  disruption_slots: { disruption_id: string; slot_id: string; is_choice: boolean }
  disrupted_orders: DisruptedOrderTable
  chases: ChaseTable
  coupons: CouponTable
  coupon_grants: CouponGrantTable
}

/** Draft answers: field id → the answer, when it was given (ISO), and another device's (R8). */
export type SealedAnswers = Record<
  string,
  { value: unknown; at: string; other?: { value: unknown; at: string } | undefined }
>

interface StaffTable {
  id: string
  name: string
  title: string
  profile: string
  photo: string | null
  rating: string | null
  retired_at: Generated<Date | null>
}

interface RoomTable {
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

interface FormTable {
  service_id: string
  version: number
  steps: string[]
  fields: JSONColumnType<FormField[]>
  published_at: Generated<Date>
  published_by: Generated<string | null>
  revision: Generated<string | null>
}

interface FormDraftTable {
  service_id: string
  revision: string
  steps: string[]
  fields: JSONColumnType<FormField[]>
  saved_by: string
  saved_at: Date
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

interface ReviewTable {
  id: string
  service_id: string
  name: string
  rating: number
  text: string
  at: Date
}

interface UserTable {
  id: string
  name: string
  phone_sealed: string | null
  phone_index: string | null
  created_at: Generated<Date>
  erased_at: Generated<Date | null>
}

interface AgreementTable {
  id: Generated<number>
  user_id: string
  order_id: string | null
  version: number
  digest: string
  form_version: number | null
  host: string
  at: Date
}

interface ContactTable {
  id: string
  user_id: string
  kind: ContactKind
  sealed: string
  is_default: boolean
  created_at: Date
}

interface SessionTable {
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

interface SignInCodeTable {
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

interface RecoveryCodeTable {
  person_id: string
  code_mark: string
  used_at: Generated<Date | null>
}

interface ActTable {
  id: string
  at: Date
  person_id: string
  action: string
  reason: string | null
  address: string | null
}

interface ActChangeTable {
  id: GeneratedAlways<number>
  act_id: string
  object: string
  object_key: string
  object_name: string | null
  kind: ChangeKind
  before: JSONColumnType<Record<string, unknown>>
  after: JSONColumnType<Record<string, unknown>>
}

interface SignInTryTable {
  person_id: string
  place: string
  tries: number
  counted_at: Date
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

interface ChaseTable {
  reminder_id: string
  channel: ChannelName
  by: string
  asked_at: Date
  lease_until: Date | null
  done_at: Date | null
}

interface CouponTable {
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

interface CouponGrantTable {
  id: string
  label: string
  off_fen: number
  expires_at: Date
  note: string
  by: string
  given_at: Date
  revoked_at: Generated<Date | null>
}

interface ExportTable {
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

interface EventTable {
  id: GeneratedAlways<number>
  order_id: string | null
  slot_id: string | null
  what: string
  by: string
  details: JSONColumnType<Record<string, unknown>>
  at: Date
}

interface LookTable {
  visit_id: string
  n: number
  service_id: string
  kind: LookKind
  order_id: string | null
  step: number | null
  field_id: string | null
  at: Date
}

interface RegistrationTable {
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

interface SavedViewTable {
  id: string
  person_id: string
  name: string
  filter: JSONColumnType<KeptFilter>
  hidden: string[]
  saved_at: Date
}

interface AmendmentTable {
  id: string
  order_id: string
  revision: number
  by: string
  reason: string
  at: Date
}

interface AmendedAnswerTable {
  id: Generated<string>
  amendment_id: string
  field_id: string
  before: JSONColumnType<Record<string, unknown>> | null
  after: JSONColumnType<Record<string, unknown>> | null
}

export interface PaymentTable {
  id: string
  order_id: string
  method: MoneyMethod | null
  scene: Scene | 'desk'
  client_ip: string
  trade_no: string
  amount_fen: number
  state: PaymentState
  params: JSONColumnType<PayParams> | null
  expires_at: Date
  asks: Generated<number>
  ask_at: Date | null
  transaction_id: string | null
  paid_fen: number | null
  paid_at: Date | null
  created_at: Date
  move_id: string | null
}

interface FactTable {
  id: GeneratedAlways<number>
  payment_id: string | null
  method: MoneyMethod
  kind: 'trade' | 'refund'
  trade_no: string | null
  refund_no: string | null
  state: string
  amount_fen: number | null
  transaction_id: string | null
  heard_by: HeardBy
  reference: string | null
  verdict: string
  heard_at: Date
}

interface OfflinePaymentTable {
  payment_id: string
  way: OfflineWay
  number: string | null
  evidence: string
  picture_id: string | null
  received_by: string
  reason: string
  by: string
}

export interface RefundTable {
  id: string
  payment_id: string
  refund_no: string
  amount_fen: number
  reason: RefundReason
  state: RefundState
  tries: Generated<number>
  due_at: Date | null
  requested_at: Date
  refunded_at: Date | null
  by: Generated<string>
  note: string | null
  failure: string | null
  replaces: string | null
  otherwise_by: Generated<string | null>
  otherwise_note: Generated<string | null>
  evidence: Generated<string | null>
  asking_until: Generated<Date | null>
}

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

interface SendTable {
  reminder_id: string
  channel: ChannelName
  state: 'sending' | 'sent' | 'unsent'
  reason: UnsentReason | null
  code: string | null
  at: Date
}

interface ConsentTable {
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

interface NudgeTable {
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

export interface MoveTable {
  id: string
  order_id: string
  from_slot: string
  to_slot: string
  fee_fen: number
  due_fen: number
  refund_fen: number
  quote: JSONColumnType<Quote>
  state: 'open' | 'done' | 'void'
  reason: string | null
  created_at: Date
  expires_at: Date
  ended_at: Date | null
}

export interface BillTable {
  method: Method
  day: string
  state: BillState
  tries: Generated<number>
  due_at: Date | null
  rows: number | null
  paid_fen: number | null
  refunded_fen: number | null
  digest: string | null
  failure: string | null
  matched_at: Date | null
}

export interface BillRowTable {
  id: GeneratedAlways<number>
  method: Method
  day: string
  kind: 'trade' | 'refund'
  trade_no: string
  refund_no: string | null
  amount_fen: number
  charge: string
  transaction_id: string
  at: Date
}

export interface DifferenceTable {
  id: string
  method: Method
  day: string
  kind: DifferenceKind
  about: 'trade' | 'refund'
  trade_no: string
  refund_no: string | null
  payment_id: string | null
  refund_id: string | null
  ours_fen: number | null
  theirs_fen: number | null
  ours_state: string | null
  theirs_state: string | null
  state: Generated<DifferenceState>
  resolution: string | null
  by: string | null
  found_at: Date
  resolved_at: Date | null
}

interface PictureFailureTable {
  user_id: string | null
  person_id: string | null
  at: Date
}

interface PictureTable {
  id: string
  user_id: string | null
  person_id: string | null
  type: 'image/jpeg'
  bytes: Buffer
  width: number
  height: number
  digest: string
  look: string
  created_at: Date
}

export interface ProofTable {
  id: string
  order_id: string
  payment_id: string
  picture_id: string
  paid_fen: number
  transaction_id: string | null
  flags: Generated<ProofFlag[]>
  state: ProofState
  reason: string | null
  decided_by: string | null
  decided_at: Date | null
  created_at: Date
}

interface ReceiptTable {
  code: string
  order_id: string
  payment_id: string
  content: JSONColumnType<Receipt>
  issued_at: Date
}

export interface FindingTable {
  id: string
  kind: FindingKind
  subject: string
  slot_id: string | null
  order_id: string | null
  expected: JSONColumnType<FindingSide>
  found: JSONColumnType<FindingSide>
  first_seen_at: Date
  last_seen_at: Date
  resolved_at: Date | null
  acknowledged_at: Date | null
  acknowledged_by: string | null
  note: string | null
}

export interface AuditTable {
  name: AuditRound
  after_at: Date | null
  after_id: string | null
  started_at: Date | null
  looked: Generated<number>
  finished_at: Date | null
  last_looked: Generated<number>
}

interface ArchiveTable {
  name: string
  state: 'following' | 'away'
  reason: string | null
  since: Date
  heard_at: Date
  base_at: Date | null
  base_reason: string | null
}

interface AuditDueTable {
  id: Generated<number>
  order_id: string
  since: Date
}

export interface DeliveryTable {
  payment_id: string
  state: 'waiting' | 'sent' | 'failed'
  tries: Generated<number>
  due_at: Date | null
  failure: string | null
  since: Date
  sent_at: Date | null
  payer: string | null
}
