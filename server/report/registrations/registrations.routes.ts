/** Registrations in the console (M2), and their export. */
import { exportPath } from '@jiyue/contract/api/registrations'
import { may } from '@jiyue/contract/people'
import { registrationFilter } from '@jiyue/contract/schema/registrations'
import { dayOf } from '@jiyue/contract/time'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { sendRefusal } from '../../http/errors.ts'
import { refuse } from '../../http/refusal.ts'
import { bearerOf, serve } from '../../http/serve.ts'
import { isKeepable } from '../../http/text.ts'
import type { Parts } from '../../parts.ts'
import { callerOf } from '../../people/sessions.ts'
import { Crowded, takeTurns } from '../../picture/turns.ts'
import { listExports, openExport } from './export.ts'
import { countRegistrations, listRegistrations } from './list.ts'
import { deleteView, listViews, putView } from './views.ts'

/** Exports that run at once in this process; more wait their turn, one at a time for a person. */
const AT_ONCE = 2
const WAITING = 4
const EXCEL = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet'

export function registrationListRoutes(app: FastifyInstance, parts: Parts): void {
  serve(app, parts, 'listRegistrations', ({ query }) => listRegistrations(parts, query))
  serve(app, parts, 'countRegistrations', ({ query }) => countRegistrations(parts, query))
  serve(app, parts, 'listViews', ({ caller }) => listViews(parts, caller.id))
  serve(app, parts, 'putView', async ({ params, body, caller }) => {
    const done = await putView(parts, { ...body, id: params.id }, caller.id)
    return done === 'ok' ? {} : done
  })
  serve(app, parts, 'deleteView', async ({ params, caller }) => {
    const done = await deleteView(parts, params.id, caller.id)
    return done === 'ok' ? {} : done
  })
  serve(app, parts, 'listExports', () => listExports(parts))

  const inTurn = takeTurns(AT_ONCE, WAITING)
  app.get(exportPath, { schema: { hide: true } }, async (request: FastifyRequest, reply) => {
    const caller = await callerOf(parts.db, bearerOf(request) ?? '', parts.now())
    if (!caller) return sendRefusal(request, reply, refuse('unauthenticated'))
    if (caller.kind !== 'person' || !may(caller.role, 'export')) {
      return sendRefusal(request, reply, refuse('forbidden'))
    }
    const asked = registrationFilter.safeParse(request.query)
    if (!asked.success || !isKeepable(request.query)) {
      return sendRefusal(request, reply, refuse('malformed'))
    }
    const sent = new Promise<void>((resolve) => reply.raw.once('close', resolve))
    return new Promise((resolve, reject) => {
      inTurn(async () => {
        if (reply.raw.destroyed) return
        const file = await openExport(parts, asked.data, caller.id)
        file.on('error', (error) => request.log.error({ err: error }, 'export broken off'))
        const name = `报名-${dayOf(parts.now().getTime())}.xlsx`
        resolve(
          reply
            .type(EXCEL)
            .header(
              'content-disposition',
              `attachment; filename="registrations.xlsx"; filename*=UTF-8''${encodeURIComponent(name)}`,
            )
            .header('cache-control', 'private, no-store')
            .send(file),
        )
        await sent
      }, caller.id).catch((error) => {
        if (!(error instanceof Crowded)) return reject(error)
        resolve(sendRefusal(request, reply, refuse('unavailable')))
      })
    })
  })
}
