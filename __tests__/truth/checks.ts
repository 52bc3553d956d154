/** What must be true of a history at rest: our books, the providers', and the rules agree to the fen. */
import type { OrderState } from '@jiyue/contract/order'
import type { RefundReason, RefundState } from '@jiyue/contract/payment'
import { sql } from 'kysely'
import { type History, hour, type OrderIn } from './history.ts'
import { payableOf } from './steps/open.ts'

/** An order with all its money, as we have it. */
export interface Book {
  id: string
  state: OrderState
  payable: number | null
  deposit: number
  confirms: number
  wasConfirmed: boolean
  /** When it was over: cancelled, checked in or missed. */
  endedAt: number | null
  cancelledSlot: string | null
  fees: number
  moves: number
  payments: { no: string; state: string; paid: number | null; facts: number; asked: boolean }[]
  refunds: {
    id: string
    /** The closed refund it makes good. */
    replaces: string | null
    no: string
    trade: string
    reason: RefundReason
    state: RefundState
    fen: number
    at: number
    due: boolean
  }[]
}

export async function booksOf(h: History): Promise<Book[]> {
  const { rows } = await sql<Book>`select o.id, o.state, o.payable_fen as payable,
    coalesce((o.quote ->> 'depositFen')::int, 0) as deposit,
    o.confirmed_at is not null as "wasConfirmed",
    (select count(*)::int from events where order_id = o.id and what = 'confirm') as confirms,
    (select (extract(epoch from at) * 1000)::float8 from events
      where order_id = o.id and what in ('cancel', 'complete', 'miss')) as "endedAt",
    (select slot_id from events where order_id = o.id and what = 'cancel') as "cancelledSlot",
    (select coalesce(sum(fee_fen), 0)::int from moves where order_id = o.id and state = 'done') as fees,
    (select count(*)::int from moves where order_id = o.id and state = 'done') as moves,
    (select coalesce(json_agg(json_build_object('no', trade_no, 'state', state, 'paid', paid_fen,
      'asked', ask_at is not null,
      'facts', (select count(*) from facts where payment_id = p.id and state = 'paid'))), '[]')
      from payments p where order_id = o.id) as payments,
    (select coalesce(json_agg(json_build_object('id', r.id, 'replaces', replaces, 'no', refund_no, 'trade', p.trade_no,
      'reason', reason, 'state', r.state, 'fen', r.amount_fen, 'due', due_at is not null,
      'at', (extract(epoch from requested_at) * 1000)::float8)), '[]')
      from refunds r join payments p on p.id = r.payment_id where p.order_id = o.id) as refunds
    from orders o where o.id = any (${h.orders.map(({ id }) => id)})`.execute(h.lane.db)
  return rows
}

/**
 * Before any bill was heard: whatever was paid while it could be paid is known already. Money that
 * came after the end of its trade may wait for the bill.
 */
export function checkKnown(h: History, list: readonly Book[]): void {
  const books = new Map(list.map((book) => [book.id, book]))
  for (const payment of h.payments) {
    const trade = h.lane.rails.trade(payment.method, payment.tradeNo)
    if (!trade || trade.paidFen === null || payment.late) continue
    const row = books.get(payment.order.id)?.payments.find(({ no }) => no === payment.tradeNo)
    if (row?.state !== 'succeeded')
      h.wrongs.push(`${payment.name} is paid, and without the bill our books say ${row?.state}`)
  }
}

export function checkBooks(h: History, list: readonly Book[]): void {
  const books = new Map(list.map((book) => [book.id, book]))
  for (const order of h.orders) {
    const book = books.get(order.id)
    if (!book) continue // its hold was not granted
    checkProviders(h, order, book)
    checkRules(h, order, book)
  }
}

/** Every trade and refund is the same there and here, and nothing is left to do. */
function checkProviders(h: History, order: OrderIn, book: Book): void {
  const wrong = (what: string) => h.wrongs.push(`${order.name}: ${what}`)
  for (const { name } of payableOf(h, order)) wrong(`at rest ${name} can still be paid`)
  if (book.confirms > 1) wrong(`was confirmed ${book.confirms} times`)
  for (const payment of order.payments) {
    const trade = h.lane.rails.trade(payment.method, payment.tradeNo)
    const row = book.payments.find(({ no }) => no === payment.tradeNo)
    const [there, here] = [trade?.paidFen ?? 0, row?.paid ?? 0]
    if (there !== here) wrong(`${payment.name} took ${there} fen, our books say ${here}`)
    if (there > 0 && row?.facts === 0) wrong(`${payment.name} is paid without a fact`)
    if (row?.asked) wrong(`${payment.name} is still asked about`)
    for (const one of trade?.refunds ?? []) {
      const ours = book.refunds.find(({ no }) => no === one.no)
      if (!ours) wrong(`${payment.name} gave ${one.fen} fen back under a number we do not have`)
      else if (one.state === 'succeeded' && (ours.state !== 'succeeded' || ours.fen !== one.fen))
        wrong(`${payment.name} gave ${one.fen} fen back, ours is ${ours.state}, ${ours.fen} fen`)
    }
    for (const ours of book.refunds.filter((one) => one.trade === payment.tradeNo)) {
      const theirs = trade?.refunds.find(({ no }) => no === ours.no)
      const ended = ours.state === 'succeeded' || ours.state === 'closed'
      if (!ended || ours.due) wrong(`a refund of ${payment.name} rests as ${ours.state}`)
      if (ours.state === 'succeeded' && theirs?.state !== 'succeeded')
        wrong(`${payment.name}: a refund succeeded here, and is ${theirs?.state} there`)
    }
  }
}

/** What the merchant really keeps, as the providers have it, is what the rules say. */
function checkRules(h: History, order: OrderIn, book: Book): void {
  const kept = keptAtProviders(h, order)
  // What was given back by hand may be more than a move would have: the auditor's bounds hold then.
  if (book.moves > 0 && byHandOf(book).length > 0) return
  const should = shouldKeep(h, order, book)
  if (!should.includes(kept)) {
    h.wrongs.push(
      `${order.name} is ${book.state}, payable ${book.payable}: the merchant keeps ${kept} fen, ` +
        `by rule ${should.join(' or ')}`,
    )
  }
}

function keptAtProviders(h: History, order: OrderIn): number {
  const trades = order.payments.flatMap(
    ({ method, tradeNo }) => h.lane.rails.trade(method, tradeNo) ?? [],
  )
  return trades.reduce(
    (sum, { paidFen, refunds }) =>
      refunds.reduce(
        (left, one) => (one.state === 'succeeded' ? left - one.fen : left),
        sum + (paidFen ?? 0),
      ),
    0,
  )
}

/** The rules once more, told independently of the product; several where an instant is two. */
function shouldKeep(h: History, order: OrderIn, book: Book): number[] {
  const { state, payable, fees, deposit } = book
  const byHand = sum(byHandOf(book))
  if (state === 'held' || state === 'registered') return [] // nothing rests in these
  if (state === 'expired') return [0]
  if (state === 'cancelled') return book.wasConfirmed ? keptAfterCancel(h, order, book) : [0]
  const whole = (payable ?? Number.NaN) + fees
  if (state === 'confirmed') return [whole - byHand]
  // By hand the deposit is given back first; the rest of it goes back by itself.
  return beforeTheEnd(book).map((before) => {
    const left = Math.min(Math.max(0, deposit - before), Math.max(0, whole - before - fees))
    return whole - byHand - left
  })
}

/** Free until 24 hours before the start, then 20 % of all but the deposit, rounded half up. */
function keptAfterCancel(h: History, order: OrderIn, book: Book): number[] {
  const slot = h.slots.find(({ id }) => id === book.cancelledSlot) ?? order.slot
  return beforeTheEnd(book).flatMap((before) => {
    const here = (book.payable ?? Number.NaN) - before
    const deposit = Math.min(here, Math.max(0, book.deposit - before))
    const fee = Math.floor(((here - deposit) * 20 + 50) / 100)
    const later = sum(byHandOf(book)) - before
    return order.taps.map((tap) =>
      slot.startsAt - tap >= 24 * hour ? book.fees - later : book.fees + fee - later,
    )
  })
}

/** What was given back by hand before an order ended; twice where that may be one instant. */
function beforeTheEnd(book: Book): number[] {
  const at = book.endedAt ?? Number.NaN
  const decided = (one: Book['refunds'][number]): number => {
    const before = book.refunds.find(({ id }) => id === one.replaces)
    return before ? decided(before) : one.at
  }
  const byHand = byHandOf(book)
  return [
    sum(byHand.filter((one) => decided(one) < at)),
    sum(byHand.filter((one) => decided(one) <= at)),
  ]
}

const byHandOf = (book: Book) => book.refunds.filter((one) => one.reason === 'manual')

const sum = (refunds: readonly { fen: number; state: RefundState }[]) =>
  refunds.reduce((all, { fen, state }) => (state === 'closed' ? all : all + fen), 0)
