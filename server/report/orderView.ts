/** An order with everything its pages show: reads across all three steps, writes nothing. */

import { disruptedCancelRule, disruptedMoveRule } from '@jiyue/contract/disruption'
import type { UploadedFile } from '@jiyue/contract/fields/file'
import type { FormField } from '@jiyue/contract/fields/kinds'
import { fieldKinds } from '@jiyue/contract/fields/registry'
import { stateAt } from '@jiyue/contract/order'
import type { Quote } from '@jiyue/contract/pricing'
import { cancelRuleText, moveRuleText, type Rules } from '@jiyue/contract/rules'
import type { Form, Order, OrderCard, Payment, Refund } from '@jiyue/contract/schema/wire'
import type { Kysely } from 'kysely'
import type { Held, HoldRequest } from '../booking/booking.ts'
import { photo, readForm, readMerchant } from '../booking/catalogue.ts'
import { namesOfSlot, type Offer } from '../booking/offer.ts'
import { priceOrder } from '../booking/price.ts'
import { quoteOf, runningOf } from '../booking/quote.ts'
import { anyOf } from '../db/conditions.ts'
import { gathered, listsBy } from '../db/gather.ts'
import type { Database } from '../db/schema.ts'
import type { OrderRow } from '../order/order.ts'
import { readRules } from '../order/rules.ts'
import type { Parts } from '../parts.ts'
import { calledOff, cancelling, paidOf } from '../payment/cancel.ts'
import { type Kept, keptOf, paymentsOf } from '../payment/kept.ts'
import { refundView } from '../payment/refund.ts'
import { paymentView } from '../payment/view.ts'
import { maskAnswer } from '../people/mask.ts'
import { openAnswer } from '../registration/answers.ts'
import { mayProve, newestProof, openMove, talkOf } from './orderExtras.ts'

type OrderWithNames = Awaited<ReturnType<ReturnType<typeof orderRows>['execute']>>[number]

/** The caller's orders, newest first, at most 100. */
export async function listOrderCards(parts: Parts, userId: string): Promise<OrderCard[]> {
  const rules = await readRules(parts.db)
  const rows = await orderRows(parts.db)
    .where('orders.user_id', '=', userId)
    .orderBy('orders.created_at', 'desc')
    .limit(100)
    .execute()
  return Promise.all(rows.map((row) => orderCard(parts, row, rules)))
}

/** One order in full. */
export async function readOrderView(parts: Parts, orderId: string): Promise<Order> {
  const { db } = parts
  const now = parts.now()
  const row = await orderWithNames(db, orderId)
  if (!row) throw new Error(`there is no order ${orderId}`)
  const [rules, quote, form, answers, payment, refunds, kept, { payee }, move, proof, talk] =
    await Promise.all([
      readRules(db),
      quoteOf(db, row, now),
      readForm(db, row.service_id, row.form_version),
      answersOf(db, orderId),
      paymentOf(db, orderId),
      refundsOf(db, orderId),
      keptOf(db, orderId),
      readMerchant(db),
      openMove(db, orderId, now),
      newestProof(db, orderId),
      talkOf(db, row),
    ])
  return {
    ...pageOf(row, { rules, quote, form, payee, now }, kept, talk.disruption !== null),
    answers: answers ? showAnswers(parts, form.fields as FormField[], answers) : [],
    payment,
    refunds,
    openMove: move,
    proof,
    mayProve: await mayProve(db, orderId, rules, now),
    ...talk,
  }
}

/**
 * The order that was held just now, as readOrderView answers it: nothing was submitted, paid, given
 * back or moved yet, and the rest is in `held` and `offer`.
 */
export function heldOrderView(
  parts: Parts,
  request: HoldRequest,
  held: Extract<Held, { verdict: 'granted' }>,
  offer: Offer | null,
): Order | Promise<Order> {
  if (offer?.slot.form.version !== held.form_version) return readOrderView(parts, request.order)
  const now = parts.now()
  const { slot, rules, promotions, payee } = offer
  const running = runningOf(promotions, slot.service_id, now)
  const quote = priceOrder(slot, request.party, running, held.first)
  const row: OrderWithNames = {
    ...slot,
    ...held,
    id: request.order,
    user_id: request.user,
    party: request.party,
    state: 'held',
    quote: null,
    payable_fen: null,
    registered_at: null,
    confirmed_at: null,
    ended_at: null,
  }
  return {
    ...pageOf(row, { rules, quote, form: slot.form, payee, now }, nothingKept, false),
    answers: [],
    payment: null,
    refunds: [],
    openMove: null,
    proof: null,
    mayProve: false,
    attendance: null,
    openNudges: [],
    disruption: null,
  }
}

const nothingKept: Kept = { payments: [], keptFen: 0, feesFen: 0, byHandFen: 0 }

interface Around {
  rules: Rules
  quote: Quote
  form: Form
  payee: string
  now: Date
}

/** What a page shows of an order itself, and of its rules. */
function pageOf(
  row: OrderWithNames,
  { rules, quote, form, payee, now }: Around,
  kept: Kept,
  isOff: boolean,
) {
  const card = cardOf(row, rules, quote, now)
  const mayCancel =
    card.state === 'held' || card.state === 'registered' || card.state === 'confirmed'
  return {
    ...card,
    staff: row.staff_id && row.staff_name ? { id: row.staff_id, name: row.staff_name } : null,
    branch: row.branch_id
      ? {
          id: row.branch_id,
          name: row.branch_name ?? '',
          address: row.branch_address ?? '',
          phone: row.branch_phone ?? '',
        }
      : null,
    quote,
    form,
    registered: row.registered_at !== null,
    cancelRule: isOff ? disruptedCancelRule : cancelRuleText(rules),
    cancelling: mayCancel ? costOf(row, rules, kept, isOff, now) : null,
    movable: card.state === 'confirmed' && now < row.starts_at,
    moveRule: isOff ? disruptedMoveRule : moveRuleText(rules),
    moveFeesFen: kept.feesFen,
    payee,
    now: now.toISOString(),
  }
}

function costOf(row: OrderWithNames, rules: Rules, kept: Kept, isOff: boolean, now: Date) {
  return isOff ? calledOff(kept) : cancelling(paidOf(kept, row), row.starts_at, rules, now)
}

const orderWithNames = gathered(async (db, ids: readonly string[]) => {
  const rows = await orderRows(db).where('orders.id', '=', anyOf(ids)).execute()
  return new Map(rows.map((row) => [row.id, row]))
})

/** By order: what was submitted. */
const answersOf = gathered(async (db, orderIds: readonly string[]) => {
  const rows = await db
    .selectFrom('registrations')
    .select(['order_id', 'answers'])
    .where('order_id', '=', anyOf(orderIds))
    .execute()
  return new Map(rows.map((row) => [row.order_id, row.answers]))
})

/** The rows of order cards; callers add their conditions. */
export function orderRows(db: Kysely<Database>) {
  return db
    .selectFrom('orders')
    .innerJoin('services', 'services.id', 'orders.service_id')
    .innerJoin('slots', 'slots.id', 'orders.slot_id')
    .leftJoin('staff', 'staff.id', 'slots.staff_id')
    .leftJoin('branches', 'branches.id', 'slots.branch_id')
    .selectAll('orders')
    .select(namesOfSlot)
}

/** A row as a card, its state as time makes it. */
export async function orderCard(
  parts: Parts,
  row: OrderWithNames,
  rules: Rules,
): Promise<OrderCard> {
  const now = parts.now()
  return cardOf(row, rules, await quoteOf(parts.db, row, now), now)
}

function cardOf(row: OrderWithNames, rules: Rules, quote: Quote, now: Date): OrderCard {
  const heldUntil = row.held_until?.toISOString() ?? null
  const state = stateAt({ state: row.state, heldUntil }, now.getTime())
  return {
    id: row.id,
    number: row.number,
    state,
    heldUntil: state === 'expired' ? null : heldUntil,
    payUntil: state === 'registered' ? payUntil(row, rules) : null,
    party: row.party,
    service: {
      id: row.service_id,
      name: row.service_name,
      kind: row.service_kind,
      cover: photo(row.service_photos[0] ?? '', 'thumb'),
    },
    slot: {
      id: row.slot_id,
      startsAt: row.starts_at.toISOString(),
      endsAt: row.ends_at.toISOString(),
      staffId: row.staff_id,
    },
    payableFen: row.payable_fen ?? quote.payableFen,
    createdAt: row.created_at.toISOString(),
  }
}

function payUntil(row: OrderRow, rules: Rules): string | null {
  return (
    row.held_until && new Date(row.held_until.getTime() - rules.closingSeconds * 1000).toISOString()
  )
}

/**
 * The order's payment that matters: the one that stands for it, not one that goes back whole; else
 * the one that succeeded last, else the newest. Payments of moves are not the order's own.
 */
async function paymentOf(db: Kysely<Database>, orderId: string): Promise<Payment | null> {
  const payments = await paymentsOf(db, orderId)
  const own = payments
    .filter(({ move_id }) => move_id === null)
    .sort((a, b) => b.created_at.getTime() - a.created_at.getTime())
  const row =
    payments.find(({ stands }) => stands) ??
    own.find(({ state }) => state === 'succeeded') ??
    own[0]
  return row ? paymentView(row) : null
}

async function refundsOf(db: Kysely<Database>, orderId: string): Promise<Refund[]> {
  return ((await refundLists(db, orderId)) ?? []).map(refundView)
}

const refundLists = gathered(async (db, orderIds: readonly string[]) => {
  const rows = await db
    .selectFrom('refunds')
    .innerJoin('payments', 'payments.id', 'refunds.payment_id')
    .selectAll('refunds')
    .select('payments.order_id')
    .where('payments.order_id', '=', anyOf(orderIds))
    .orderBy('requested_at')
    .execute()
  return listsBy(rows, (row) => row.order_id)
})

/** Submitted answers for people, masked where they are sealed. */
function showAnswers(
  { seal }: Parts,
  fields: readonly FormField[],
  answers: Readonly<Record<string, unknown>>,
): Order['answers'] {
  return fields
    .filter((field) => field.id in answers)
    .map((field) => {
      const value = openAnswer(seal, answers[field.id])
      const text = fieldKinds[field.kind].show(value, field)
      return {
        label: field.label,
        text: maskAnswer(field, text),
        ...(field.kind === 'file' && { pictures: value as UploadedFile[] }),
      }
    })
}
