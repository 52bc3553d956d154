/** Money: payments, refunds, moves, proofs, bills (payment/, receipt/, picture/). */
import type { BillState, DifferenceKind, DifferenceState } from '@jiyue/contract/bill'
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
import type { Quote } from '@jiyue/contract/pricing'
import type { ProofFlag, ProofState } from '@jiyue/contract/proof'
import type { Receipt } from '@jiyue/contract/receipt'
import type { Generated, GeneratedAlways, JSONColumnType } from 'kysely'

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

export interface FactTable {
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

export interface OfflinePaymentTable {
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

export interface PictureFailureTable {
  user_id: string | null
  person_id: string | null
  at: Date
}

export interface PictureTable {
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

export interface ReceiptTable {
  code: string
  order_id: string
  payment_id: string
  content: JSONColumnType<Receipt>
  issued_at: Date
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
