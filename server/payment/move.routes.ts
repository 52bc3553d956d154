import type { FastifyInstance } from 'fastify'
import { isRefused, refuse } from '../http/refusal.ts'
import { serve } from '../http/serve.ts'
import { ownOrder } from '../order/order.ts'
import type { Parts } from '../parts.ts'
import { moveView } from '../report/orderExtras.ts'
import { readOrderView } from '../report/orderView.ts'
import { giveUpMove } from './giveUp.ts'
import { putMove, readMoveQuote } from './move.ts'
import { type MoveSeen, readOwnMove } from './moves.ts'

export function moveRoutes(app: FastifyInstance, parts: Parts): void {
  serve(app, parts, 'getMoveQuote', async ({ params, query, caller }) => {
    const order = await ownOrder(parts.db, params.id, caller.id)
    return order ? readMoveQuote(parts, order, query.slotId) : refuse('not_found')
  })

  serve(app, parts, 'putMove', async ({ params, body, caller }) => {
    const order = await ownOrder(parts.db, body.orderId, caller.id)
    if (!order) return refuse('not_found')
    const move = await putMove(parts, order, { ...body, id: params.id })
    return isRefused(move) ? move : seen(parts, move)
  })

  serve(app, parts, 'deleteMove', async ({ params, caller }) => {
    const move = await readOwnMove(parts.db, params.id, caller.id)
    if (!move) return refuse('not_found')
    const over = await giveUpMove(parts, move)
    return isRefused(over) ? over : seen(parts, over)
  })
}

async function seen(parts: Parts, move: MoveSeen) {
  return { move: moveView(move), order: await readOrderView(parts, move.order_id) }
}
