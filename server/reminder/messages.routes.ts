import { type TemplateName, templateNames } from '@jiyue/contract/reminder'
import type { FastifyInstance } from 'fastify'
import { refuse } from '../http/refusal.ts'
import { serve } from '../http/serve.ts'
import type { Parts } from '../parts.ts'
import type { MessageHost } from '../platforms/platforms.ts'
import { keepConsents, leftOf } from './consents.ts'
import { listMessages, markRead } from './inbox.ts'

/** The inbox and the consents of whoever calls. */
export function messageRoutes(app: FastifyInstance, parts: Parts): void {
  serve(app, parts, 'listMessages', ({ caller }) => listMessages(parts, caller.id))

  serve(app, parts, 'putRead', async ({ body, caller }) => ({
    unread: await markRead(parts, caller.id, new Date(body.until)),
  }))

  serve(app, parts, 'listConsents', async ({ caller }) => {
    const host = hostOf(caller.host)
    if (!host) return { templates: [] }
    const ids = parts.platforms.templatesOf(host)
    const left = await leftOf(parts.db, { userId: caller.id, host })
    const known = templateNames.filter((name): name is TemplateName => ids[name] !== undefined)
    return {
      templates: known.map((name) => ({ name, id: ids[name] ?? '', left: left[name] ?? 0 })),
    }
  })

  serve(app, parts, 'putConsents', async ({ params, body, caller }) => {
    const host = hostOf(caller.host)
    if (!host) return refuse('method_not_offered')
    await keepConsents(parts.db, { userId: caller.id, host }, params.id, body.answers, parts.now())
    return {}
  })
}

/** Hosts that ask people about templates; browsers have none. */
function hostOf(host: string): MessageHost | null {
  return host === 'weapp' || host === 'alipay' ? host : null
}
