import type { FastifyInstance } from 'fastify'
import type { Admin } from './admin.ts'
import { done, type Fields, fieldsOf, refuse } from './adminHttp.ts'
import type { FaultOptions } from './faults.ts'
import { readSettings } from './settings.ts'

/** Admin endpoints for what goes wrong, for the clock, the settings and the keys. */
export function serveSteering(app: FastifyInstance, admin: Admin): void {
  app.post('/admin/faults', async (request, reply) => {
    const { what, times, ...fields } = fieldsOf(request)
    const [call, fault] = what ? String(what).split(' ') : [fields.call, fields.fault]
    const count = times === null || times === '' ? null : Number(times ?? 1)
    if (count !== null && !(Number.isSafeInteger(count) && count > 0))
      return refuse(request, reply, 'times: a positive whole number, or null for always')
    if (!admin.fault(String(call), String(fault), count, optionsOf(fields)))
      return refuse(
        request,
        reply,
        'no such fault of this call (GET /admin/faults shows the table), or a rate not from 0 to 1, ' +
          'or a number for a call that is about no single trade',
        '这个接口没有这种故障，或比例不在 0–1 之间，或该接口不能只针对一笔交易。',
      )
    return done(request, reply, '/faults', { armed: admin.faults() })
  })
  app.post('/admin/faults/clear', async (request, reply) => {
    const { id, call, only } = fieldsOf(request)
    admin.clearFaults({
      ...(id ? { id: String(id) } : {}),
      ...(call ? { call: String(call) } : {}),
      ...(only ? { only: String(only) } : {}),
    })
    return done(request, reply, '/faults', { armed: admin.faults() })
  })

  app.post('/admin/clock', async (request, reply) => {
    const offset = Number(fieldsOf(request).offsetMs)
    if (!Number.isSafeInteger(offset)) return refuse(request, reply, 'offsetMs: whole milliseconds')
    return done(request, reply, '/settings', admin.clock(offset))
  })
  app.post('/admin/advance', async (request, reply) => {
    const ms = Number(fieldsOf(request).ms)
    if (!Number.isSafeInteger(ms) || ms < 0) return refuse(request, reply, 'ms: whole milliseconds')
    return done(request, reply, '/', await admin.advance(ms))
  })
  app.post('/admin/settle', async () => {
    await admin.settle()
    return { settled: true }
  })
  app.post('/admin/settings', async (request, reply) => {
    const changes = readSettings(fieldsOf(request))
    if (typeof changes === 'string') return refuse(request, reply, changes)
    admin.change(changes)
    return done(request, reply, '/settings', admin.settings())
  })

  app.post('/admin/keys', async (request, reply) => {
    const { kind } = fieldsOf(request)
    if (kind !== 'publicKey' && kind !== 'certificate')
      return refuse(request, reply, 'kind: publicKey or certificate')
    await admin.issueKey(kind)
    return done(request, reply, '/settings', { keys: admin.keys() })
  })
  app.post('/admin/keys/retire', async (request, reply) => {
    const retired = admin.retireKey(String(fieldsOf(request).id))
    return done(request, reply, '/settings', { retired, keys: admin.keys() })
  })
}

/** An empty field of a form is one that was not filled in. */
function optionsOf({ rate, seed, only }: Fields): FaultOptions {
  const isGiven = (value: unknown) => value !== undefined && value !== '' && value !== null
  return {
    ...(isGiven(rate) ? { rate: Number(rate) } : {}),
    ...(isGiven(seed) ? { seed: Number(seed) } : {}),
    ...(isGiven(only) ? { only: String(only) } : {}),
  }
}
