import { privacyText } from '@jiyue/contract/privacy'
import type { FastifyInstance } from 'fastify'
import { isRefused, refuse } from '../http/refusal.ts'
import { serve } from '../http/serve.ts'
import { ownOrder } from '../order/order.ts'
import type { Parts } from '../parts.ts'
import { readOrderView } from '../report/orderView.ts'
import { batchRegistrar } from './batch.ts'
import { readDraft, saveDraft } from './draft.ts'
import { submit } from './registration.ts'

export function registrationRoutes(app: FastifyInstance, parts: Parts): void {
  serve(app, parts, 'getDraft', async ({ params, caller }) => {
    const order = await ownOrder(parts.db, params.id, caller.id)
    return order ? readDraft(parts, order.id) : refuse('not_found')
  })

  serve(app, parts, 'putDraft', async ({ params, body, caller }) => {
    const order = await ownOrder(parts.db, params.id, caller.id)
    return order ? saveDraft(parts, order, body) : refuse('not_found')
  })

  const registrar = batchRegistrar(parts)
  serve(app, parts, 'putRegistration', async ({ params, body, caller }) => {
    const order = await ownOrder(parts.db, params.id, caller.id)
    if (!order) return refuse('not_found')
    const { agreed, ...form } = body
    if (agreed !== undefined && privacyText(agreed) === null) return refuse('malformed')
    const said = agreed !== undefined && { agreed: { version: agreed, host: caller.host } }
    const result = await submit(parts, order, { ...form, ...said }, registrar)
    return isRefused(result) ? result : readOrderView(parts, order.id)
  })
}
