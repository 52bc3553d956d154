/** WeChat's keys over time: refreshed while in use, old ones kept while they are valid (P1). */
import { generateKeyPairSync } from 'node:crypto'
import { selfSign } from '../../sandbox/x509.ts'
import { wechatGateway } from '../../server/payment/gateways/wechat/gateway.ts'
import { keyRing } from '../../server/payment/gateways/wechat/keys.ts'
import { value } from './cases.ts'
import { type Merchant, startMerchant } from './merchant.ts'
import { keptKeys } from './sandboxMerchant.ts'

const hour = 3_600_000
const start = Date.parse('2026-11-22T08:00:00Z')
const at = (hours: number) => new Date(start + hours * hour)
const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
const publicPem = publicKey.export({ type: 'spki', format: 'pem' }) as string

const certificate = (untilHours: number) =>
  selfSign({ name: 'WeChat', privateKey, from: at(-24), until: at(untilHours) })

/** A ring whose list is `list`; null when it cannot be had. */
function ringOf(configured: Record<string, string>) {
  const seen = { list: {} as Record<string, string> | null, asked: [] as Date[] }
  const ring = keyRing(configured, async (now) => {
    seen.asked.push(now)
    return seen.list
  })
  return { seen, ring }
}

describe('a certificate in use', () => {
  const old = certificate(24 * 365)
  const fresh = certificate(24 * 365 * 5)

  test('its list is fetched again before twelve hours are over, and not more often', async () => {
    const { seen, ring } = ringOf({ [old.serial]: old.pem })
    seen.list = { [old.serial]: old.pem }
    for (let quarters = 0; quarters <= 4 * 48; quarters++) {
      expect(await ring.find(old.serial, at(quarters / 4))).not.toBeNull()
      await Promise.resolve()
    }
    const gaps = seen.asked.map((one, n) => (one.getTime() - at(0).getTime()) / hour - 11 * n)
    expect(gaps).toEqual([0, 0, 0, 0, 0])
  })

  test('that nobody uses is not asked about; nor are public keys, ever', async () => {
    const { seen, ring } = ringOf({ [old.serial]: old.pem, PUB_KEY_ID_1: publicPem })
    expect(await ring.find('PUB_KEY_ID_1', at(0))).not.toBeNull()
    expect(await ring.find('PUB_KEY_ID_1', at(1000))).not.toBeNull()
    expect(await ring.find('PUB_KEY_ID_2', at(1000))).toBeNull()
    expect(seen.asked).toEqual([])
  })

  test('does not wait for the refresh, and a refresh that fails is tried a minute later', async () => {
    const { seen, ring } = ringOf({ [old.serial]: old.pem })
    seen.list = null
    const minute = 1 / 60
    for (const hours of [0, minute / 2, minute, minute + 0.001, 2 * minute, 3 * minute]) {
      expect(await ring.find(old.serial, at(hours))).not.toBeNull()
    }
    expect(seen.asked.map((one) => one.getTime())).toEqual(
      [0, minute + 0.001, 3 * minute].map((hours) => at(hours).getTime()),
    )
  })

  test('stays when the list names only its follower, until it expires', async () => {
    const { seen, ring } = ringOf({ [old.serial]: old.pem })
    seen.list = { [fresh.serial]: fresh.pem }
    await ring.find(old.serial, at(0))
    await Promise.resolve()
    expect(await ring.find(fresh.serial, at(1))).not.toBeNull()
    expect(await ring.find(old.serial, at(24 * 365 - 1))).not.toBeNull()
    expect(await ring.find(old.serial, at(24 * 365))).toBeNull()
    expect(await ring.find(fresh.serial, at(24 * 365))).not.toBeNull()
  })

  test('expired, it is asked for like an unknown one: the list may have it anew', async () => {
    const { seen, ring } = ringOf({ [old.serial]: certificate(1).pem })
    seen.list = { [old.serial]: old.pem }
    expect(await ring.find(old.serial, at(2))).not.toBeNull()
    expect(seen.asked).toHaveLength(1)
  })

  test('an expired one in the list is no key', async () => {
    const past = certificate(-1)
    const { seen, ring } = ringOf({})
    seen.list = { [past.serial]: past.pem }
    expect(await ring.find(past.serial, at(0))).toBeNull()
  })
})

test('unknown serials ask at most once a minute, however many they are', async () => {
  const { seen, ring } = ringOf({})
  for (let n = 0; n < 600; n++) {
    const serial = n.toString(16).padStart(40, '0').toUpperCase()
    expect(await ring.find(serial, new Date(start + n * 1000))).toBeNull()
  }
  expect(seen.asked.length).toBeLessThanOrEqual(10)
  expect(seen.asked.length).toBeGreaterThan(8)
})

describe('while WeChat changes its keys', () => {
  const kept = keptKeys()
  let merchant: Merchant
  beforeEach(async () => {
    merchant = await startMerchant(kept.dir())
  })
  afterEach(() => merchant.stop())
  afterAll(() => kept.end())

  const minutes = (count: number) => merchant.now.setTime(merchant.now.getTime() + count * 60_000)

  /** A gateway that knows no certificate yet; `publicKey`: it has that one. */
  function gateway({ publicKey: knows }: { publicKey: boolean }) {
    const credentials = structuredClone(merchant.credentials)
    const { wechatPay: pay } = credentials
    const id = pay.publicKeyId as string
    Object.assign(pay, {
      publicKeys: knows ? { [id]: pay.publicKeys[id] } : {},
      publicKeyId: null,
    })
    const seen: string[] = []
    const spying: typeof fetch = async (url, init) => {
      const answer = await fetch(url, init)
      seen.push(answer.headers.get('wechatpay-serial') ?? '')
      return answer
    }
    const noticeUrl = 'https://shop.example/n'
    return {
      seen,
      of: wechatGateway(credentials, { noticeUrl, fetch: spying, pause: async () => {} }),
    }
  }

  let count = 0
  const open = ({ of }: ReturnType<typeof gateway>) => {
    count += 1
    return of.prepare(
      {
        tradeNo: `T${String(count).padStart(9, '0')}`,
        amountFen: 1,
        description: '课',
        expiresAt: new Date(merchant.now.getTime() + 600_000),
        scene: 'desktop',
        clientIp: '203.0.113.7',
      },
      merchant.now,
    )
  }

  test('a new certificate beside the old one is learnt; the old one’s answers stay good', async () => {
    const { admin } = merchant.sandbox
    admin.keyMode('certificate')
    const mine = gateway({ publicKey: false })
    value(await open(mine))
    const issued = await admin.issueKey('certificate')
    minutes(2)
    for (let n = 0; n < 30; n++) value(await open(mine))
    const used = new Set(mine.seen)
    expect(used.has(issued.id)).toBe(true)
    expect(used.size).toBe(2)
  })

  test('the old certificate is taken out of use: nothing fails', async () => {
    const { admin } = merchant.sandbox
    admin.keyMode('certificate')
    const mine = gateway({ publicKey: false })
    value(await open(mine))
    const old = mine.seen.at(-1) as string
    const issued = await admin.issueKey('certificate')
    expect(admin.retireKey(old)).toBe(true)
    minutes(2)
    value(await open(mine))
    expect(mine.seen.at(-1)).toBe(issued.id)
  })

  test('within the minute of the last look it says unknown, and learns right after', async () => {
    const { admin } = merchant.sandbox
    admin.keyMode('certificate')
    const mine = gateway({ publicKey: false })
    value(await open(mine))
    await admin.issueKey('certificate')
    admin.retireKey(mine.seen.at(-1) as string)
    expect(await open(mine)).toMatchObject({ ok: false, kind: 'unknown', code: 'unknown_serial' })
    minutes(2)
    value(await open(mine))
  })

  test.each([0.001, 0.1, 0.5, 0.9, 1])(
    'switching to the public key, %s of the answers by it: every one is believed',
    async (share) => {
      merchant.sandbox.admin.keyMode('mixed', { share })
      const mine = gateway({ publicKey: true })
      for (let n = 0; n < 20; n++) value(await open(mine))
    },
  )
})
