import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  type Credentials,
  checkCredentials,
  readCredentials,
  credentials as shape,
} from '../../server/platforms/credentials.ts'
import vectors from './vectors.json'

const { keys } = vectors
const keyId = 'PUB_KEY_ID_1'
const real = {
  wechatPay: {
    baseUrl: 'https://api.mch.weixin.qq.com',
    mchid: '1900000001',
    merchantSerial: 'A'.repeat(40),
    merchantPrivateKey: keys['merchant-test'].private_key,
    apiV3Key: '0123456789abcdef0123456789ABCDEF',
    publicKeys: { [keyId]: keys['platform-test'].public_key },
    publicKeyId: keyId,
  },
  wechat: { baseUrl: 'https://api.weixin.qq.com', appid: 'wx1', secret: 's' },
  wechatWeb: {
    appid: 'wx2',
    secret: 's',
    authorizeUrl: 'https://open.weixin.qq.com/connect/oauth2/authorize',
  },
  alipay: {
    gateway: 'https://openapi.alipay.com/gateway.do',
    appId: '2021',
    privateKey: keys['ali-app-test'].private_key,
    alipayPublicKey: keys['ali-platform-test'].public_key,
    sellerId: '2088',
    aesKey: Buffer.alloc(16).toString('base64'),
  },
  sms: {
    baseUrl: 'https://dysmsapi.aliyuncs.com',
    accessKeyId: 'id',
    accessKeySecret: 's',
    signName: '即约',
    templates: { signInCode: 'SMS_1', booking: 'SMS_2' },
  },
  mail: null,
}

const folder = mkdtempSync(join(tmpdir(), 'jiyue-credentials-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

function read(content: string): Promise<Credentials> {
  const file = join(folder, 'credentials.json')
  writeFileSync(file, content)
  return readCredentials(file)
}

/** A copy with one place changed, `undefined` taking it away. */
function changed(path: string, value: unknown): string {
  const copy = structuredClone(real) as Record<string, unknown>
  const names = path.split('.')
  const last = names.pop()!
  let at = copy
  for (const name of names) at = at[name] as Record<string, unknown>
  at[last] = value
  return JSON.stringify(copy)
}

test('a complete file is read; what a merchant may lack is null', async () => {
  expect(await read(JSON.stringify(real))).toEqual({ sandbox: false, ...real })
  const { sms: _, mail: __, wechatWeb: ___, ...least } = real
  expect(await read(JSON.stringify(least))).toMatchObject({
    sms: null,
    mail: null,
    wechatWeb: null,
  })
})

test('WeChat’s browser goes to WeChat’s own page unless the file names another', async () => {
  const { wechatWeb } = await read(changed('wechatWeb.authorizeUrl', undefined))
  expect(wechatWeb).toEqual(real.wechatWeb)
})

test('platform certificates stand among the keys as well', async () => {
  const serial = 'B'.repeat(40)
  const publicKeys = { [serial]: keys['platform-test'].certificate }
  const pay = { ...real.wechatPay, publicKeys, publicKeyId: undefined }
  expect((await read(JSON.stringify({ ...real, wechatPay: pay }))).wechatPay.publicKeyId).toBeNull()
})

test.each([
  ['wechatPay', undefined],
  ['wechatPay.apiV3Key', 'short-secret'],
  ['wechatPay.merchantPrivateKey', 'secret, but no key'],
  ['wechatPay.merchantPrivateKey', keys['merchant-test'].public_key],
  ['wechatPay.merchantSerial', 'xyz'],
  ['wechatPay.publicKeys', { [keyId]: keys['platform-test'].private_key }],
  ['wechatPay.publicKeyId', 'PUB_KEY_ID_2'],
  ['wechatPay.baseUrl', 'ftp://files.example'],
  ['wechat.secret', ''],
  ['alipay.alipayPublicKey', undefined],
  ['alipay.aesKey', 'AAAA'],
  ['sms.templates', { message: 'SMS_1' }],
])('%s wrong: start-up says where, and shows no value', async (path, value) => {
  const failure = await read(changed(path, value)).then(
    () => undefined,
    (error: Error) => error.message,
  )
  expect(failure).toContain(path)
  expect(failure).not.toMatch(/short-secret|but no key|BEGIN/)
})

test('a file that is no JSON says so without quoting it', async () => {
  await expect(read('{"secret": "abc')).rejects.toThrow(/is not JSON$/)
  await expect(readCredentials(join(folder, 'missing.json'))).rejects.toThrow(/ENOENT/)
})

describe('what may serve real people', () => {
  const check = (content: string, production = true) =>
    checkCredentials(shape.parse(JSON.parse(content)), { production })

  test('the platforms’ own addresses', () => {
    expect(check(JSON.stringify(real))).toEqual([])
  })

  test.each([
    ['sandbox', true, 'sandbox'],
    ['wechatPay.baseUrl', 'http://127.0.0.1:7090', 'wechatPay.baseUrl points at this machine'],
    ['wechat.baseUrl', 'https://localhost', 'wechat.baseUrl points at this machine'],
    ['alipay.gateway', 'http://[::1]:80/gateway.do', 'alipay.gateway points at this machine'],
    ['wechatWeb.authorizeUrl', 'http://127.0.0.1:7090', 'wechatWeb.authorizeUrl points at this'],
    ['alipay.gateway', 'http://127.1/gateway.do', 'alipay.gateway points at this machine'],
    ['alipay.gateway', 'http://[::ffff:127.0.0.1]/', 'alipay.gateway points at this machine'],
    ['sms.baseUrl', 'http://0.0.0.0', 'sms.baseUrl points at this machine'],
    ['wechat.baseUrl', 'http://api.weixin.qq.com', 'wechat.baseUrl is not https'],
  ])('not %s = %s', (path, value, sentence) => {
    expect(check(changed(path, value))).toEqual([expect.stringContaining(sentence)])
    expect(check(changed(path, value), false)).toEqual([])
  })
})
