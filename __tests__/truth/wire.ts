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

export interface WireRails extends Rails {
  sandbox: Sandbox
  now(): Date
}

export async function wireRails(now: () => number): Promise<WireRails> {
  const sandbox = await startSandbox({ clock: now })
  const { admin } = sandbox
  const letters: Mail[] = []
  const server = createServer((request, response) => {
    keep(letters, read, request, response).catch((error: Error) => response.destroy(error))
  })
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  const publicUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const both = gateways(sandbox.credentials, publicUrl, { pause: async () => {} })
  function read(method: Method, headers: IncomingHttpHeaders, body: Buffer): Promise<Notice> {
    return both[method].readNotice(headers, body, new Date(now()))
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
      plan
        ? {
            wechat: faulty(both.wechat, plan, loser('wechat')),
            alipay: faulty(both.alipay, plan, loser('alipay')),
          }
        : both,
    pay: (params) => payWith({ sandbox } as Merchant, params),
    payLate: async (method, tradeNo) => admin.payLate(method, tradeNo),
    refundFate(fate) {
      admin.clearFaults({ call: 'wechat.refund' })
      admin.clearFaults({ call: 'alipay.trade.refund' })
      if (fate === 'success') return
      admin.fault('wechat.refund', fate)
      admin.fault('alipay.trade.refund', 'pending')
    },
    settle: () => admin.settle(),
    async rescueRefunds() {
      for (const { refunds } of admin.trades().wechat)
        for (const { status, out_refund_no } of refunds)
          if (status === 'ABNORMAL') admin.endRefund('wechat', out_refund_no, 'SUCCESS')
    },
    mail: () => letters,
    trade: (method, tradeNo) => seen(sandbox, method, tradeNo),
    clear() {
      letters.length = 0
      admin.clearFaults()
    },
    async stop() {
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

/** Takes a notice into custody: its platform need not send it again. */
async function keep(
  letters: Mail[],
  read: (method: Method, headers: IncomingHttpHeaders, body: Buffer) => Promise<Notice>,
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
    deliver: (parts) => deliver(parts, url, headers, body),
  })
  response.writeHead(200, { 'content-type': 'text/plain' }).end('success')
}

/** The notice arrives at the product's own route, byte for byte. */
async function deliver(
  parts: Parts,
  path: string,
  headers: IncomingHttpHeaders,
  body: Buffer,
): Promise<string> {
  const app = fastify({ forceCloseConnections: true })
  await app.register((routes) => noticeRoutes(routes, parts))
  const url = await app.listen({ host: '127.0.0.1', port: 0 })
  const { connection: _, host: __, 'content-length': ___, ...sent } = headers
  const kept = Object.entries(sent).map(([name, value]) => [name, String(value)])
  const answer = await fetch(url + path, {
    method: 'POST',
    headers: Object.fromEntries(kept),
    body: new Uint8Array(body),
  })
  const text = await answer.text()
  await app.close()
  if (answer.status >= 500) throw new Error(`${answer.status} ${text}`)
  return `${answer.status} ${text}`.trim()
}

/** A trade as the sandbox has it. */
function seen({ admin }: Sandbox, method: Method, tradeNo: string): TradeSeen | undefined {
  const { wechat, alipay } = admin.trades()
  if (method === 'wechat') {
    const order = wechat.find((one) => one.out_trade_no === tradeNo)
    if (!order) return undefined
    const { success_time: at } = order
    return {
      tradeNo,
      method,
      paidFen: at === undefined ? null : order.amount.total,
      paidAt: at === undefined ? undefined : Date.parse(at),
      payable: order.trade_state === 'NOTPAY',
      refunds: order.refunds.map(({ out_refund_no, amount, status }) => ({
        no: out_refund_no,
        fen: amount.refund,
        state: WECHAT_REFUNDS[status],
      })),
    }
  }
  const trade = alipay.find((one) => one.out_trade_no === tradeNo)
  if (!trade) return undefined
  const at = 'send_pay_date' in trade ? trade.send_pay_date : undefined
  return {
    tradeNo,
    method,
    paidFen: at === undefined ? null : Math.round(Number(trade.total_amount) * 100),
    paidAt: at === undefined ? undefined : Date.parse(`${at.replace(' ', 'T')}+08:00`),
    payable: trade.trade_status === 'WAIT_BUYER_PAY',
    refunds: trade.refunds.map(({ requestNo, fen, done }) => ({
      no: requestNo,
      fen,
      state: done ? 'succeeded' : 'processing',
    })),
  }
}

const WECHAT_REFUNDS = {
  PROCESSING: 'processing',
  SUCCESS: 'succeeded',
  ABNORMAL: 'abnormal',
  CLOSED: 'closed',
} as const

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
