import { AlipaySdk } from 'alipay-sdk'
import { type Sandbox, startSandbox } from '../../sandbox/sandbox.ts'
import {
  isNoticeSigned,
  keptKeys,
  opened,
  postJson,
  startInbox,
  wechatSdk,
} from './sandboxMerchant.ts'

/** Notices of both rails on the virtual clock. */

const SECOND = 1_000
const MINUTE = 60 * SECOND
const HOUR = 60 * MINUTE

let sandbox: Sandbox
let inbox: Awaited<ReturnType<typeof startInbox>>
let now: number
const fresh = keptKeys()

beforeEach(async () => {
  now = Date.now()
  sandbox = await startSandbox({ dir: fresh.dir(), clock: () => now })
  inbox = await startInbox({ status: 200, body: 'success' })
})
afterEach(async () => {
  await sandbox.stop()
  await inbox.stop()
})
afterAll(() => fresh.end())

const RAILS = ['wechat', 'alipay'] as const
type Rail = (typeof RAILS)[number]
/** Waits between the tries, as the platforms publish them. */
const WAITS: Record<Rail, number[]> = {
  wechat: [
    ...[15 * SECOND, 15 * SECOND, 30 * SECOND, 3 * MINUTE, 10 * MINUTE, 20 * MINUTE],
    ...[30 * MINUTE, 30 * MINUTE, 30 * MINUTE, HOUR, 3 * HOUR, 3 * HOUR, 3 * HOUR],
    ...[6 * HOUR, 6 * HOUR],
  ],
  alipay: [4 * MINUTE, 10 * MINUTE, 10 * MINUTE, HOUR, 2 * HOUR, 6 * HOUR, 15 * HOUR],
}
const instants = (rail: Rail) => {
  let at = 0
  return [0, ...WAITS[rail].map((wait) => (at += wait))]
}

/** A paid order of either rail whose notice goes to the inbox. */
async function pay(rail: Rail, no: string) {
  await (rail === 'wechat' ? placeWechat(no) : openAlipay(no))
  expect(sandbox.admin.payLate(rail, no)).toBe(true)
  await sandbox.admin.settle()
}

async function placeWechat(no: string) {
  const { wechat, wechatPay } = sandbox.credentials
  await wechatSdk(sandbox.credentials)('POST', '/v3/pay/transactions/native', {
    appid: wechat.appid,
    mchid: wechatPay.mchid,
    description: '课程',
    out_trade_no: no,
    notify_url: inbox.url,
    amount: { total: 100 },
  })
}

const alipay = () => {
  const { gateway, appId, privateKey, alipayPublicKey } = sandbox.credentials.alipay
  return new AlipaySdk({ gateway, appId, privateKey, alipayPublicKey, keyType: 'PKCS8' })
}

async function openAlipay(no: string) {
  const timestamp = new Date(now).toLocaleString('sv-SE', { timeZone: 'Asia/Shanghai' })
  const content = { out_trade_no: no, total_amount: '1.00', subject: '课', quit_url: inbox.url }
  const bizContent = { ...content, product_code: 'QUICK_WAP_WAY' }
  const asked = { timestamp, bizContent, notifyUrl: inbox.url }
  const answer = await fetch(alipay().pageExecute('alipay.trade.wap.pay', 'GET', asked))
  expect(answer.status).toBe(200)
}

/** The order a received notice is about, and whether the platform signed it. */
function heard(rail: Rail, at = inbox.received.length - 1) {
  const notice = inbox.received[at] as (typeof inbox.received)[number]
  if (rail === 'wechat')
    return {
      no: opened(sandbox.credentials, notice).out_trade_no,
      isSigned: isNoticeSigned(sandbox.credentials, notice),
    }
  const form = Object.fromEntries(new URLSearchParams(notice.body))
  return { no: form.out_trade_no, isSigned: alipay().checkNotifySignV2(form) }
}

/** The instants of a notice's tries after the payment, as the sandbox wrote them down. */
const triedAt = (no: string) => {
  const notice = sandbox.admin.notices().find((one) => one.subject === no)
  return notice?.log.map(({ at }) => Date.parse(at) - now)
}
const stateOf = (no: string) => sandbox.admin.notices().find((one) => one.subject === no)?.state

describe.each(RAILS)('%s', (rail) => {
  const call = `${rail}.notice`
  const refuse = () => {
    inbox.answer.status = 500
    inbox.answer.body = 'fail'
  }
  const accept = () => {
    inbox.answer.status = 200
    inbox.answer.body = 'success'
  }

  test('tries at exactly the published instants, then gives up', async () => {
    refuse()
    await pay(rail, 'T_one_0001')
    await sandbox.admin.advance(10 * 24 * HOUR)
    expect(triedAt('T_one_0001')).toEqual(instants(rail))
    expect(stateOf('T_one_0001')).toBe('given up')
    expect(inbox.received).toHaveLength(instants(rail).length)
    expect(sandbox.admin.settings().offsetMs).toBe(10 * 24 * HOUR)
  })

  test('with the first five lost the sixth arrives, at its instant, and ends it', async () => {
    expect(sandbox.admin.fault(call, 'drop', 5)).toBe(true)
    await pay(rail, 'T_one_0001')
    await sandbox.admin.advance(24 * HOUR)
    expect(triedAt('T_one_0001')).toEqual(instants(rail).slice(0, 6))
    expect([inbox.received.length, stateOf('T_one_0001')]).toEqual([1, 'delivered'])
    expect(heard(rail)).toEqual({ no: 'T_one_0001', isSigned: true })
    expect(sandbox.admin.faults()).toEqual([])
  })

  test('a time that passes in one jump brings one try, not all of them at once', async () => {
    refuse()
    await pay(rail, 'T_one_0001')
    sandbox.admin.clock(24 * HOUR)
    await sandbox.admin.settle()
    expect(triedAt('T_one_0001')).toEqual([0, 24 * HOUR])
  })

  test('a late one comes a minute later, an overtaken one after the next of its order', async () => {
    sandbox.admin.fault(call, 'late', 1, { only: 'T_one_0001' })
    await pay(rail, 'T_one_0001')
    expect([triedAt('T_one_0001'), stateOf('T_one_0001')]).toEqual([[], 'held'])
    await sandbox.admin.advance(MINUTE)
    expect(triedAt('T_one_0001')).toEqual([MINUTE])

    sandbox.admin.fault(call, 'outOfOrder', 1, { only: 'T_two_0001' })
    await pay(rail, 'T_two_0001')
    await pay(rail, 'T_three_001')
    expect([stateOf('T_two_0001'), stateOf('T_three_001')]).toEqual(['held', 'delivered'])
    await sandbox.admin.advance(10 * MINUTE)
    expect(stateOf('T_two_0001')).toBe('delivered')
  })

  test('the forged one has another amount and no signature of the platform’s', async () => {
    sandbox.admin.fault(call, 'forged')
    await pay(rail, 'T_one_0001')
    expect([0, 1].map((at) => heard(rail, at).isSigned)).toEqual([false, true])
    expect(inbox.received).toHaveLength(2)
  })

  test('is sent again on demand: delivered, given up, waiting or held, by order number or id', async () => {
    const { admin } = sandbox
    await pay(rail, 'T_one_0001')
    expect(admin.resend('T_one_0001')).toBe(1)
    await admin.settle()
    expect([inbox.received.length, stateOf('T_one_0001')]).toEqual([2, 'delivered'])

    refuse()
    await pay(rail, 'T_two_0001')
    const before = inbox.received.length
    expect(admin.resend('T_two_0001')).toBe(1)
    await admin.settle()
    expect([inbox.received.length, stateOf('T_two_0001')]).toEqual([before + 1, 'waiting'])
    await admin.advance(10 * 24 * HOUR)
    expect(stateOf('T_two_0001')).toBe('given up')
    // The extra try counts as one of the schedule: it is not made longer by it.
    expect(triedAt('T_two_0001')).toHaveLength(instants(rail).length)
    accept()
    const id = admin.notices().find((one) => one.subject === 'T_two_0001')?.id as string
    expect(admin.resend(id)).toBe(1)
    await admin.settle()
    expect([heard(rail).no, stateOf('T_two_0001')]).toEqual(['T_two_0001', 'delivered'])

    admin.fault(call, 'outOfOrder')
    await pay(rail, 'T_three_001')
    admin.resend('T_three_001')
    await admin.settle()
    expect(stateOf('T_three_001')).toBe('delivered')
    expect(admin.resend('nothing')).toBe(0)
  })

  test('the admin endpoints resend and let time pass', async () => {
    refuse()
    await pay(rail, 'T_one_0001')
    const post = async (path: string, body: object) =>
      (await postJson(`${sandbox.url}/admin/${path}`, body)).body
    expect(await post('notices/resend', { notice: 'T_one_0001' })).toEqual({ sent: 1 })
    expect(await post('advance', { ms: HOUR })).toMatchObject({ offsetMs: HOUR })
    const due = instants(rail)
      .slice(1)
      .filter((at) => at <= HOUR)
    expect(triedAt('T_one_0001')?.length).toBeGreaterThanOrEqual(due.length)
    expect(await post('advance', { ms: -1 })).toHaveProperty('error')
  })
})
