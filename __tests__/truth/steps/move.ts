/** Moving to another slot (B9). */
import { randomUUID } from 'node:crypto'
import { ownOrder } from '../../../server/order/order.ts'
import { giveUpMove } from '../../../server/payment/giveUp.ts'
import { putMove, readMoveQuote } from '../../../server/payment/move.ts'
import { readOwnMove } from '../../../server/payment/moves.ts'
import type { History, MoveIn, Step } from '../history.ts'
import { pick } from './choose.ts'
import { newPayment, opening, payableOf } from './open.ts'

/** Wishes to move an order, with what the phone showed, and perhaps opens the payment at once. */
export function move(h: History, a: number, b: number, c: number): Step | null {
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
export function giveUp(h: History, a: number): Step | null {
  const move = pick(h.moves, a)
  if (!move) return null
  return {
    text: `${move.name}: given up`,
    errand: async (parts) => {
      const row = await readOwnMove(parts.db, move.id, move.order.user)
      if (!row) return 'not_found'
      const over = await giveUpMove(parts, row)
      if ('refused' in over) return over.refused
      // One that was void before went with its order; money that still comes for it goes back.
      const payable = row.state === 'open' ? payableOf(h, move.order) : []
      for (const payment of payable)
        if (payment.move === move)
          h.wrongs.push(`${move.name} was given up while ${payment.name} can still be paid`)
      return over.state
    },
  }
}
