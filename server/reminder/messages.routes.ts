import { type TemplateName, templateNames } from '@jiyue/contract/reminder'
import type { MessageHost } from '@jiyue/contract/wording'
import type { FastifyInstance } from 'fastify'
import { refuse } from '../http/refusal.ts'
import { serve } from '../http/serve.ts'
import type { Parts } from '../parts.ts'
import { keepConsents, leftOf } from './consents.ts'
import { putHostTemplate, templatesOf } from './hostTemplates.ts'
import { listMessages, markRead } from './inbox.ts'
import { listWording, putWording } from './wording.ts'

/** The inbox and the consents of whoever calls; what messages say, for the merchant. */
export function messageRoutes(app: FastifyInstance, parts: Parts): void {
  serve(app, parts, 'listMessages', ({ caller }) => listMessages(parts, caller.id))

  serve(app, parts, 'putRead', async ({ body, caller }) => ({
    unread: await markRead(parts, caller.id, new Date(body.until)),
  }))

  serve(app, parts, 'listConsents', async ({ caller }) => {
    const host = hostOf(caller.host)
    if (!host) return { templates: [] }
    const ids = await templatesOf(parts.db, parts, host)
    const left = await leftOf(parts.db, { userId: caller.id, host }, ids)
    const known = templateNames.filter((name): name is TemplateName => ids[name] !== undefined)
    return {
      templates: known.map((name) => ({ name, id: ids[name]?.id ?? '', left: left[name] ?? 0 })),
    }
  })

  serve(app, parts, 'putConsents', async ({ params, body, caller }) => {
    const host = hostOf(caller.host)
    if (!host) return refuse('method_not_offered')
    const ids = await templatesOf(parts.db, parts, host)
    const whose = { userId: caller.id, host }
    await keepConsents(parts.db, whose, params.id, body.answers, ids, parts.now())
    return {}
  })

  serve(app, parts, 'listWording', () => listWording(parts))
  serve(app, parts, 'putWording', ({ params, body }) => putWording(parts, params.kind, body))
  serve(app, parts, 'putHostTemplate', ({ params, body }) => putHostTemplate(parts, params, body))
}

/** Hosts that ask people about templates; browsers have none. */
function hostOf(host: string): MessageHost | null {
  return host === 'weapp' || host === 'alipay' ? host : null
}
