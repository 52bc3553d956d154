import type { Method } from '@jiyue/contract/payment'
import type { Input } from '@jiyue/contract/schema/wire'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { refuse } from '../http/refusal.ts'
import { serve } from '../http/serve.ts'
import { findOrder, ownOrder } from '../order/order.ts'
import type { Parts } from '../parts.ts'
import { setState } from './byHand.ts'
import { cancelOrder } from './cancel.ts'
import { takeByHand } from './offline.ts'
import { openPayment, readOwnPayment } from './payment.ts'
import { settleRefund } from './refund.ts'
import { settle } from './settle.ts'

export function paymentRoutes(app: FastifyInstance, parts: Parts): void {
  serve(app, parts, 'createPayment', async ({ params, body, caller, ip }) => {
    const order = await ownOrder(parts.db, params.id, caller.id)
    return order ? openPayment(parts, order, { ...body, ip }) : refuse('not_found')
  })

  serve(app, parts, 'getPayment', async ({ params, caller }) => {
    return (await readOwnPayment(parts, params.id, caller.id)) ?? refuse('not_found')
  })

  serve(app, parts, 'putCancellation', ({ params, body, caller }) =>
    cancelForMerchant(parts, params.id, body, caller.id),
  )

  serve(app, parts, 'putOfflinePayment', async ({ params, body, caller }) => {
    const done = await takeByHand(parts, { ...body, id: params.id }, caller.id)
    return done === 'ok' ? {} : done
  })

  serve(app, parts, 'putOrderState', async ({ params, body, caller }) => {
    const done = await setState(parts, { ...body, orderId: params.id }, caller.id)
    return done === 'ok' ? {} : done
  })

  serve(app, parts, 'putReturn', async ({ params, body, caller }) => {
    const read = await readOwnPayment(parts, params.id, caller.id, body.query)
    return read ?? refuse('not_found')
  })
}

/** The merchant ends somebody's order: the reason is theirs to read, and stays with the event. */
async function cancelForMerchant(
  parts: Parts,
  id: string,
  { reason, refund }: Input<'putCancellation'>['body'],
  personId: string,
) {
  const order = await findOrder(parts.db, id)
  if (!order) return refuse('not_found')
  const done = await cancelOrder(parts, order, {
    by: `merchant:${personId}`,
    ...(refund === 'whole' && { calledOff: true }),
    note: `商家取消：${reason}`,
    details: { reason },
  })
  return done === 'ok' ? {} : done
}

/** Where providers call. Their bytes are verified as they came, so nothing parses them before. */
export async function noticeRoutes(app: FastifyInstance, parts: Parts): Promise<void> {
  app.removeAllContentTypeParsers()
  app.addContentTypeParser('*', { parseAs: 'buffer' }, (_, body, done) => done(null, body))
  const schema = { hide: true }
  app.post('/v1/notices/wechat/payment', { schema }, hearing(parts, 'wechat'))
  app.post('/v1/notices/wechat/refund', { schema }, hearing(parts, 'wechat'))
  app.post('/v1/notices/alipay', { schema }, hearing(parts, 'alipay'))
}

function hearing(parts: Parts, method: Method) {
  const gateway = parts.gateways[method]
  const answer = (reply: FastifyReply, kind: 'accepted' | 'refused') => {
    const { status, type, body } = gateway.noticeAnswer[kind]
    return reply.code(status).type(type).send(body)
  }
  return async (request: FastifyRequest, reply: FastifyReply) => {
    const body = Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0)
    const notice = await gateway.readNotice(request.headers, body, parts.now())
    if (!notice.ok) {
      request.log.warn({ method, reason: notice.reason }, 'notice refused')
      return answer(reply, 'refused')
    }
    const { fact } = notice
    if (fact.kind === 'trade') await settle(parts, fact, 'notice')
    else await settleRefund(parts, fact, 'notice')
    return answer(reply, 'accepted')
  }
}
