import type { FastifyInstance } from 'fastify'
import { listServices } from '../booking/catalogue.ts'
import { isRefused, refuse } from '../http/refusal.ts'
import { serve } from '../http/serve.ts'
import { ownOrder } from '../order/order.ts'
import type { Parts } from '../parts.ts'
import { cancelOrder } from '../payment/cancel.ts'
import { listConsoleOrders, readConsoleOrder, readToday } from './console.ts'
import { readMessageReport } from './messages.ts'
import { listOrderCards, readOrderView } from './orderView.ts'
import { listRooms, listStaff } from './staff.ts'

/** Reading across the steps, and the verbs that end an order. */
export function reportRoutes(app: FastifyInstance, parts: Parts): void {
  serve(app, parts, 'listOrders', async ({ caller }) => ({
    orders: await listOrderCards(parts, caller.id),
    now: parts.now().toISOString(),
  }))

  serve(app, parts, 'getOrder', async ({ params, caller }) => {
    const order = await ownOrder(parts.db, params.id, caller.id)
    return order ? readOrderView(parts, order.id) : refuse('not_found')
  })

  serve(app, parts, 'cancelOrder', async ({ params, query, caller }) => {
    const order = await ownOrder(parts.db, params.id, caller.id)
    if (!order) return refuse('not_found')
    const result = await cancelOrder(parts, order, { by: 'user', seenFeeFen: query.feeFen })
    return isRefused(result) ? result : readOrderView(parts, order.id)
  })

  serve(app, parts, 'getToday', () => readToday(parts))
  serve(app, parts, 'listConsoleOrders', ({ query }) => listConsoleOrders(parts, query))
  serve(app, parts, 'getConsoleOrder', async ({ params }) => {
    return (await readConsoleOrder(parts, params.id)) ?? refuse('not_found')
  })
  serve(app, parts, 'getMessageReport', ({ query }) => readMessageReport(parts, query))
  serve(app, parts, 'listConsoleServices', async () => {
    const [services, staff, rooms, branches] = await Promise.all([
      listServices(parts.db, parts.now(), 'all'),
      listStaff(parts.db),
      listRooms(parts.db),
      parts.db.selectFrom('branches').selectAll().orderBy('name').execute(),
    ])
    return { services, staff, rooms, branches }
  })
}
