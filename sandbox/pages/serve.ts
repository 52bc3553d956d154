import type { FastifyInstance, FastifyReply } from 'fastify'
import type { Admin, Parts } from '../admin.ts'
import { billsPage } from './bills.ts'
import { faultsPage } from './faults.ts'
import { adminPage, empty } from './frame.ts'
import { homePage } from './home.ts'
import { outboxPage } from './outbox.ts'
import { settingsPage } from './settings.ts'
import { tradePage } from './trade.ts'
import { tradesPage } from './trades.ts'

type Query = Record<string, string | undefined>

/** The sandbox's own pages, to watch and steer it. */
export function servePages(app: FastifyInstance, admin: Admin, parts: Parts): void {
  const html = (reply: FastifyReply, text: string) =>
    reply.type('text/html; charset=utf-8').send(text)

  app.get('/', async (_request, reply) => html(reply, homePage(admin, parts)))
  app.get('/trades', async (request, reply) => {
    const { q, only } = request.query as Query
    return html(reply, tradesPage(admin, parts, { ...(q ? { q } : {}), ...(only ? { only } : {}) }))
  })
  app.get('/trades/:platform/:no', async (request, reply) => {
    const { platform, no } = request.params as { platform: string; no: string }
    const text = tradePage(admin, parts, platform, no)
    if (text) return html(reply, text)
    const nothing = empty('没有这笔交易。', '检查订单号，或回到交易列表。')
    return html(
      reply.code(404),
      adminPage(admin, { title: '没有这笔交易', at: '/trades' }, nothing),
    )
  })
  app.get('/bills', async (request, reply) =>
    html(reply, billsPage(admin, parts, (request.query as Query).day)),
  )
  app.get('/faults', async (_request, reply) => html(reply, faultsPage(admin)))
  app.get('/settings', async (_request, reply) => html(reply, settingsPage(admin)))
  app.get('/outbox', async (request, reply) =>
    html(reply, outboxPage(admin, (request.query as Query).phone)),
  )
}
