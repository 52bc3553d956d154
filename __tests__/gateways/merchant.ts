/**
 * The product's gateways against the sandbox, over real HTTP both ways: the sandbox's notices arrive
 * at a server that reads them with the gateways, as the product's own routes do.
 */
import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Method, PayParams } from '../../contract/payment.ts'
import { type Sandbox, startSandbox } from '../../sandbox/sandbox.ts'
import type { Gateway, Notice, NoticeHeaders } from '../../server/payment/gateways/gateway.ts'
import { gateways } from '../../server/payment/gateways/index.ts'
import { type ConnectedPlatforms, connectPlatforms } from '../../server/platforms/connect.ts'
import { type Credentials, credentials as shape } from '../../server/platforms/credentials.ts'
import { postJson } from './sandboxMerchant.ts'

export interface Heard {
  method: Method
  headers: NoticeHeaders
  rawBody: Buffer
  notice: Notice
}

export interface Merchant {
  sandbox: Sandbox
  credentials: Credentials
  gateways: Record<Method, Gateway>
  platforms: ConnectedPlatforms
  /** Every notice that came in, as the product read it. */
  heard: Heard[]
  /** Stands still: the test moves it. */
  now: Date
  /** Moves the platforms' business time to `minutes` from now; what became due happens. */
  later(minutes: number): Promise<void>
  /** Waits until the sandbox has done everything that is due, and gives the notices so far. */
  settled(): Promise<Notice[]>
  /** Gateways with other credentials (a changed copy), reading and asking the same world. */
  gatewaysWith(change: (credentials: Credentials) => void): Record<Method, Gateway>
  stop(): Promise<void>
}

export async function startMerchant(dir: string): Promise<Merchant> {
  const now = new Date('2026-11-22T07:59:00Z')
  const sandbox = await startSandbox({ dir, clock: () => now.getTime() })
  const credentials = shape.parse(sandbox.credentials)
  const heard: Heard[] = []
  const server = createServer((request, response) => void receive(request, response))
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  const publicUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const patient = { pause: async () => {}, timeoutMs: 5000 }
  const all = gateways(credentials, publicUrl, patient)

  async function receive(
    request: IncomingMessage,
    response: import('node:http').ServerResponse,
  ): Promise<void> {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk as Buffer)
    const method = METHODS_OF[request.url ?? '']
    if (!method) return void response.writeHead(404).end()
    const rawBody = Buffer.concat(chunks)
    const notice = await all[method].readNotice(request.headers, rawBody, now)
    heard.push({ method, headers: request.headers, rawBody, notice })
    const answer = all[method].noticeAnswer[notice.ok ? 'accepted' : 'refused']
    response.writeHead(answer.status, { 'Content-Type': answer.type }).end(answer.body)
  }

  return {
    sandbox,
    credentials,
    gateways: all,
    platforms: connectPlatforms(credentials, patient),
    heard,
    now,
    async later(minutes) {
      sandbox.admin.clock(minutes * 60_000)
      await sandbox.admin.settle()
    },
    async settled() {
      await sandbox.admin.settle()
      return heard.map((one) => one.notice)
    },
    gatewaysWith(change) {
      const copy = structuredClone(credentials)
      change(copy)
      return gateways(copy, publicUrl, patient)
    },
    async stop() {
      await sandbox.stop()
      await new Promise<unknown>((done) => server.close(done).closeAllConnections())
    },
  }
}

/** The fixed names of DESIGN: a notice anywhere else is lost. */
const METHODS_OF: Record<string, Method> = {
  '/v1/notices/wechat/payment': 'wechat',
  '/v1/notices/wechat/refund': 'wechat',
  '/v1/notices/alipay': 'alipay',
}

/** What a person does with what the front was given: true when the wallet says it was paid. */
export async function payWith(merchant: Merchant, params: PayParams): Promise<boolean> {
  const { url } = merchant.sandbox
  const post = async (path: string, body: object) => {
    const { body: answer } = await postJson(`${url}${path}`, { ...body, outcome: 'pay' })
    return answer.errMsg === 'requestPayment:ok' || answer.resultCode === '9000'
  }
  switch (params.way) {
    case 'wechat-jsapi':
      return post('/cashier/wechat/jsapi/pay', { ...params, appid: params.appId })
    case 'alipay-trade':
      return post('/cashier/alipay/pay', { tradeNO: params.tradeNo })
    case 'qr':
      return post('/cashier/wechat/native/pay', { codeUrl: params.codeUrl })
    case 'redirect': {
      if (params.url.includes('/cashier/wechat/h5/')) {
        return post('/cashier/wechat/h5/pay', { h5Url: params.url })
      }
      const page = await (await fetch(params.url)).text()
      const tradeNO = /name="tradeNO" value="(\d+)"/.exec(page)?.[1]
      return tradeNO !== undefined && post('/cashier/alipay/pay', { tradeNO })
    }
    default:
      return false
  }
}
