/**
 * The tables as Kysely sees them, in the order of the migrations, which hold the comments; their rows
 * stand in tables/, by the folder whose they are. Instants are Date, days 'YYYY-MM-DD', amounts
 * integer fen.
 */
import type { DayKind } from '@jiyue/contract/booking'
import type { ReminderKindName, TemplateFact, TemplateName } from '@jiyue/contract/reminder'
import type { MessageHost } from '@jiyue/contract/wording'
import type { Generated, JSONColumnType } from 'kysely'
import type { ArchiveTable, AuditDueTable, AuditTable, FindingTable } from './tables/audit.ts'
import type {
  NegotiationTable,
  PromotionTable,
  ReviewTable,
  RoomTable,
  ScheduleTable,
  ServiceTable,
  SlotTable,
  StaffTable,
  WaitTable,
} from './tables/booking.ts'
import type {
  ChaseTable,
  CouponGrantTable,
  CouponTable,
  DisruptedOrderTable,
  DisruptionTable,
} from './tables/disruption.ts'
import type {
  ComplaintPictureTable,
  ComplaintTable,
  FeedbackTable,
  FeedbackWordsTable,
} from './tables/feedback.ts'
import type {
  ConsentTable,
  NudgeTable,
  QueueReminderTable,
  ReminderTable,
  SendTable,
} from './tables/messages.ts'
import type {
  AmendedAnswerTable,
  AmendmentTable,
  EventTable,
  ExportTable,
  FormDraftTable,
  FormTable,
  LookTable,
  OrderTable,
  RegistrationTable,
  SavedViewTable,
  SealedAnswers,
} from './tables/orders.ts'
import type {
  BillRowTable,
  BillTable,
  DeliveryTable,
  DifferenceTable,
  FactTable,
  MoveTable,
  OfflinePaymentTable,
  PaymentTable,
  PictureFailureTable,
  PictureTable,
  ProofTable,
  ReceiptTable,
  RefundTable,
} from './tables/payments.ts'
import type {
  ActChangeTable,
  ActTable,
  AgreementTable,
  ContactTable,
  PersonTable,
  RecoveryCodeTable,
  SessionTable,
  SignInCodeTable,
  SignInTryTable,
  UserTable,
} from './tables/people.ts'

export type * from './tables/audit.ts'
export type * from './tables/booking.ts'
export type * from './tables/disruption.ts'
export type * from './tables/feedback.ts'
export type * from './tables/messages.ts'
export type * from './tables/orders.ts'
export type * from './tables/payments.ts'
export type * from './tables/people.ts'

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
