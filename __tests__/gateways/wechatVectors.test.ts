import { createPrivateKey, createPublicKey } from 'node:crypto'
import { Aes, Formatter, Rsa } from 'wechatpay-axios-plugin'
import { wechatClient } from '../../server/payment/gateways/wechat/client.ts'
import { readWechatNotice } from '../../server/payment/gateways/wechat/notice.ts'
import {
  answerText,
  authorization,
  jsapiParams,
  openSealed,
  requestText,
  signText,
  verifies,
} from '../../server/payment/gateways/wechat/signature.ts'
import { wire } from '../../server/platforms/exchange.ts'
import vectors from './vectors.json'

const merchantKey = createPrivateKey(vectors.keys['merchant-test'].private_key)
const platform = vectors.keys['platform-test']
const { wechat } = vectors
const now = new Date(1767225600_000)
const platformId = 'PUB_KEY_ID_0000000000000000000000000001'

describe('requests are signed over what is sent', () => {
  const requests = [
    'request_post_jsapi',
    'request_get_query',
    'request_get_escaped',
    'request_post_close',
  ] as const
  test.each(requests)('%s', (name) => {
    const { message, message_bytes, signature, ...request } = wechat[name]
    const text = requestText(request)
    expect(text).toBe(message)
    expect(Buffer.byteLength(text)).toBe(message_bytes)
    expect(signText(merchantKey, text)).toBe(signature)
    expect(text).toBe(
      Formatter.request(
        request.method,
        request.url,
        request.timestamp,
        request.nonce,
        request.body,
      ),
    )
  })

  test('the header carries the five items', () => {
    const { signature, ...request } = wechat.request_get_query
    const merchant = { mchid: '1900000001', serial: 'AB', key: merchantKey }
    expect(authorization(merchant, request)).toBe(
      `WECHATPAY2-SHA256-RSA2048 mchid="1900000001",nonce_str="${request.nonce}",` +
        `signature="${signature}",timestamp="1767225600",serial_no="AB"`,
    )
  })

  test('paySign is over the app id and the package line', () => {
    const { appId, timeStamp, nonceStr, package: pack, paySign } = wechat.paysign_mini
    const params = jsapiParams(merchantKey, appId, pack, timeStamp, nonceStr)
    expect(params).toEqual({ appId, timeStamp, nonceStr, package: pack, signType: 'RSA', paySign })
  })
})

describe('answers are believed for their bytes', () => {
  const key = createPublicKey(platform.certificate)

  test.each(['response_200', 'response_204'] as const)('%s', (name) => {
    const { timestamp, nonce, body, message, signature } = wechat[name]
    expect(answerText(timestamp, nonce, Buffer.from(body)).toString()).toBe(message)
    const from = { timestamp, nonce, signature, serial: '' }
    expect(verifies(key, from, Buffer.from(body))).toBe(true)
    expect(verifies(key, from, Buffer.from(`${body} `))).toBe(false)
    expect(verifies(key, { ...from, nonce: `${nonce}0` }, Buffer.from(body))).toBe(false)
  })

  test('a probe of WeChat fails like any wrong signature', () => {
    const { timestamp, nonce, body, signature } = wechat.response_200
    const probe = `WECHATPAY/SIGNTEST/${signature}`.slice(0, signature.length)
    expect(
      verifies(key, { timestamp, nonce, signature: probe, serial: '' }, Buffer.from(body)),
    ).toBe(false)
  })
})

describe('sealed texts open only with the right key, tag, nonce and associated data', () => {
  const { resource } = JSON.parse(wechat.notify_transaction.body)
  const key = wechat.notify_transaction.api_v3_key

  test('the vectors open', () => {
    expect(openSealed(key, resource)).toBe(wechat.notify_transaction.plaintext)
    const { data } = JSON.parse(wechat.certificates.body)
    expect(openSealed(key, data[0].encrypt_certificate)).toBe(platform.certificate)
  })

  test('what the public SDK seals opens here', () => {
    const ciphertext = Aes.AesGcm.encrypt('预约 {}', key, 'abcdefghijkl', 'refund')
    const sealed = { algorithm: 'AEAD_AES_256_GCM', ciphertext, nonce: 'abcdefghijkl' }
    expect(openSealed(key, { ...sealed, associated_data: 'refund' })).toBe('预约 {}')
    expect(openSealed(key, sealed)).toBeNull()
  })

  test.each<[string, { apiKey?: string; [name: string]: string | undefined }]>([
    ['another key', { apiKey: `${key.slice(0, -1)}0` }],
    ['another nonce', { nonce: 'abcdefghijkm' }],
    ['other associated data', { associated_data: 'refund' }],
    ['another algorithm', { algorithm: 'AES_256_GCM' }],
    ['a tag one bit off', { ciphertext: flipLast(resource.ciphertext) }],
    ['no tag', { ciphertext: '' }],
  ])('%s → nothing', (_name, { apiKey = key, ...change }) => {
    expect(openSealed(apiKey, { ...resource, ...change })).toBeNull()
  })

  function flipLast(base64: string): string {
    const bytes = Buffer.from(base64, 'base64')
    bytes[bytes.length - 1] = (bytes.at(-1) ?? 0) ^ 1
    return bytes.toString('base64')
  }
})

describe('notices of the vectors', () => {
  const credentials = {
    baseUrl: 'http://127.0.0.1:9',
    mchid: '1900000001',
    merchantSerial: 'A'.repeat(40),
    merchantPrivateKey: vectors.keys['merchant-test'].private_key,
    apiV3Key: wechat.notify_transaction.api_v3_key,
    publicKeys: { [platformId]: platform.public_key },
    publicKeyId: platformId,
  }
  // Nothing is asked of the network: a key that is not there is not there.
  const client = wechatClient(credentials, wire({ attempts: 1 }))
  const self = { mchid: '1900000001', appids: ['wx0000000000000001'] }

  type Vector = typeof wechat.notify_transaction
  const headersOf = (vector: Vector) => ({
    'wechatpay-timestamp': vector.timestamp,
    'wechatpay-nonce': vector.nonce,
    'wechatpay-signature': vector.signature,
    'wechatpay-serial': platformId,
  })
  const read = (vector: Vector, headers: object = {}, body = vector.body, at = now) =>
    readWechatNotice(client, self, { ...headersOf(vector), ...headers }, Buffer.from(body), at)

  test('a payment', async () => {
    expect(await read(wechat.notify_transaction)).toEqual({
      ok: true,
      fact: {
        kind: 'trade',
        method: 'wechat',
        tradeNo: 'T20260101000001',
        state: 'paid',
        amountFen: 100,
        transactionId: '4200000000202601010000000001',
        paidAt: new Date('2026-01-01T00:00:00Z'),
        payerId: 'oTEST0000000000000000000001',
        reference: 'notice 00000000-0000-5000-8000-000000000001',
      },
    })
  })

  test('a refund', async () => {
    expect(await read(wechat.notify_refund)).toEqual({
      ok: true,
      fact: {
        kind: 'refund',
        method: 'wechat',
        refundNo: 'R20260101000001',
        tradeNo: 'T20260101000001',
        state: 'succeeded',
        amountFen: 40,
        refundedAt: new Date('2026-01-01T01:00:00Z'),
        reference: 'notice 00000000-0000-5000-8000-000000000002',
      },
    })
  })

  const vector = wechat.notify_transaction
  const minutes = (count: number) => new Date(now.getTime() + count * 60_000)
  test.each([
    ['one byte of the body', 'bad_signature', {}, `${vector.body}\n`, now],
    ['another nonce', 'bad_signature', { 'wechatpay-nonce': 'x' }, vector.body, now],
    ['a header missing', 'headers_missing', { 'wechatpay-nonce': undefined }, vector.body, now],
    [
      'a header sent twice',
      'headers_missing',
      { 'wechatpay-serial': [platformId, platformId] },
      vector.body,
      now,
    ],
    [
      'a serial of nobody',
      'unknown_serial',
      { 'wechatpay-serial': 'PUB_KEY_ID_2' },
      vector.body,
      now,
    ],
    ['six minutes late', 'stale', {}, vector.body, minutes(6)],
    ['six minutes early', 'stale', {}, vector.body, minutes(-6)],
    ['a timestamp that is none', 'stale', { 'wechatpay-timestamp': '1e9' }, vector.body, now],
  ] as const)('%s → %s', async (_name, reason, headers, body, at) => {
    expect(await read(vector, headers, body, at)).toEqual({ ok: false, reason })
  })

  test('within five minutes either way it is fresh', async () => {
    for (const at of [minutes(5), minutes(-5)]) {
      expect(await read(vector, {}, vector.body, at)).toMatchObject({ ok: true })
    }
  })

  /** Rightly signed by WeChat, about something else. */
  function signed(event_type: string, plain: object | string) {
    const text = typeof plain === 'string' ? plain : JSON.stringify(plain)
    const nonce = 'abcdefghijkl'
    const ciphertext = Aes.AesGcm.encrypt(text, credentials.apiV3Key, nonce, 'transaction')
    const resource = {
      algorithm: 'AEAD_AES_256_GCM',
      ciphertext,
      nonce,
      associated_data: 'transaction',
    }
    const body = JSON.stringify({ id: '1', event_type, resource })
    const message = Formatter.response(vector.timestamp, 'n', body)
    const signature = Rsa.sign(message, platform.private_key)
    return { ...vector, nonce: 'n', body, signature }
  }
  const paid = JSON.parse(vector.plaintext)

  test.each([
    ['another merchant', 'wrong_merchant', signed('TRANSACTION.SUCCESS', { ...paid, mchid: '2' })],
    ['another app', 'wrong_merchant', signed('TRANSACTION.SUCCESS', { ...paid, appid: 'wx2' })],
    [
      'dollars',
      'malformed',
      signed('TRANSACTION.SUCCESS', { ...paid, amount: { total: 1, currency: 'USD' } }),
    ],
    ['half a fen', 'malformed', signed('TRANSACTION.SUCCESS', { ...paid, amount: { total: 0.5 } })],
    ['no amount', 'malformed', signed('TRANSACTION.SUCCESS', { ...paid, amount: undefined })],
    ['no JSON inside', 'malformed', signed('TRANSACTION.SUCCESS', 'paid!')],
    ['an invoice', 'other_event', signed('FAPIAO.ISSUED', {})],
  ])('signed by WeChat, but about %s → %s', async (_name, reason, other) => {
    expect(await read(other)).toEqual({ ok: false, reason })
  })

  test('a state we do not know is not paid', async () => {
    const notice = await read(signed('TRANSACTION.SUCCESS', { ...paid, trade_state: 'USERPAYING' }))
    expect(notice).toMatchObject({ ok: true, fact: { state: 'unpaid' } })
  })

  test('a seal of another key → bad_seal', async () => {
    const other = wechatClient({ ...credentials, apiV3Key: '0'.repeat(32) }, wire({ attempts: 1 }))
    const body = Buffer.from(vector.body)
    expect(await readWechatNotice(other, self, headersOf(vector), body, now)).toEqual({
      ok: false,
      reason: 'bad_seal',
    })
  })
})
