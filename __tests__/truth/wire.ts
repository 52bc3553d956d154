/**
 * The real sandbox over the real wire as rails: our own gateways, its cashiers, its signed notices,
 * which are kept here until a history lets them through to the product's own route.
 */
import { randomUUID } from 'node:crypto'
import {
  createServer,
  type IncomingHttpHeaders,
  type IncomingMessage,
  type ServerResponse,
} from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Method } from '@jiyue/contract/payment'
import fastify from 'fastify'
import type { Kysely } from 'kysely'
import { type Sandbox, startSandbox } from '../../sandbox/sandbox.ts'
import type { Database } from '../../server/db/schema.ts'
import type { Parts } from '../../server/parts.ts'
import type { Notice } from '../../server/payment/gateways/gateway.ts'
import { gateways } from '../../server/payment/gateways/index.ts'
import { noticeRoutes } from '../../server/payment/payment.routes.ts'
import { connectPlatforms } from '../../server/platforms/connect.ts'
import { type Merchant, payWith } from '../gateways/merchant.ts'
import { type CallName, faulty, type Loser } from './plan.ts'
import type { Mail, Rails, TradeSeen } from './rails.ts'
import { tradesOf } from './wireBooks.ts'

export interface WireRails extends Rails {
  sandbox: Sandbox
  now(): Date
}

export async function wireRails(now: () => number): Promise<WireRails> {
  const sandbox = await startSandbox({ clock: now })
  const { admin } = sandbox
  const letters: Mail[] = []
  const server = createServer((request, response) => {
    keep(letters, { read, post }, request, response).catch((error: Error) =>
      response.destroy(error),
    )
  })
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  const publicUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  // Read anew after anything that may have changed them: each look costs as much as all trades.
  let books: Map<string, TradeSeen> | null = null
  const changed = async <T>(what: Promise<T>): Promise<T> => {
    books = null
    return what.finally(() => {
      books = null
    })
  }
  const both = gateways(sandbox.credentials, publicUrl, {
    pause: async () => {},
    fetch: (input, init) => changed(fetch(input, init)),
  })
  function read(method: Method, headers: IncomingHttpHeaders, body: Buffer): Promise<Notice> {
    return both[method].readNotice(headers, body, new Date(now()))
  }
  /** One server for all parts on which nothing goes wrong; the others' die with them. */
  let lasting: ReturnType<typeof serveNotices> | null = null
  async function post(parts: Parts, send: (url: string) => Promise<string>): Promise<string> {
    if (parts.gateways === both) {
      lasting ??= serveNotices(parts)
      return send((await lasting).url)
    }
    const served = await serveNotices(parts)
    return send(served.url).finally(served.close)
  }
  const loser =
    (method: Method): Loser =>
    (name, args) => {
      const call = CALLS[method][name]
      const only = numberIn(args)
      if (!admin.fault(call, 'dropAfterCommit', null, only === null ? {} : { only })) return null
      return () => admin.clearFaults({ call })
    }
  return {
    sandbox,
    now: () => new Date(now()),
    anyAmount: false,
    gateways: (plan) =>
      plan?.fault
        ? {
            wechat: faulty(both.wechat, plan, loser('wechat')),
            alipay: faulty(both.alipay, plan, loser('alipay')),
          }
        : both,
    pay: (params) => changed(payWith({ sandbox } as Merchant, params)),
    payLate: (method, tradeNo) => changed(Promise.resolve(admin.payLate(method, tradeNo))),
    refundFate(fate) {
      admin.clearFaults({ call: 'wechat.refund' })
      admin.clearFaults({ call: 'alipay.trade.refund' })
      if (fate === 'success') return
      admin.fault('wechat.refund', fate)
      admin.fault('alipay.trade.refund', 'pending')
    },
    settle: () => changed(admin.settle()),
    async rescueRefunds() {
      books = null
      for (const { refunds } of admin.trades().wechat)
        for (const { status, out_refund_no } of refunds)
          if (status === 'ABNORMAL') admin.endRefund('wechat', out_refund_no, 'SUCCESS')
    },
    mail: () => letters,
    trade: (_, tradeNo) => {
      books ??= tradesOf(sandbox)
      return books.get(tradeNo)
    },
    clear() {
      letters.length = 0
      admin.clearFaults()
    },
    async stop() {
      await (await lasting)?.close()
      await sandbox.stop()
      await new Promise<unknown>((done) => server.close(done).closeAllConnections())
    },
  }
}

const CALLS: Record<Method, Record<CallName, string>> = {
  wechat: {
    open: 'wechat.order',
    query: 'wechat.query',
    close: 'wechat.close',
    refund: 'wechat.refund',
    'refund query': 'wechat.refundQuery',
    'refund to the merchant': 'wechat.abnormalRefund',
    bill: 'wechat.bill',
  },
  alipay: {
    open: 'alipay.trade.create',
    query: 'alipay.trade.query',
    close: 'alipay.trade.close',
    refund: 'alipay.trade.refund',
    'refund query': 'alipay.trade.fastpay.refund.query',
    'refund to the merchant': 'none',
    bill: 'alipay.data.dataservice.bill.downloadurl.query',
  },
}

/** The number a call is about, so that nobody else's answer is lost; null for a bill. */
function numberIn([first]: readonly unknown[]): string | null {
  if (typeof first === 'string') return first.includes('-') ? null : first
  const { refundNo, tradeNo } = first as { refundNo?: string; tradeNo: string }
  return refundNo ?? tradeNo
}

interface Custody {
  read(method: Method, headers: IncomingHttpHeaders, body: Buffer): Promise<Notice>
  /** Finds the routes of these parts. */
  post(parts: Parts, send: (url: string) => Promise<string>): Promise<string>
}

/** Takes a notice into custody: its platform need not send it again. */
async function keep(
  letters: Mail[],
  { read, post }: Custody,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk as Buffer)
  const body = Buffer.concat(chunks)
  const { url = '', headers } = request
  const notice = await read(url.includes('wechat') ? 'wechat' : 'alipay', headers, body)
  if (!notice.ok) throw new Error(`the sandbox sent a notice that is refused: ${notice.reason}`)
  letters.push({
    about: notice.fact.kind === 'trade' ? 'payment' : 'refund',
    tradeNo: notice.fact.tradeNo ?? '',
    delivered: 0,
    deliver: (parts) => post(parts, (to) => deliver(to + url, headers, body)),
  })
  response.writeHead(200, { 'content-type': 'text/plain' }).end('success')
}

/** The product's own routes for notices, listening. */
async function serveNotices(parts: Parts) {
  const app = fastify({ forceCloseConnections: true })
  await app.register((routes) => noticeRoutes(routes, parts))
  const url = await app.listen({ host: '127.0.0.1', port: 0 })
  return { url, close: () => app.close() }
}

/** The notice arrives at the product's own route, byte for byte. */
async function deliver(url: string, headers: IncomingHttpHeaders, body: Buffer): Promise<string> {
  const { connection: _, host: __, 'content-length': ___, ...sent } = headers
  const kept = Object.entries(sent).map(([name, value]) => [name, String(value)])
  const answer = await fetch(url, {
    method: 'POST',
    headers: Object.fromEntries(kept),
    body: new Uint8Array(body),
  })
  const text = await answer.text()
  if (answer.status >= 500) throw new Error(`${answer.status} ${text}`)
  return `${answer.status} ${text}`.trim()
}

/** Two people who have signed in at both hosts, so that wallets know them. */
export async function wirePeople(db: Kysely<Database>, rails: Rails): Promise<string[]> {
  const { sandbox, now } = rails as WireRails
  const platforms = connectPlatforms(sandbox.credentials)
  const users = [randomUUID(), randomUUID()]
  await db
    .insertInto('users')
    .values(users.map((id) => ({ id, name: '用户', phone_sealed: null, phone_index: null })))
    .execute()
  for (const user_id of users) {
    for (const host of ['weapp', 'alipay'] as const) {
      const code = sandbox.admin.code(host, user_id)
      const answer = await platforms.subjectOf(host, code, now())
      if (!answer.ok) throw new Error(answer.message)
      await db.insertInto('identities').values({ host, subject: answer.value, user_id }).execute()
    }
  }
  return users
}
