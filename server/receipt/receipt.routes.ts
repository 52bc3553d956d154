import type { FastifyInstance, FastifyRequest } from 'fastify'
import { sendRefusal } from '../http/errors.ts'
import { refuse } from '../http/refusal.ts'
import { serve } from '../http/serve.ts'
import { ownOrder } from '../order/order.ts'
import type { Parts } from '../parts.ts'
import { Crowded } from '../picture/turns.ts'
import { openPress } from './press.ts'
import { issueReceipt, readSheet, verifyReceipt } from './receipt.ts'

/** PDFs a minute from one address. */
const PRINTS = 30

/** Receipts (P9). */
export function receiptRoutes(app: FastifyInstance, parts: Parts): void {
  serve(app, parts, 'putReceipt', async ({ params, caller }) => {
    const order = await ownOrder(parts.db, params.id, caller.id)
    return order ? issueReceipt(parts, order) : refuse('not_found')
  })

  serve(app, parts, 'getReceipt', async ({ params }) => {
    return (await verifyReceipt(parts, params.code)) ?? refuse('not_found')
  })

  const press = openPress()
  app.addHook('onClose', () => press.close())
  app.route<{ Params: { code: string } }>({
    method: 'GET',
    url: '/v1/receipts/:code/pdf',
    schema: { hide: true },
    config: {
      rateLimit: { max: app.limitOf(PRINTS), keyGenerator: ({ ip }: FastifyRequest) => ip },
    },
    async handler(request, reply) {
      const sheet = await readSheet(parts, request.params.code)
      if (!sheet) return sendRefusal(request, reply, refuse('not_found'))
      try {
        const pdf = await press.print(sheet)
        const { code, orderNumber } = sheet.receipt
        return (
          reply
            .type('application/pdf')
            .header('content-disposition', attachment(code, orderNumber))
            // It tells of refunds as of now, and of one person.
            .header('cache-control', 'private, no-store')
            .send(pdf)
        )
      } catch (error) {
        if (error instanceof Crowded) return sendRefusal(request, reply, refuse('unavailable'))
        throw error
      }
    },
  })
}

/** A Chinese name for whoever reads RFC 5987, a plain one for the rest. */
function attachment(code: string, orderNumber: string): string {
  const name = encodeURIComponent(`支付凭证-${orderNumber}.pdf`)
  return `attachment; filename="receipt-${code}.pdf"; filename*=UTF-8''${name}`
}
