import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { Admin } from './admin.ts'
import { done, type Fields, fieldsOf, isForm, platformOf, refuse } from './adminHttp.ts'
import { toFen } from './alipay/wire.ts'
import type { BulkTrade } from './bulk.ts'
import type { Plant } from './plants.ts'

/** Admin endpoints for payments, refunds, notices and bills. */
export function serveMoneyAdmin(app: FastifyInstance, admin: Admin): void {
  const noPlatform = (request: FastifyRequest, reply: FastifyReply) =>
    refuse(request, reply, 'platform: wechat or alipay')

  app.post('/admin/pay-late', async (request, reply) => {
    const fields = fieldsOf(request)
    const platform = platformOf(fields)
    if (!platform) return noPlatform(request, reply)
    const paid = admin.payLate(platform, String(fields.outTradeNo))
    if (!paid && isForm(request))
      return refuse(request, reply, 'paid already', '没有这笔交易，或它已经付过款。')
    return done(request, reply, '/trades', { paid })
  })

  app.post('/admin/refunds/end', async (request, reply) => {
    const fields = fieldsOf(request)
    const { refundNo, state } = fields
    const platform = platformOf(fields)
    if (!platform) return noPlatform(request, reply)
    if (state !== 'SUCCESS' && state !== 'ABNORMAL' && state !== 'CLOSED')
      return refuse(request, reply, 'state: SUCCESS, ABNORMAL or CLOSED')
    const ended = admin.endRefund(platform, String(refundNo), state)
    if (!ended && isForm(request))
      return refuse(request, reply, 'ended already', '这笔退款已经结束，不能再改。')
    return done(request, reply, '/trades', { ended })
  })
  app.post('/admin/refunds/console', async (request, reply) => {
    const fields = fieldsOf(request)
    const platform = platformOf(fields)
    if (!platform) return noPlatform(request, reply)
    const fen = fenOf(fields) ?? 0
    const refundNo = admin.consoleRefund(platform, String(fields.outTradeNo), fen)
    if (!refundNo && isForm(request))
      return refuse(request, reply, 'not so much left', '金额不对，或超过了可退金额。')
    return done(request, reply, '/trades', { refundNo: refundNo ?? null })
  })

  app.post('/admin/complaints', async (request, reply) => {
    const { outTradeNo, detail, phone, complaintId, pictures } = fieldsOf(request)
    if (typeof detail !== 'string' || !detail || detail.length > 300)
      return refuse(request, reply, 'detail: 1 to 300 characters')
    const list: unknown[] = Array.isArray(pictures) ? pictures : []
    const files = list.map((base64) => Buffer.from(String(base64), 'base64'))
    if (complaintId !== undefined)
      return { said: admin.complainMore(String(complaintId), detail, files) }
    const filing = { detail, ...(typeof phone === 'string' && { phone }), pictures: files }
    return { complaint: admin.complain(String(outTradeNo), filing) ?? null }
  })
  app.get('/admin/complaints', async () => ({ complaints: admin.complaints() }))

  app.post('/admin/notices/resend', async (request, reply) => {
    const sent = admin.resend(String(fieldsOf(request).notice))
    await admin.settle()
    return done(request, reply, '/trades', { sent })
  })

  app.post('/admin/bulk', { bodyLimit: 16 << 20 }, async (request, reply) => {
    const fields = fieldsOf(request)
    const platform = platformOf(fields)
    if (!platform) return noPlatform(request, reply)
    if (!Array.isArray(fields.trades)) return refuse(request, reply, 'trades: a list')
    try {
      return { recorded: admin.bulk(platform, fields.trades as BulkTrade[]) }
    } catch (error) {
      return refuse(request, reply, (error as Error).message)
    }
  })

  app.post('/admin/plants', async (request, reply) => {
    const { platform: _, back: __, yuan: ___, refundNo, ...fields } = fieldsOf(request)
    const platform = platformOf(fieldsOf(request))
    if (!platform) return noPlatform(request, reply)
    const fen = fenOf(fieldsOf(request))
    const plant = {
      ...fields,
      ...(fen === undefined ? {} : { fen }),
      ...(refundNo ? { refundNo } : {}),
    }
    if (!admin.plant(platform, plant as Plant))
      return refuse(
        request,
        reply,
        'no such trade or refund, or its row cannot show that',
        '没有这笔交易或退款，或账单里显示不了这种差异。',
      )
    return done(request, reply, '/bills', { planted: admin.plants() })
  })
  app.post('/admin/plants/clear', async (request, reply) => {
    admin.unplant()
    return done(request, reply, '/bills', { planted: [] })
  })
}

/** Programs name fen, people type yuan; undefined when neither is there. */
function fenOf({ fen, yuan }: Fields): number | undefined {
  if (typeof yuan === 'string' && yuan !== '') return toFen(yuan) ?? Number.NaN
  return fen === undefined || fen === '' ? undefined : Number(fen)
}
