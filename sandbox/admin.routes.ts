import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { Admin } from './admin.ts'
import type { BulkTrade } from './bulk.ts'
import { FAULTS } from './faults.ts'
import type { Plant } from './plants.ts'
import { readSettings } from './settings.ts'

type Fields = Record<string, unknown>
const PLATFORMS = 'platform: wechat or alipay'

/** Admin endpoints as JSON; forms of the admin pages use the same ones and come back to a page. */
export function serveAdmin(app: FastifyInstance, admin: Admin): void {
  app.post('/admin/codes', async (request, reply) => {
    const { host, person } = fieldsOf(request)
    if (host !== 'weapp' && host !== 'alipay' && host !== 'wechatWeb')
      return bad(reply, 'host: weapp, alipay or wechatWeb')
    if (typeof person !== 'string' || !person) return bad(reply, 'person: any name')
    return { code: admin.code(host, person) }
  })
  app.post('/admin/phone-codes', async (request, reply) => {
    const { phone, host = 'weapp' } = fieldsOf(request)
    if (typeof phone !== 'string' || !/^1[3-9]\d{9}$/.test(phone))
      return bad(reply, 'phone: 11 digits')
    if (host !== 'weapp' && host !== 'alipay') return bad(reply, 'host: weapp or alipay')
    return admin.phoneCode(phone, host)
  })
  app.post('/admin/consents', async (request, reply) => {
    const { person, templateIds } = fieldsOf(request)
    if (typeof person !== 'string' || !Array.isArray(templateIds))
      return bad(reply, 'person: a name, templateIds: a list')
    for (const id of templateIds) admin.consent(person, String(id))
    return { accepted: templateIds }
  })

  app.get('/admin/faults', async () => ({ armed: admin.faults(), table: FAULTS }))
  app.post('/admin/faults', async (request, reply) => {
    const { what, times, rate, seed, only, ...fields } = fieldsOf(request)
    const [call, fault] = what ? String(what).split(' ') : [fields.call, fields.fault]
    const count = times === null || times === '' ? null : Number(times ?? 1)
    if (count !== null && !(Number.isSafeInteger(count) && count > 0))
      return bad(reply, 'times: a positive whole number, or null for always')
    const options = {
      ...(rate === undefined || rate === '' ? {} : { rate: Number(rate) }),
      ...(seed === undefined || seed === '' ? {} : { seed: Number(seed) }),
      ...(only === undefined || only === '' ? {} : { only: String(only) }),
    }
    if (!admin.fault(String(call), String(fault), count, options))
      return bad(
        reply,
        'no such fault of this call (GET /admin/faults shows the table), or a rate not from 0 to 1',
      )
    return done(request, reply, '/faults', { armed: admin.faults() })
  })
  app.post('/admin/faults/clear', async (request, reply) => {
    const { call, only } = fieldsOf(request)
    admin.clearFaults({
      ...(call ? { call: String(call) } : {}),
      ...(only ? { only: String(only) } : {}),
    })
    return done(request, reply, '/faults', { armed: admin.faults() })
  })

  app.post('/admin/clock', async (request, reply) => {
    const offset = Number(fieldsOf(request).offsetMs)
    if (!Number.isSafeInteger(offset)) return bad(reply, 'offsetMs: whole milliseconds')
    return done(request, reply, '/faults', admin.clock(offset))
  })
  app.post('/admin/advance', async (request, reply) => {
    const ms = Number(fieldsOf(request).ms)
    if (!Number.isSafeInteger(ms) || ms < 0) return bad(reply, 'ms: whole milliseconds')
    return done(request, reply, '/', await admin.advance(ms))
  })
  app.post('/admin/notices/resend', async (request, reply) => {
    const { notice } = fieldsOf(request)
    const sent = admin.resend(String(notice))
    await admin.settle()
    return done(request, reply, '/trades', { sent })
  })
  app.post('/admin/settings', async (request, reply) => {
    const changes = readSettings(fieldsOf(request))
    if (typeof changes === 'string') return bad(reply, changes)
    admin.change(changes)
    return done(request, reply, '/faults', admin.settings())
  })
  app.get('/admin/keys', async () => ({ keys: admin.keys() }))
  app.post('/admin/keys', async (request, reply) => {
    const { kind } = fieldsOf(request)
    if (kind !== 'publicKey' && kind !== 'certificate')
      return bad(reply, 'kind: publicKey or certificate')
    await admin.issueKey(kind)
    return done(request, reply, '/faults', { keys: admin.keys() })
  })
  app.post('/admin/keys/retire', async (request, reply) => {
    const retired = admin.retireKey(String(fieldsOf(request).id))
    return done(request, reply, '/faults', { retired, keys: admin.keys() })
  })
  app.post('/admin/settle', async () => {
    await admin.settle()
    return { settled: true }
  })

  app.get('/admin/outbox', async (request) => {
    const { phone, to, person } = request.query as Record<string, string | undefined>
    return { messages: admin.outbox(phone ?? to ?? person) }
  })
  app.get('/admin/trades', async () => admin.trades())
  app.get('/admin/notices', async () => ({ notices: admin.notices() }))
  app.post('/admin/bulk', { bodyLimit: 16 << 20 }, async (request, reply) => {
    const { platform, trades } = fieldsOf(request)
    if (platform !== 'wechat' && platform !== 'alipay') return bad(reply, PLATFORMS)
    if (!Array.isArray(trades)) return bad(reply, 'trades: a list')
    try {
      return { recorded: admin.bulk(platform, trades as BulkTrade[]) }
    } catch (error) {
      return bad(reply, (error as Error).message)
    }
  })
  app.get('/admin/plants', async () => ({ planted: admin.plants() }))
  app.post('/admin/plants', async (request, reply) => {
    const { platform, fen, refundNo, ...plant } = fieldsOf(request)
    if (platform !== 'wechat' && platform !== 'alipay') return bad(reply, PLATFORMS)
    const whole = {
      ...plant,
      ...(fen === undefined || fen === '' ? {} : { fen: Number(fen) }),
      ...(refundNo ? { refundNo } : {}),
    }
    if (!admin.plant(platform, whole as Plant))
      return bad(reply, 'no such trade or refund, or its row cannot show that')
    return done(request, reply, '/bills', { planted: admin.plants() })
  })
  app.post('/admin/plants/clear', async (request, reply) => {
    admin.unplant()
    return done(request, reply, '/bills', { planted: [] })
  })
  app.post('/admin/refunds/end', async (request, reply) => {
    const { platform, refundNo, state } = fieldsOf(request)
    if (platform !== 'wechat' && platform !== 'alipay') return bad(reply, PLATFORMS)
    if (state !== 'SUCCESS' && state !== 'ABNORMAL' && state !== 'CLOSED')
      return bad(reply, 'state: SUCCESS, ABNORMAL or CLOSED')
    const ended = admin.endRefund(platform, String(refundNo), state)
    return done(request, reply, '/trades', { ended })
  })
  app.post('/admin/refunds/console', async (request, reply) => {
    const { platform, outTradeNo, fen } = fieldsOf(request)
    if (platform !== 'wechat' && platform !== 'alipay') return bad(reply, PLATFORMS)
    const refundNo = admin.consoleRefund(platform, String(outTradeNo), Number(fen))
    return done(request, reply, '/trades', { refundNo: refundNo ?? null })
  })
  app.post('/admin/pay-late', async (request, reply) => {
    const { platform, outTradeNo } = fieldsOf(request)
    if (platform !== 'wechat' && platform !== 'alipay') return bad(reply, PLATFORMS)
    return { paid: admin.payLate(platform, String(outTradeNo)) }
  })
}

function fieldsOf(request: FastifyRequest): Fields {
  return (request.body as Fields | undefined) ?? {}
}

function bad(reply: FastifyReply, message: string) {
  return reply.code(400).send({ error: message })
}

/** A form goes back to its page, a program gets the answer. */
function done(request: FastifyRequest, reply: FastifyReply, page: string, answer: object) {
  const isForm = request.headers['content-type']?.startsWith('application/x-www-form-urlencoded')
  return isForm ? reply.redirect(page, 303) : reply.send(answer)
}
