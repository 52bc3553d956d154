import { X509Certificate } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Aes } from 'wechatpay-axios-plugin'
import type { Credentials } from '../../sandbox/credentials.ts'
import { type Sandbox, startSandbox } from '../../sandbox/sandbox.ts'
import { isNoticeSigned, keptKeys, postJson, startInbox, wechatSdk } from './sandboxMerchant.ts'

/** WeChat Pay changes its keys while the merchant is at work (facts 1.4). */

let sandbox: Sandbox
let inbox: Awaited<ReturnType<typeof startInbox>>
let dir: string
const fresh = keptKeys()

beforeEach(async () => {
  dir = fresh.dir()
  sandbox = await startSandbox({ dir })
  inbox = await startInbox({ status: 204, body: '' })
})
afterEach(async () => {
  await sandbox.stop()
  await inbox.stop()
})
afterAll(() => fresh.end())

const NO = 'T2026_000001'
const path = () => `/v3/pay/transactions/out-trade-no/${NO}?mchid=${mchid()}`
const mchid = () => sandbox.credentials.wechatPay.mchid
const firstKey = () => sandbox.credentials.wechatPay.publicKeyId
const firstCertificate = () =>
  Object.keys(sandbox.credentials.wechatPay.publicKeys).find((id) => id !== firstKey()) as string

/** The serials that sign `count` answers; each verified by the SDK with the keys given. */
async function serials(count: number, certs?: Record<string, string>, headers = {}) {
  const call = wechatSdk(sandbox.credentials, certs, { headers })
  sandbox.admin.bulk(
    'wechat',
    sandbox.admin.trades().wechat.length ? [] : [{ outTradeNo: NO, fen: 1 }],
  )
  const seen: string[] = []
  for (let at = 0; at < count; at += 1)
    seen.push((await call('GET', path())).headers['wechatpay-serial'] as string)
  return seen
}

/** What the merchant gets from /v3/certificates, decrypted by the SDK. */
async function listed(certs?: Record<string, string>) {
  const { data } = await wechatSdk(sandbox.credentials, certs)('GET', '/v3/certificates')
  const { apiV3Key } = sandbox.credentials.wechatPay
  return Object.fromEntries(
    data.data.map((one: Listed): [string, string] => {
      const { ciphertext, nonce, associated_data: aad } = one.encrypt_certificate
      const pem = Aes.AesGcm.decrypt(ciphertext, apiV3Key, nonce, aad)
      const certificate = new X509Certificate(pem)
      expect(certificate.serialNumber).toBe(one.serial_no)
      expect(Date.parse(one.expire_time)).toBe(certificate.validToDate.getTime())
      expect(Date.parse(one.effective_time)).toBeLessThanOrEqual(Date.now())
      return [
        one.serial_no,
        certificate.publicKey.export({ type: 'spki', format: 'pem' }) as string,
      ]
    }),
  ) as Record<string, string>
}
type Listed = {
  serial_no: string
  effective_time: string
  expire_time: string
  encrypt_certificate: { ciphertext: string; nonce: string; associated_data: string }
}

const share = (seen: string[], id: string) => seen.filter((one) => one === id).length / seen.length

test('while the merchant moves to the public key its share grows, the rest is the certificate’s', async () => {
  for (const [wanted, least, most] of [
    [0, 0, 0],
    [0.1, 0.01, 0.25],
    [0.5, 0.35, 0.65],
    [1, 1, 1],
  ] as const) {
    sandbox.admin.keyMode('mixed', { share: wanted })
    const seen = await serials(100)
    expect(new Set([...seen, firstKey(), firstCertificate()]).size).toBe(2)
    expect([wanted, share(seen, firstKey()) >= least, share(seen, firstKey()) <= most]).toEqual([
      wanted,
      true,
      true,
    ])
  }
})

test('the same seed gives the same keys in turn', async () => {
  sandbox.admin.keyMode('mixed', { share: 0.5 })
  sandbox.admin.change({ seed: 7 })
  const first = await serials(20)
  sandbox.admin.change({ seed: 8 })
  const other = await serials(20)
  sandbox.admin.change({ seed: 7 })
  expect(await serials(20)).toEqual(first)
  expect(other).not.toEqual(first)
})

test('a merchant that names a key is answered with it, whatever the share', async () => {
  sandbox.admin.keyMode('mixed', { share: 0 })
  const named = { 'Wechatpay-Serial': firstKey() }
  expect(new Set(await serials(10, undefined, named))).toEqual(new Set([firstKey()]))
})

test('a new certificate overlaps the old one: both are listed, and a refresh learns of it', async () => {
  sandbox.admin.keyMode('certificate', { share: 0 })
  const old = firstCertificate()
  expect(Object.keys(await listed())).toEqual([old])
  const { id, certificate } = await sandbox.admin.issueKey('certificate')
  expect(new X509Certificate(certificate as string).serialNumber).toBe(id)
  // Announced, but nothing is signed with it yet.
  expect(new Set(await serials(10))).toEqual(new Set([old]))
  const refreshed = await listed()
  expect(Object.keys(refreshed)).toEqual([old, id])

  sandbox.admin.change({ share: 1 })
  // The old keys alone know nothing of it; what the refresh brought verifies every answer.
  await expect(serials(1)).rejects.toMatchObject({ code: 'EV3_RES_HEADER_PLATFORM_SERIAL' })
  expect(new Set(await serials(10, refreshed))).toEqual(new Set([id]))
  sandbox.admin.change({ share: 0.5 })
  expect(new Set(await serials(40, refreshed))).toEqual(new Set([old, id]))

  expect(sandbox.admin.retireKey(old)).toBe(true)
  expect(Object.keys(await listed(refreshed))).toEqual([id])
  expect(new Set(await serials(10, refreshed))).toEqual(new Set([id]))
  expect(sandbox.admin.retireKey(id)).toBe(false)
  expect(sandbox.admin.retireKey('nothing')).toBe(false)
})

test('notices change over as answers do', async () => {
  sandbox.admin.keyMode('certificate', { share: 1 })
  const { id, publicKey } = await sandbox.admin.issueKey('certificate')
  const call = wechatSdk(sandbox.credentials, { [id]: publicKey })
  await call('POST', '/v3/pay/transactions/native', {
    appid: sandbox.credentials.wechat.appid,
    mchid: mchid(),
    description: '课程',
    out_trade_no: NO,
    notify_url: inbox.url,
    amount: { total: 100 },
  })
  sandbox.admin.payLate('wechat', NO)
  await sandbox.admin.settle()
  const [notice] = inbox.received
  expect(notice?.headers['wechatpay-serial']).toBe(id)
  const { credentials } = sandbox
  const learned = structuredClone(credentials)
  learned.wechatPay.publicKeys[id] = publicKey
  const verdicts = [credentials, learned].map((one) => isNoticeSigned(one, notice!))
  expect(verdicts).toEqual([null, true])
})

test('a new public key stands in credentials.json; the old one goes on until it is retired', async () => {
  const stored = (): Credentials => JSON.parse(readFileSync(join(dir, 'credentials.json'), 'utf8'))
  const old = firstKey()
  const { id, publicKey } = await sandbox.admin.issueKey('publicKey')
  expect(id).toMatch(/^PUB_KEY_ID_\d{31}$/)
  expect(stored().wechatPay).toMatchObject({
    publicKeyId: id,
    publicKeys: { [id]: publicKey, [old]: sandbox.credentials.wechatPay.publicKeys[old] },
  })
  expect(sandbox.credentials.wechatPay.publicKeyId).toBe(old)
  const both = stored().wechatPay.publicKeys
  expect(new Set(await serials(40, both))).toEqual(new Set([old, id]))
  for (const one of [old, id])
    expect(new Set(await serials(5, both, { 'Wechatpay-Serial': one }))).toEqual(new Set([one]))
  sandbox.admin.retireKey(old)
  expect(Object.keys(stored().wechatPay.publicKeys)).not.toContain(old)
  expect(new Set(await serials(10, both, { 'Wechatpay-Serial': old }))).toEqual(new Set([id]))
})

test('issued and retired keys outlive a restart', async () => {
  const { id } = await sandbox.admin.issueKey('publicKey')
  const certificate = await sandbox.admin.issueKey('certificate')
  sandbox.admin.retireKey(firstKey())
  const before = sandbox.admin.keys()
  await sandbox.stop()
  sandbox = await startSandbox({ dir })
  expect(sandbox.admin.keys()).toEqual(before)
  expect(sandbox.credentials.wechatPay.publicKeyId).toBe(id)
  expect(new Set(await serials(10))).toEqual(new Set([id]))
  // The merchant fetches certificates itself.
  expect(Object.keys(sandbox.credentials.wechatPay.publicKeys)).not.toContain(certificate.id)
})

test('the admin endpoints issue, list and retire keys, and show no secret', async () => {
  const post = (to: string, body: object) => postJson(`${sandbox.url}/admin/${to}`, body)
  const issued = await post('keys', { kind: 'certificate' })
  expect(issued.body.keys).toHaveLength(3)
  expect(JSON.stringify(issued.body)).not.toContain('PRIVATE')
  expect((await post('keys', { kind: 'sm2' })).status).toBe(400)
  const retired = await post('keys/retire', { id: firstCertificate() })
  expect([retired.body.retired, retired.body.keys.length]).toEqual([true, 2])
  expect((await post('settings', { keyMode: 'mixed', share: 0.2 })).body).toMatchObject({
    keyMode: 'mixed',
    share: 0.2,
  })
  expect((await post('settings', { share: 1.2 })).status).toBe(400)
})
