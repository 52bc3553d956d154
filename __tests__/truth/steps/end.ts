/** How orders end, and money goes back. */
import { randomUUID } from 'node:crypto'
import { ownOrder } from '../../../server/order/order.ts'
import { cancelOrder } from '../../../server/payment/cancel.ts'
import { checkIn } from '../../../server/payment/complete.ts'
import { refundByHand } from '../../../server/payment/refunds/hand.ts'
import type { History, Step } from '../history.ts'
import type { Fate } from '../rails.ts'
import { pick } from './choose.ts'
import { payableOf } from './open.ts'

const FATES: readonly Fate[] = ['abnormal', 'closed', 'success']

/** Cancels; once that is answered, nobody can pay for what is no more (P10: closed before released). */
export function cancel(h: History, a: number): Step | null {
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

export function arrive(h: History, a: number): Step | null {
  const order = pick(h.orders, a)
  return (
    (order && {
      text: `${order.name}: comes and is checked in`,
      errand: (parts) => checkIn(parts, order.id, 'merchant', { early: true }),
    }) ??
    null
  )
}

/** The merchant gives some of an order's money back by hand. */
export function byHand(h: History, a: number, b: number): Step | null {
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

export function fate(h: History, a: number): Step {
  const next = pick(FATES, a) as Fate
  return {
    text: `the next refund will end in ${next}`,
    act: async () => {
      h.lane.rails.refundFate(next)
      return 'so be it'
    },
  }
}

export function rescue(h: History): Step {
  return {
    text: 'people at the provider pay abnormal refunds to other accounts',
    act: async () => {
      await h.lane.rails.rescueRefunds()
      return 'done'
    },
  }
}
