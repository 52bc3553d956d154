/**
 * What is wrong with an order (X1): pure, over one picture of it. The sums and rules here are the
 * auditor's own, written from the state tables and what the merchant promised, and use nothing of
 * payment/: asking the code that keeps the books whether the books are right would prove nothing.
 */
import type { FindingKind, FindingSide } from '@jiyue/contract/audit'
import { type Fen, percentOf } from '@jiyue/contract/money'
import { type OrderEvent, type OrderState, orderMoves } from '@jiyue/contract/order'
import type { PaymentState, RefundState } from '@jiyue/contract/payment'

export interface Found {
  kind: FindingKind
  /** Id of what is wrong. */
  subject: string
  expected: FindingSide
  found: FindingSide
}

export interface PaymentPicture {
  id: string
  state: PaymentState
  paidFen: Fen
  /** Whether a fact says so. */
  heardPaid: boolean
  /** Whether hearing “closed” closed it. */
  heardClosed: boolean
}

export interface RefundPicture {
  id: string
  paymentId: string
  state: RefundState
  amountFen: Fen
  reason: string
  heardSucceeded: boolean
  heardClosed: boolean
}

export interface OrderPicture {
  id: string
  state: OrderState
  wasConfirmed: boolean
  payableFen: Fen
  depositFen: Fen
  /** Fees of moves that were made. */
  feesFen: Fen
  /** What cancelling left, as it was decided then; null for an order cancelled before that was noted. */
  keepsFen: Fen | null
  /** `hold` and order events, in the order in which they happened. */
  events: string[]
  payments: PaymentPicture[]
  refunds: RefundPicture[]
}

/** Everything wrong with one order. `cancelFeePercent`: the rule of today, for old cancellations. */
export function judge(order: OrderPicture, cancelFeePercent: number): Found[] {
  return [
    ...judgeHistory(order),
    ...judgeKept(order, cancelFeePercent),
    ...order.payments.flatMap((payment) => judgePayment(payment, order.refunds)),
    ...order.refunds.flatMap(judgeRefund),
  ]
}

/** The state that an order's events lead to by the table; null when the table does not let them. */
export function replay(events: readonly string[]): OrderState | null {
  const [first, ...rest] = events
  if (first !== 'hold') return null
  let state: OrderState = 'held'
  for (const event of rest) {
    const next: OrderState | undefined = orderMoves[state][event as OrderEvent]
    if (!next) return null
    state = next
  }
  return state
}

function judgeHistory({ id, state, events }: OrderPicture): Found[] {
  const told = replay(events)
  if (told === state) return []
  const expected = { state: told ?? events.join(' ') }
  return [{ kind: 'order_state', subject: id, expected, found: { state } }]
}

function judgeKept(order: OrderPicture, cancelFeePercent: number): Found[] {
  const paid = sum(
    order.payments.filter(({ state }) => state === 'succeeded'),
    'paidFen',
  )
  const kept = paid - backOf(order.refunds)
  const [least, most] = mayKeep(order, paid, cancelFeePercent)
  if (kept >= least && kept <= most) return []
  const expected = least === most ? { fen: least } : { fen: least, mostFen: most }
  return [{ kind: 'money_kept', subject: order.id, expected, found: { fen: kept } }]
}

/** Least and most that an order may keep of what was paid for it, in its state. */
function mayKeep(order: OrderPicture, paid: Fen, cancelFeePercent: number): [Fen, Fen] {
  const { state, payableFen, depositFen, feesFen } = order
  const byHand = backOf(order.refunds, 'manual')
  const whole = payableFen + feesFen
  switch (state) {
    case 'held':
    case 'registered':
    case 'expired':
      return [0, 0]
    case 'cancelled': {
      if (!order.wasConfirmed) return [0, 0]
      const most = order.keepsFen ?? feesFen + percentOf(paid, cancelFeePercent)
      return [order.keepsFen === null ? 0 : Math.max(0, most - byHand), most]
    }
    case 'confirmed':
      return [Math.max(0, whole - byHand), whole]
    case 'completed':
    case 'missed':
      // The deposit went back with the end; what a person had given back before may have been of it.
      return [Math.max(0, whole - depositFen - byHand), whole - (byHand > 0 ? 0 : depositFen)]
  }
}

function judgePayment(payment: PaymentPicture, refunds: readonly RefundPicture[]): Found[] {
  const { id, state, paidFen, heardPaid, heardClosed } = payment
  const wrongs: Found[] = []
  const succeeded = state === 'succeeded'
  if (succeeded && paidFen > 0 && !heardPaid) {
    wrongs.push(wrong('payment_without_fact', id, { fen: 0 }, { fen: paidFen }))
  }
  if (!succeeded && heardPaid) {
    wrongs.push(wrong('fact_without_payment', id, { state: 'succeeded' }, { state }))
  }
  if (!succeeded && !heardPaid && heardClosed !== (state === 'closed')) {
    const expected = { state: heardClosed ? 'closed' : 'pending' }
    wrongs.push(wrong('payment_state', id, expected, { state }))
  }
  const back = backOf(refunds.filter(({ paymentId }) => paymentId === id))
  const most = succeeded ? paidFen : 0
  if (back > most) {
    wrongs.push(wrong('refund_beyond_payment', id, { fen: 0, mostFen: most }, { fen: back }))
  }
  return wrongs
}

function judgeRefund({ id, state, heardSucceeded, heardClosed }: RefundPicture): Found[] {
  const told = heardSucceeded ? 'succeeded' : heardClosed ? 'closed' : null
  const over = state === 'succeeded' || state === 'closed' ? state : null
  if (told === over) return []
  return [wrong('refund_state', id, { state: told ?? 'requested' }, { state })]
}

function wrong(
  kind: FindingKind,
  subject: string,
  expected: FindingSide,
  found: FindingSide,
): Found {
  return { kind, subject, expected, found }
}

/** What went or is going back; a refund that the provider closed gave nothing. */
function backOf(refunds: readonly RefundPicture[], reason?: string): Fen {
  const going = refunds.filter(({ state }) => state !== 'closed')
  return sum(reason ? going.filter((refund) => refund.reason === reason) : going, 'amountFen')
}

function sum<K extends string>(rows: readonly Record<K, Fen>[], key: K): Fen {
  return rows.reduce((total, row) => total + row[key], 0)
}
