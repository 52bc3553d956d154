import type { FastifyInstance } from 'fastify'
import type { Admin } from './admin.ts'
import { fieldsOf, refuse } from './adminHttp.ts'
import { FAULTS } from './faults.ts'
import { serveMoneyAdmin } from './money.routes.ts'
import { serveSteering } from './steer.routes.ts'

/**
 * Admin endpoints as JSON; forms of the admin pages use the same ones and come back to a page. Here:
 * what a phone would do, and everything to read.
 */
export function serveAdmin(app: FastifyInstance, admin: Admin): void {
  serveSteering(app, admin)
  serveMoneyAdmin(app, admin)

  app.post('/admin/codes', async (request, reply) => {
    const { host, person } = fieldsOf(request)
    if (host !== 'weapp' && host !== 'alipay' && host !== 'wechatWeb')
      return refuse(request, reply, 'host: weapp, alipay or wechatWeb')
    if (typeof person !== 'string' || !person) return refuse(request, reply, 'person: any name')
    return { code: admin.code(host, person) }
  })
  app.post('/admin/phone-codes', async (request, reply) => {
    const { phone, host = 'weapp' } = fieldsOf(request)
    if (typeof phone !== 'string' || !/^1[3-9]\d{9}$/.test(phone))
      return refuse(request, reply, 'phone: 11 digits')
    if (host !== 'weapp' && host !== 'alipay')
      return refuse(request, reply, 'host: weapp or alipay')
    return admin.phoneCode(phone, host)
  })
  app.post('/admin/consents', async (request, reply) => {
    const { person, templateIds, host = 'weapp' } = fieldsOf(request)
    if (typeof person !== 'string' || !Array.isArray(templateIds))
      return refuse(request, reply, 'person: a name, templateIds: a list')
    if (host !== 'weapp' && host !== 'alipay')
      return refuse(request, reply, 'host: weapp or alipay')
    for (const id of templateIds) admin.consent(person, String(id), host)
    return { accepted: templateIds }
  })

  app.get('/admin/faults', async () => ({ armed: admin.faults(), table: FAULTS }))
  app.get('/admin/settings', async () => admin.settings())
  app.get('/admin/keys', async () => ({ keys: admin.keys() }))
  app.get('/admin/plants', async () => ({ planted: admin.plants() }))
  app.get('/admin/trades', async () => admin.trades())
  app.get('/admin/notices', async () => ({ notices: admin.notices() }))
  app.get('/admin/outbox', async (request) => {
    const { phone, to, person } = request.query as Record<string, string | undefined>
    return { messages: admin.outbox(phone ?? to ?? person) }
  })
}
