/** Booking and registering. */
import { randomUUID } from 'node:crypto'
import { hold } from '../../../server/booking/booking.ts'
import { ownOrder } from '../../../server/order/order.ts'
import type { Parts } from '../../../server/parts.ts'
import { submit } from '../../../server/registration/registration.ts'
import type { History, OrderIn, Step } from '../history.ts'
import { pick } from './choose.ts'
import { newPayment, opening } from './open.ts'

const nameOf = (index: number) => 'ABCDEFGHIJKLMNOPQRSTUVWXYZ'[index] ?? `Z${index}`

/** Books, and goes on as far as `until` says. */
export function book(
  h: History,
  a: number,
  b: number,
  c: number,
  until: 'hold' | 'register' | 'open',
) {
  const slot = pick(h.slots, a)
  const user = pick(h.users, b)
  if (!slot || !user || h.orders.length >= h.mostOrders) return null
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
      const verdict = (await hold(parts.db, parts.bus, [request]))[0]?.verdict
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

export function register(h: History, a: number): Step | null {
  const order = pick(
    h.orders.filter((one) => one.step === 'held'),
    a,
  )
  return (
    (order && { text: `${order.name}: registers`, errand: (parts) => registering(parts, order) }) ??
    null
  )
}
