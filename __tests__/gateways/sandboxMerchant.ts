import { cpSync, existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Aes, Decorator, Formatter, Rsa } from 'wechatpay-axios-plugin'
import type { Credentials } from '../../sandbox/credentials.ts'

/**
 * A merchant for the sandbox's tests, made of public SDKs and none of the sandbox's own crypto:
 * what both sides got wrong in the same way would otherwise look right.
 */

/**
 * Folders for sandboxes that share one set of keys (making five RSA pairs takes a while) and
 * nothing else: every test starts with an empty store.
 */
export function keptKeys() {
  const root = mkdtempSync(join(tmpdir(), 'jiyue-sandbox-'))
  let last: string | undefined
  let count = 0
  return {
    dir(): string {
      count += 1
      const dir = join(root, String(count))
      mkdirSync(dir)
      if (last && existsSync(join(last, 'keys.json')))
        cpSync(join(last, 'keys.json'), join(dir, 'keys.json'))
      last = dir
      return dir
    },
    end: () => rmSync(root, { recursive: true, force: true }),
  }
}

export type Received = { url: string; headers: Record<string, string>; body: string }

/** A merchant's server that keeps what it is sent and answers what the test says. */
export async function startInbox(answer: { status: number; body: string }) {
  const received: Received[] = []
  const server = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      const headers = request.headers as Record<string, string>
      received.push({ url: request.url ?? '', headers, body: Buffer.concat(chunks).toString() })
      response.writeHead(answer.status).end(answer.body)
    })
  })
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  const { port } = server.address() as AddressInfo
  const stop = () => new Promise<unknown>((done) => server.close(done).closeAllConnections())
  return { url: `http://127.0.0.1:${port}/notices`, received, answer, stop }
}

/** The community SDK for WeChat Pay; it verifies every 2xx answer itself. */
export function wechatSdk(
  { wechatPay }: Credentials,
  certs = wechatPay.publicKeys,
  options: {
    headers?: Record<string, string>
    responseType?: 'arraybuffer'
    params?: Record<string, string>
  } = {},
) {
  const sdk = new Decorator({
    mchid: wechatPay.mchid,
    serial: wechatPay.merchantSerial,
    privateKey: wechatPay.merchantPrivateKey,
    certs,
    baseURL: wechatPay.baseUrl,
  })
  return async (method: string, path: string, data?: object) => {
    const answer = await sdk.request(path, method, data, options)
    return { status: answer.status, data: answer.data, headers: answer.headers }
  }
}

/** A request signed by hand, for everything an SDK would not do. */
export async function rawCall(
  { wechatPay }: Credentials,
  method: string,
  url: string,
  body = '',
  change: { timestamp?: number; serial?: string; authorization?: string; sent?: string } = {},
) {
  const timestamp = change.timestamp ?? Formatter.timestamp()
  const nonce = Formatter.nonce()
  const text = Formatter.request(method, url, timestamp, nonce, body)
  const signature = Rsa.sign(text, wechatPay.merchantPrivateKey)
  const serial = change.serial ?? wechatPay.merchantSerial
  const authorization =
    change.authorization ??
    Formatter.authorization(wechatPay.mchid, nonce, signature, timestamp, serial)
  const sent = change.sent ?? body
  const answer = await fetch(`${wechatPay.baseUrl}${url}`, {
    method,
    headers: {
      ...(authorization ? { Authorization: authorization } : {}),
      'Content-Type': 'application/json',
      Accept: 'application/json',
    },
    ...(sent ? { body: sent } : {}),
  })
  const raw = await answer.text()
  return {
    status: answer.status,
    headers: answer.headers,
    raw,
    body: raw ? JSON.parse(raw) : undefined,
  }
}

/** Whether a notice is signed by a key the merchant knows; null when it names another key. */
export function isNoticeSigned({ wechatPay }: Credentials, notice: Received): boolean | null {
  const { headers, body } = notice
  const key = wechatPay.publicKeys[headers['wechatpay-serial'] ?? '']
  if (!key) return null
  const text = Formatter.response(
    headers['wechatpay-timestamp'] ?? '',
    headers['wechatpay-nonce'] ?? '',
    body,
  )
  return Rsa.verify(text, headers['wechatpay-signature'] ?? '', key)
}

/** The plain text of a notice. */
export function opened({ wechatPay }: Credentials, notice: Received) {
  const { resource } = JSON.parse(notice.body)
  const { ciphertext, nonce, associated_data: aad } = resource
  return JSON.parse(Aes.AesGcm.decrypt(ciphertext, wechatPay.apiV3Key, nonce, aad))
}

/** The five parameters of wx.requestPayment and the app id, signed by the merchant's SDK. */
export function requestPayment({ wechatPay, wechat }: Credentials, prepayId: string) {
  const timeStamp = String(Formatter.timestamp())
  const nonceStr = Formatter.nonce()
  const pack = `prepay_id=${prepayId}`
  const text = Formatter.joinedByLineFeed(wechat.appid, timeStamp, nonceStr, pack)
  const paySign = Rsa.sign(text, wechatPay.merchantPrivateKey)
  return { appid: wechat.appid, timeStamp, nonceStr, package: pack, signType: 'RSA', paySign }
}

/** POSTs JSON and reads JSON: admin and cashier endpoints, the open platform. */
export async function postJson(url: string, body: object) {
  const headers = { 'Content-Type': 'application/json' }
  const answer = await fetch(url, { method: 'POST', headers, body: JSON.stringify(body) })
  return { status: answer.status, body: await answer.json() }
}
