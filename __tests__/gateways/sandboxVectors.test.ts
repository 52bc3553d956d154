import { createDecipheriv, createPublicKey, X509Certificate } from 'node:crypto'
import { isRequestSigned, nodeText, signedText, signNotice } from '../../sandbox/alipay/wire.ts'
import { sign, verify } from '../../sandbox/rsa.ts'
import {
  answerText,
  encrypt,
  isPaySigned,
  paySignText,
  requestText,
} from '../../sandbox/wechatPay/wire.ts'
import vectors from './vectors.json'

/** Recorded with throw-away keys by a second implementation (facts/PLATFORMS.md). */
const { keys, wechat, alipay } = vectors

describe('WeChat Pay vectors', () => {
  const requests = [
    wechat.request_post_jsapi,
    wechat.request_get_query,
    wechat.request_get_escaped,
    wechat.request_post_close,
  ]
  test.each(requests)('request $method $url: text, size and signature', (vector) => {
    const text = requestText(vector)
    expect(text).toBe(vector.message)
    expect(Buffer.byteLength(text)).toBe(vector.message_bytes)
    expect(sign(text, keys['merchant-test'].private_key)).toBe(vector.signature)
    expect(verify(text, vector.signature, keys['merchant-test'].public_key)).toBe(true)
  })

  test.each([wechat.response_200, wechat.response_204])('answer: text and signature', (vector) => {
    const text = answerText(vector.timestamp, vector.nonce, vector.body)
    expect(text).toBe(vector.message)
    expect(sign(text, keys['platform-test'].private_key)).toBe(vector.signature)
  })

  test('paySign is accepted, and refused after any change', () => {
    const { appId, timeStamp, nonceStr, package: pack, signType, paySign } = wechat.paysign_mini
    expect(paySignText(appId, timeStamp, nonceStr, pack)).toBe(wechat.paysign_mini.message)
    const request = { appid: appId, timeStamp, nonceStr, package: pack, signType, paySign }
    const key = keys['merchant-test'].public_key
    expect(isPaySigned(request, key)).toBe(true)
    expect(isPaySigned({ ...request, package: `${pack}0` }, key)).toBe(false)
    expect(isPaySigned({ ...request, signType: 'MD5' }, key)).toBe(false)
    expect(isPaySigned(request, keys['platform-test'].public_key)).toBe(false)
  })

  test.each([wechat.notify_transaction, wechat.notify_refund])(
    'notice: the same plain text becomes the same cipher text and signature',
    (vector) => {
      const { resource } = JSON.parse(vector.body)
      const { nonce, associated_data: associated, ciphertext } = resource
      expect(encrypt(vector.plaintext, vector.api_v3_key, associated, nonce)).toBe(ciphertext)
      const text = answerText(vector.timestamp, vector.nonce, vector.body)
      expect(sign(text, keys['platform-test'].private_key)).toBe(vector.signature)
    },
  )

  test('certificates: the encrypted PEM is the one of its serial', () => {
    const { api_v3_key: key, body } = wechat.certificates
    const [one] = JSON.parse(body).data
    const { nonce, associated_data: associated, ciphertext } = one.encrypt_certificate
    const bytes = Buffer.from(ciphertext, 'base64')
    const opener = createDecipheriv('aes-256-gcm', key, nonce).setAAD(Buffer.from(associated))
    opener.setAuthTag(bytes.subarray(-16))
    const pem = opener.update(bytes.subarray(0, -16), undefined, 'utf8') + opener.final('utf8')
    expect(new X509Certificate(pem).serialNumber).toBe(one.serial_no)
    expect(encrypt(pem, key, associated, nonce)).toBe(ciphertext)
  })
})

describe('Alipay vectors', () => {
  test('request: signed text and signature, refused after any change', () => {
    const { params, message, sign: signature } = alipay.request
    expect(signedText(params, ['sign'])).toBe(message)
    const key = keys['ali-app-test'].public_key
    expect(isRequestSigned({ ...params, sign: signature }, key)).toBe(true)
    expect(isRequestSigned({ ...params, sign: signature, version: '1.1' }, key)).toBe(false)
  })

  test('answer: the node is signed as the raw text', () => {
    const { signed_node: node, raw } = alipay.response
    const key = keys['ali-platform-test'].private_key
    expect(nodeText(JSON.parse(node))).toBe(node)
    expect(raw).toContain(`"sign":"${sign(node, key)}"`)
  })

  test('notice: sign and sign_type stay out of the signed text', () => {
    const { params, message, sign: signature } = alipay.notify
    expect(signedText(params, ['sign', 'sign_type'])).toBe(message)
    const signed = signNotice(params, keys['ali-platform-test'].private_key)
    expect(signed).toEqual({ ...params, sign: signature, sign_type: 'RSA2' })
  })
})

test('a made certificate is a right one and carries the serial it is named by', async () => {
  const { selfSign } = await import('../../sandbox/x509.ts')
  const { createPrivateKey } = await import('node:crypto')
  const privateKey = createPrivateKey(keys['merchant-test'].private_key)
  const [from, until] = [new Date('2026-01-01T00:00:00Z'), new Date('2055-01-01T00:00:00Z')]
  const { serial, pem } = selfSign({ name: '测试商户', privateKey, from, until })
  const read = new X509Certificate(pem)
  expect(serial).toMatch(/^[4-7][0-9A-F]{39}$/)
  expect(read.serialNumber).toBe(serial)
  expect(read.subject).toBe('CN=测试商户')
  expect([read.validFromDate, read.validToDate]).toEqual([from, until])
  expect(read.verify(createPublicKey(privateKey))).toBe(true)
})
