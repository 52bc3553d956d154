/**
 * Everything that can happen in a history: a table of steps. Each is asked with three small numbers
 * to choose by, and answers null when there is nothing it could be done with.
 */
import { randomUUID } from 'node:crypto'
import type { Method, Scene } from '@jiyue/contract/payment'
import { dayMs, dayOf, instantOf } from '@jiyue/contract/time'
import { sql } from 'kysely'
import { hold } from '../../server/booking/booking.ts'
import { tx } from '../../server/db/tx.ts'
import { expireLapsed, ownOrder } from '../../server/order/order.ts'
import type { Parts } from '../../server/parts.ts'
import { matchBill } from '../../server/payment/bills/bills.ts'
import { cancelOrder } from '../../server/payment/cancel.ts'
import { checkIn, missUnattended } from '../../server/payment/complete.ts'
import { giveUpMove } from '../../server/payment/giveUp.ts'
import { putMove, readMoveQuote } from '../../server/payment/move.ts'
import { readOwnMove } from '../../server/payment/moves.ts'
import { openPayment, readOwnPayment } from '../../server/payment/payment.ts'
import { refundByHand } from '../../server/payment/refunds/hand.ts'
import { submit } from '../../server/registration/registration.ts'
import { askDue, refundDue } from '../../server/sweep/sweep.ts'
import { nextDue } from './due.ts'
import {
  type History,
  hour,
  type MoveIn,
  minute,
  type OrderIn,
  type PaymentIn,
  type Step,
  second,
} from './history.ts'
import type { Fate } from './rails.ts'

export type Choose = (h: History, a: number, b: number, c: number) => Step | null

const WAYS: readonly (readonly [Method, Scene])[] = [
  ['wechat', 'weapp'],
  ['alipay', 'alipay'],
  ['alipay', 'h5'],
  ['wechat', 'desktop'],
]
const JUMPS = [1, 10, 31, 61, 180, 600, 1200, 1860, 3 * 3600, 24 * 3600].map((s) => s * second)
const FATES: readonly Fate[] = ['abnormal', 'closed', 'success']

const pick = <T>(from: readonly T[], n: number): T | undefined => from[n % (from.length || 1)]
const nameOf = (index: number) => 'ABCDEFGHIJKLMNOPQRSTUVWXYZ'[index] ?? `Z${index}`

export interface Kind {
  weight: number
  choose: Choose
  /** Providers are asked on the way. */
  asks?: true
}

/** step → how often it is drawn, and what it is. */
export const steps: Record<string, Kind> = {
  book: { weight: 3, choose: (h, a, b, c) => book(h, a, b, c, 'hold') },
  bookAndRegister: { weight: 4, choose: (h, a, b, c) => book(h, a, b, c, 'register') },
  bookAndOpen: { weight: 5, choose: (h, a, b, c) => book(h, a, b, c, 'open'), asks: true },
  register: { weight: 2, choose: register },
  open: { weight: 6, choose: open, asks: true },
  openAgain: { weight: 3, choose: openAgain, asks: true },
  pay: { weight: 14, choose: pay },
  payLate: { weight: 4, choose: payLate },
  notice: { weight: 9, choose: notice },
  phoneAsks: { weight: 4, choose: phoneAsks, asks: true },
  sweepAsks: {
    weight: 5,
    choose: (h, a) => sweepDue(h, a, 'the sweep asks about payments', askDue, 'ask'),
    asks: true,
  },
  sweepRefunds: {
    weight: 5,
    choose: (h, a) => sweepDue(h, a, 'the sweep follows refunds', refundDue, 'refund'),
    asks: true,
  },
  sweepHolds: {
    weight: 2,
    choose: () =>
      sweep('the sweep expires holds', (parts) => tx(parts.db, (t) => expireLapsed(t, parts.bus))),
  },
  sweepMissed: {
    weight: 1,
    choose: () => sweep('the sweep looks for no-shows', missUnattended),
  },
  bill: { weight: 2, choose: bill, asks: true },
  cancel: { weight: 7, choose: cancel, asks: true },
  move: { weight: 7, choose: move, asks: true },
  giveUpMove: { weight: 2, choose: giveUp, asks: true },
  refundByHand: { weight: 3, choose: byHand },
  checkIn: { weight: 2, choose: arrive },
  jump: { weight: 5, choose: (h, a) => wait(h, pick(JUMPS, a) as number) },
  edge: { weight: 6, choose: edge },
  fate: { weight: 2, choose: fate },
  rescue: { weight: 1, choose: rescue },
}

function book(h: History, a: number, b: number, c: number, until: 'hold' | 'register' | 'open') {
  const slot = pick(h.slots, a)
  const user = pick(h.users, b)
  if (!slot || !user || h.orders.length >= 6) return null
  const party = Math.min(slot.capacity, 1 + (c % 2))
  const order: OrderIn = {
    id: randomUUID(),
    name: nameOf(h.orders.length),
    user,
    slot,
    party,
    step: 'held',
    taps: [],
    payments: [],
  }
  h.orders.push(order)
  const who = `person ${h.users.indexOf(user) + 1}`
  return {
    text: `${order.name}: ${who} books ${party} of ${slot.name}${until === 'hold' ? '' : `, up to ${until}`}`,
    errand: async (parts: Parts) => {
      const request = { order: order.id, user, slot: slot.id, party }
      const [verdict] = await hold(parts.db, parts.bus, [request])
      if (verdict !== 'granted') order.step = 'over'
      if (verdict !== 'granted' || until === 'hold') return String(verdict)
      const registered = await registering(parts, order)
      if (registered !== 'ok' || until === 'register') return registered
      return opening(h, parts, newPayment(h, order, c, null))
    },
  }
}

async function registering(parts: Parts, order: OrderIn): Promise<string> {
  const row = await ownOrder(parts.db, order.id, order.user)
  if (!row) return 'not_found'
  const result = await submit(parts, row, { formVersion: 1, values: {} })
  if (result !== 'ok') return result.refused
  order.step = 'registered'
  return 'ok'
}

function register(h: History, a: number): Step | null {
  const order = pick(
    h.orders.filter((one) => one.step === 'held'),
    a,
  )
  return (
    (order && { text: `${order.name}: registers`, errand: (parts) => registering(parts, order) }) ??
    null
  )
}

function newPayment(h: History, order: OrderIn, c: number, move: MoveIn | null): PaymentIn {
  const [method, scene] = pick(WAYS, c) as (typeof WAYS)[number]
  const id = randomUUID()
  const payment: PaymentIn = {
    id,
    name: `${order.name}${order.payments.length + 1}`,
    tradeNo: id.replaceAll('-', ''),
    order,
    method,
    scene,
    params: null,
    move,
    late: false,
  }
  order.payments.push(payment)
  h.payments.push(payment)
  return payment
}

/** Opens a payment; once its parameters are here, no other trade of the order can still be paid. */
async function opening(h: History, parts: Parts, payment: PaymentIn): Promise<string> {
  const { order, id, method, scene } = payment
  const row = await ownOrder(parts.db, order.id, order.user)
  if (!row) return 'not_found'
  const wish = {
    id,
    method,
    scene,
    ip: '127.0.0.1',
    returnPath: '/',
    ...(payment.move && { moveId: payment.move.id }),
  }
  const result = await openPayment(parts, row, wish)
  if ('refused' in result) return `${payment.name} ${result.refused}`
  payment.params = result.params
  for (const other of payableOf(h, order)) {
    if (other !== payment && isPayable(h, payment))
      h.wrongs.push(`${payment.name} was opened while ${other.name} can still be paid`)
  }
  return `${payment.name} ${result.state}, by ${result.params.way}`
}

function isPayable(h: History, { params, method, tradeNo }: PaymentIn): boolean {
  return params !== null && h.lane.rails.trade(method, tradeNo)?.payable === true
}

export function payableOf(h: History, order: OrderIn): PaymentIn[] {
  return order.payments.filter((payment) => isPayable(h, payment))
}

/** Pays for an order, or for an open move of it: the person picks. */
function open(h: History, a: number, b: number): Step | null {
  const wanting: (OrderIn | MoveIn)[] = [
    ...h.orders.filter((one) => one.step === 'registered'),
    ...h.moves.filter((one) => one.state === 'open'),
  ]
  const of = pick(wanting, a)
  if (!of) return null
  const [order, move] = 'order' in of ? [of.order, of] : [of, null]
  if (order.payments.length >= 5) return null
  const payment = newPayment(h, order, b, move)
  const what = move ? ` for ${move.name}` : ''
  return {
    text: `${payment.name}: opened with ${payment.method} (${payment.scene})${what}`,
    errand: (parts) => opening(h, parts, payment),
  }
}

/** Wishes to move an order, with what the phone showed, and perhaps opens the payment at once. */
function move(h: History, a: number, b: number, c: number): Step | null {
  const paid = h.orders.filter((order) =>
    order.payments.some(({ method, tradeNo }) => h.lane.rails.trade(method, tradeNo)?.paidFen),
  )
  const order = pick(paid.length > 0 ? paid : h.orders, a)
  const slot = pick(h.slots, b)
  if (!order || !slot) return null
  const name = `move ${h.moves.length + 1}`
  const wish: MoveIn = { id: randomUUID(), name, order, slot, state: 'wished' }
  h.moves.push(wish)
  const pays = c % 2 === 1
  return {
    text: `${name}: ${order.name} to ${slot.name}${pays ? ', and opens its payment' : ''}`,
    errand: async (parts) => {
      const row = await ownOrder(parts.db, order.id, order.user)
      if (!row) return 'not_found'
      const quote = await readMoveQuote(parts, row, slot.id)
      if ('refused' in quote) return quote.refused
      const { dueFen, refundFen, feeFen } = quote
      const made = await putMove(parts, row, { id: wish.id, slotId: slot.id, dueFen, refundFen })
      if ('refused' in made) return made.refused
      wish.state = made.state === 'open' ? 'open' : 'over'
      const told = `${made.state}, fee ${feeFen}, due ${dueFen}, back ${refundFen}`
      if (wish.state !== 'open' || !pays) return told
      return `${told}; ${await opening(h, parts, newPayment(h, order, c, wish))}`
    },
  }
}

/** Gives a move up; once that is answered, nobody can pay for it. */
function giveUp(h: History, a: number): Step | null {
  const move = pick(h.moves, a)
  if (!move) return null
  return {
    text: `${move.name}: given up`,
    errand: async (parts) => {
      const row = await readOwnMove(parts.db, move.id, move.order.user)
      if (!row) return 'not_found'
      const over = await giveUpMove(parts, row)
      if ('refused' in over) return over.refused
      for (const payment of payableOf(h, move.order))
        if (payment.move === move)
          h.wrongs.push(`${move.name} was given up while ${payment.name} can still be paid`)
      return over.state
    },
  }
}

/** The merchant gives some of an order's money back by hand. */
function byHand(h: History, a: number, b: number): Step | null {
  const order = pick(h.orders, a)
  if (!order) return null
  const amountFen = pick([1, 3_000, 7_777, 9_999], b) as number
  const id = randomUUID()
  return {
    text: `${order.name}: the merchant gives ${amountFen} fen back`,
    errand: async (parts) => {
      const wish = { id, orderId: order.id, amountFen, note: '协商退款' }
      const refunds = await refundByHand(parts, wish, 'person')
      return 'refused' in refunds ? refunds.refused : `${refunds.length} refunds`
    },
  }
}

function openAgain(h: History, a: number): Step | null {
  const payment = pick(h.payments, a)
  return (
    (payment && {
      text: `${payment.name}: the phone asks again to open it`,
      errand: (parts) => opening(h, parts, payment),
    }) ??
    null
  )
}

function pay(h: History, a: number, b: number): Step | null {
  const payment = pick(
    h.payments.filter(
      ({ params, method, tradeNo }) =>
        params !== null && !h.lane.rails.trade(method, tradeNo)?.paidFen,
    ),
    a,
  )
  const params = payment?.params
  if (!payment || !params || params.way === 'none') return null
  const moreFen = !h.lane.rails.anyAmount ? 0 : b === 0 ? 1 : b === 1 ? -1 : 0
  return {
    text: `${payment.name}: the payer pays${moreFen ? ` ${moreFen} fen more` : ''}`,
    act: async () => ((await h.lane.rails.pay(params, moreFen)) ? 'paid' : 'cannot'),
  }
}

function payLate(h: History, a: number): Step | null {
  const payment = pick(
    h.payments.filter(
      ({ params, method, tradeNo }) =>
        params !== null && h.lane.rails.trade(method, tradeNo)?.payable === false,
    ),
    a,
  )
  if (!payment) return null
  return {
    text: `${payment.name}: money that was under way when the trade ended arrives`,
    act: async () => {
      const late = await h.lane.rails.payLate(payment.method, payment.tradeNo)
      payment.late ||= late
      return late ? 'paid' : 'cannot'
    },
  }
}

function notice(h: History, a: number): Step | null {
  const letters = h.lane.rails.mail().filter((letter) => letter.delivered < 3)
  const letter = pick(letters, a)
  if (!letter) return null
  const name = h.payments.find(({ tradeNo }) => tradeNo === letter.tradeNo)?.name
  letter.delivered += 1
  return {
    text: `${name}: notice of the ${letter.about} comes (${letter.delivered})`,
    errand: (parts) => letter.deliver(parts),
  }
}

function phoneAsks(h: History, a: number): Step | null {
  const payment = pick(h.payments, a)
  if (!payment) return null
  return {
    text: `${payment.name}: the phone asks about it`,
    errand: async (parts) =>
      (await readOwnPayment(parts, payment.id, payment.order.user))?.state ?? 'not_found',
  }
}

/** A sweep, mostly at the very moment when the next row is due. */
function sweepDue(
  h: History,
  a: number,
  text: string,
  run: (parts: Parts) => Promise<number>,
  what: 'ask' | 'refund',
): Step | null {
  if (h.payments.length === 0) return null
  const step = sweep(text, run)
  if (a % 4 === 0) return step
  const first = async () => {
    const due = (await nextDue(h))[what]
    if (due) await goTo(h, due.getTime())
  }
  return { ...step, first }
}

function sweep(text: string, run: (parts: Parts) => Promise<number>): Step {
  return { text, errand: async (parts) => String(await run(parts)) }
}

/** The bill of a day on which something was paid is read, on the next day. */
function bill(h: History, a: number): Step | null {
  const paid = h.payments.flatMap(({ method, tradeNo, name }) => {
    const paidAt = h.lane.rails.trade(method, tradeNo)?.paidAt
    return paidAt === undefined ? [] : [{ method, day: dayOf(paidAt), name }]
  })
  const of = pick(paid, a)
  if (!of) return null
  return {
    text: `the bill that lists ${of.name} is read`,
    first: () => goTo(h, instantOf(of.day) + dayMs + 10 * hour),
    errand: (parts) => matchBill(parts, { method: of.method, day: of.day }),
  }
}

/** Cancels; once that is answered, nobody can pay for what is no more (P10: closed before released). */
function cancel(h: History, a: number): Step | null {
  const order = pick(h.orders, a)
  if (!order) return null
  return {
    text: `${order.name}: cancelled`,
    errand: async (parts) => {
      order.taps.push(parts.now().getTime())
      const row = await ownOrder(parts.db, order.id, order.user)
      if (!row) return 'not_found'
      const result = await cancelOrder(parts, row)
      if (result !== 'ok') return result.refused
      for (const { name } of payableOf(h, order))
        h.wrongs.push(`${order.name} was cancelled while ${name} can still be paid`)
      return result
    },
  }
}

function arrive(h: History, a: number): Step | null {
  const order = pick(h.orders, a)
  return (
    (order && {
      text: `${order.name}: comes and is checked in`,
      errand: (parts) => checkIn(parts, order.id, 'merchant'),
    }) ??
    null
  )
}

function wait(h: History, ms: number): Step {
  const text =
    ms >= hour ? `${ms / hour} h` : ms >= minute ? `${ms / minute} min` : `${ms / second} s`
  return {
    text: `${text} go by`,
    act: () => goTo(h, h.lane.time.now().getTime() + ms),
  }
}

async function goTo(h: History, at: number): Promise<string> {
  await h.lane.time.moveTo(h.lane.db, at)
  await h.lane.rails.settle()
  return 'now'
}

/** Time moves to one of the instants where rules change, or to a second before or after it. */
function edge(h: History, a: number, b: number): Step {
  return {
    text: 'time goes on to an edge',
    act: async () => {
      const now = h.lane.time.now().getTime()
      const edges = [...(await edgesOf(h))].filter((at) => at > now + second).sort((x, y) => x - y)
      const next = pick(edges.slice(0, 4), a)
      if (next === undefined) return 'none ahead'
      return goTo(h, next + ([0, -second, second][b % 3] as number))
    },
  }
}

async function edgesOf(h: History): Promise<Set<number>> {
  const slots = h.slots.map(({ id }) => id)
  const { rows } = await sql<{ at: Date }>`
    select held_until as at from orders where slot_id = any (${slots}) and held_until is not null
    union select expires_at from payments join orders on orders.id = order_id
      where slot_id = any (${slots})
    union select ask_at from payments where ask_at is not null
    union select due_at from refunds where due_at is not null`.execute(h.lane.db)
  const starts = h.slots.flatMap(({ startsAt }) => [startsAt, startsAt - 24 * hour])
  return new Set([...rows.map(({ at }) => at.getTime()), ...starts])
}

function fate(h: History, a: number): Step {
  const next = pick(FATES, a) as Fate
  return {
    text: `the next refund will end in ${next}`,
    act: async () => {
      h.lane.rails.refundFate(next)
      return 'so be it'
    },
  }
}

function rescue(h: History): Step {
  return {
    text: 'people at the provider pay abnormal refunds to other accounts',
    act: async () => {
      await h.lane.rails.rescueRefunds()
      return 'done'
    },
  }
}
