import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { FAULTS } from '../../sandbox/faults.ts'
import { CALL_WORDS } from '../../sandbox/faultWords.ts'
import { type Sandbox, startSandbox } from '../../sandbox/sandbox.ts'
import { keptKeys, startInbox, wechatSdk } from './sandboxMerchant.ts'

/** The admin pages as a person uses them: what they show, and that their buttons really do it. */

const MINUTE = 60_000
const DAY = 86_400_000
const NO = 'T2026_000001'
const HERE = `/trades/wechat/${NO}`
const REFUNDS = '/v3/refund/domestic/refunds'

let sandbox: Sandbox
let inbox: Awaited<ReturnType<typeof startInbox>>
let now: number
const fresh = keptKeys()

beforeEach(async () => {
  now = Date.parse('2026-10-01T12:00:00+08:00')
  sandbox = await startSandbox({ dir: fresh.dir(), clock: () => now })
  inbox = await startInbox({ status: 500, body: '{"code":"FAIL"}' })
})
afterEach(async () => {
  await sandbox.stop()
  await inbox.stop()
})
afterAll(() => fresh.end())

async function page(path: string) {
  const answer = await fetch(`${sandbox.url}${path}`)
  return { status: answer.status, text: await answer.text() }
}

/** Presses the button of a form, as a browser sends it. */
async function press(action: string, fields: Record<string, string>) {
  const body = new URLSearchParams(fields)
  const answer = await fetch(`${sandbox.url}${action}`, {
    method: 'POST',
    body,
    redirect: 'manual',
  })
  return { status: answer.status, to: answer.headers.get('location'), text: await answer.text() }
}

/** The buttons a page shows, by the form's address and the words on the button. */
const buttons = (text: string) =>
  [...text.matchAll(/<form[^>]*action="([^"]+)"[^>]*>(.*?)<\/form>/gs)].flatMap(
    ([, action, inside = '']) =>
      [...inside.matchAll(/<button[^>]*>([^<]+)<\/button>/g)].map(
        ([, words]) => `${action} ${words}`,
      ),
  )

/** Requests are signed with the test's own time, which stands still. */
async function place(description = '周末亲子烘焙') {
  jest.spyOn(Date, 'now').mockReturnValue(now)
  const { wechat, wechatPay } = sandbox.credentials
  const call = wechatSdk(sandbox.credentials)
  await call('POST', '/v3/pay/transactions/native', {
    appid: wechat.appid,
    mchid: wechatPay.mchid,
    description,
    out_trade_no: NO,
    notify_url: inbox.url,
    amount: { total: 10_000 },
  })
  return call
}
afterEach(() => jest.restoreAllMocks())

async function refund(call: Awaited<ReturnType<typeof place>>) {
  sandbox.admin.fault('wechat.refund', 'stuck')
  await call('POST', REFUNDS, {
    out_trade_no: NO,
    out_refund_no: 'R1',
    amount: { refund: 4_000, total: 10_000, currency: 'CNY' },
  })
}

test('every page says what is missing while there is nothing', async () => {
  const words = {
    '/': '还没有交易。',
    '/trades': '还没有交易。',
    '/bills': '这一天没有交易，账单为空。',
    '/faults': '没有打开的故障。',
    '/outbox': '还没有消息。',
    '/trades/wechat/nothing': '没有这笔交易。',
    '/trades/nothing/nothing': '没有这笔交易。',
  }
  for (const [path, sentence] of Object.entries(words)) {
    const { status, text } = await page(path)
    expect([path, status, text.includes(sentence)]).toEqual([
      path,
      path.includes('nothing') ? 404 : 200,
      true,
    ])
    expect(text).toContain('沙箱环境')
    expect(text).toContain('2026-10-01 12:00:00')
  }
})

test('every address the README names is there', async () => {
  const text = readFileSync(join(__dirname, '../../sandbox/README.md'), 'utf8')
  const all = (pattern: RegExp) => new Set([...text.matchAll(pattern)].map(([, one = '']) => one))
  const posts = all(/(?:POST |, )`?(\/admin\/[\w/-]+)/g)
  const gets = all(/(?:GET |\| `)(\/(?:[a-z/]*[a-z])?)[`?]/g)
  expect([posts.size, [...gets].sort()]).toEqual([
    19,
    ['/', '/admin/faults', '/admin/outbox', '/bills', '/faults', '/outbox', '/settings', '/trades'],
  ])
  for (const path of gets) expect([path, (await page(path)).status]).toEqual([path, 200])
  for (const path of posts) {
    const answer = await fetch(`${sandbox.url}${path}`, { method: 'POST' })
    expect([path, [200, 400].includes(answer.status)]).toEqual([path, true])
  }
})

test('every call has words for the person at the page', () => {
  expect(Object.keys(CALL_WORDS).sort()).toEqual(Object.keys(FAULTS).sort())
})

test('an open order can be paid, and its notice watched and sent again', async () => {
  await place()
  const before = await page(HERE)
  expect(before.text).toContain('未支付')
  expect(buttons(before.text)).toContain('/admin/pay-late 付款成功')
  const paid = await press('/admin/pay-late', { platform: 'wechat', outTradeNo: NO, back: HERE })
  expect([paid.status, paid.to]).toEqual([303, HERE])
  await sandbox.admin.settle()
  const after = await page(HERE)
  for (const words of ['已支付', '支付成功通知', '等待重试', '应答 500', '已试 1 次'])
    expect(after.text).toContain(words)
  expect(after.text).toContain('下次 10-01 12:00:15')
  inbox.answer.status = 204
  const [notice] = sandbox.admin.notices()
  const sent = await press('/admin/notices/resend', { notice: notice?.id as string, back: HERE })
  expect(sent.to).toBe(HERE)
  expect((await page(HERE)).text).toContain('已送达')
  const again = await press('/admin/pay-late', { platform: 'wechat', outTradeNo: NO, back: HERE })
  expect([again.status, again.text.includes('它已经付过款')]).toEqual([400, true])
})

test('a closed order can be paid late', async () => {
  const call = await place()
  const { mchid } = sandbox.credentials.wechatPay
  await call('POST', `/v3/pay/transactions/out-trade-no/${NO}/close`, { mchid })
  expect(buttons((await page(HERE)).text)).toContain('/admin/pay-late 迟到的付款到账')
})

test('a refund under way can be finished, made abnormal or closed; a finished one no more', async () => {
  const call = await place()
  sandbox.admin.payLate('wechat', NO)
  await refund(call)
  const ends = (text: string) => buttons(text).filter((one) => one.includes('refunds/end'))
  const end = (state: string) =>
    press('/admin/refunds/end', { platform: 'wechat', refundNo: 'R1', state, back: HERE })
  expect(ends((await page(HERE)).text)).toEqual([
    '/admin/refunds/end 退款成功',
    '/admin/refunds/end 变为异常',
    '/admin/refunds/end 关闭退款',
  ])
  await end('ABNORMAL')
  expect(ends((await page(HERE)).text)).toEqual([
    '/admin/refunds/end 退款成功',
    '/admin/refunds/end 关闭退款',
  ])
  await end('SUCCESS')
  expect(ends((await page(HERE)).text)).toEqual([])
  expect((await end('CLOSED')).text).toContain('已经结束，不能再改')
})

test('the merchant’s own hand refunds what is left, and not more', async () => {
  await place()
  sandbox.admin.payLate('wechat', NO)
  const byHand = (yuan: string) =>
    press('/admin/refunds/console', { platform: 'wechat', outTradeNo: NO, yuan, back: HERE })
  expect((await byHand('30.00')).to).toBe(HERE)
  expect((await page(HERE)).text).toContain('最多 70.00')
  for (const yuan of ['70.01', '0', '-1', '1.001', 'much'])
    expect([yuan, (await byHand(yuan)).status]).toEqual([yuan, 400])
  await byHand('70')
  expect(buttons((await page(HERE)).text)).not.toContain('/admin/refunds/console 退款')
})

test('the clock goes on by buttons, step by step, from every page', async () => {
  await place()
  sandbox.admin.payLate('wechat', NO)
  for (const path of ['/', '/trades', HERE, '/bills', '/faults', '/outbox', '/settings']) {
    const steps = buttons((await page(path)).text).filter((one) => one.includes('/admin/advance'))
    expect([path, steps]).toEqual([
      path,
      ['/admin/advance +1 分钟', '/admin/advance +10 分钟', '/admin/advance +1 天'],
    ])
  }
  const moved = await press('/admin/advance', { ms: String(MINUTE), back: HERE })
  expect(moved.to).toBe(HERE)
  const { text } = await page(HERE)
  expect(text).toContain('比真实时间快 1 分钟')
  // 0, 15, 30 and 60 seconds after the payment: what fell into the minute was done at its time.
  expect(text).toContain('已试 4 次')
})

test('what a merchant named cannot break the page', async () => {
  await place('<script>alert(1)</script> & "quotes"')
  for (const path of ['/', '/trades', HERE]) {
    const { text } = await page(path)
    expect([path, text.includes('<script>alert')]).toEqual([path, false])
    expect(text).toContain('&#60;script&#62;alert(1)&#60;/script&#62; &#38; &#34;quotes&#34;')
  }
  expect((await page('/trades?q=%22%3E%3Cb%3E')).text).not.toContain('"><b>')
})

test('a form comes back to a path of the sandbox, never elsewhere', async () => {
  for (const back of ['https://evil.test/', '//evil.test/', '/\\evil.test', 'evil']) {
    const { to } = await press('/admin/advance', { ms: '0', back })
    expect([back, to]).toEqual([back, '/'])
  }
})

test('trades are found by their numbers and narrowed to what waits', async () => {
  sandbox.admin.bulk('wechat', [
    { outTradeNo: 'T1', fen: 100, subject: '钢琴课' },
    {
      outTradeNo: 'T2',
      fen: 200,
      subject: '绘画课',
      refunds: [{ refundNo: 'R2', fen: 50, state: 'ABNORMAL' }],
    },
  ])
  sandbox.admin.bulk('alipay', [{ outTradeNo: 'A1', fen: 300, subject: '游泳课' }])
  const seen = async (query: string) => {
    const { text } = await page(`/trades?${query}`)
    return ['T1', 'T2', 'A1'].filter((no) => text.includes(`<small>${no}</small>`))
  }
  expect(await seen('')).toEqual(['T1', 'T2', 'A1'])
  expect(await seen('q=R2')).toEqual(['T2'])
  expect(await seen('q=游泳')).toEqual(['A1'])
  expect(await seen('only=refunds')).toEqual(['T2'])
  expect(await seen('only=open')).toEqual([])
  expect((await page('/trades?q=none')).text).toContain('看全部 3 笔')
})

test('the bills of a day show what was planted, and for which day they are ready', async () => {
  sandbox.admin.bulk('wechat', [{ outTradeNo: 'T1', fen: 1_234 }])
  const plant = { platform: 'wechat', outTradeNo: 'T1', kind: 'amount', yuan: '99.99' }
  expect((await press('/admin/plants', { ...plant, back: '/bills' })).to).toBe('/bills')
  const stranger = { platform: 'alipay', outTradeNo: 'X1', kind: 'stranger', day: '2026-10-01' }
  await press('/admin/plants', { ...stranger, yuan: '5', refundNo: '', back: '/bills' })
  const { text } = await page('/bills?day=2026-10-01')
  for (const words of ['99.99', 'X1', '5.00', '未生成', '金额不同', '多出一行'])
    expect(text).toContain(words)
  expect(text).not.toContain('12.34')
  sandbox.admin.clock(DAY)
  expect((await page('/bills?day=2026-10-01')).text).toContain('账单已经生成')
  expect((await page('/bills?day=nonsense')).text).toContain('账单 2026-10-02')
  const wrong = await press('/admin/plants', { ...plant, outTradeNo: 'T9' })
  expect([wrong.status, wrong.text.includes('没有这笔交易或退款')]).toEqual([400, true])
  await press('/admin/plants/clear', {})
  expect(sandbox.admin.plants()).toEqual([])
})

test('keys and settings change by their forms', async () => {
  const back = '/settings'
  await press('/admin/keys', { kind: 'certificate', back })
  const [, old] = sandbox.admin.keys()
  const { text } = await page('/settings')
  expect(buttons(text).filter((one) => one.endsWith('停用'))).toHaveLength(2)
  expect(text).not.toContain('PRIVATE')
  await press('/admin/keys/retire', { id: old?.id as string, back })
  expect(sandbox.admin.keys()).toHaveLength(2)
  const changes = { keyMode: 'mixed', share: '0.1', seed: '5', back }
  expect((await press('/admin/settings', changes)).to).toBe(back)
  expect(sandbox.admin.settings()).toMatchObject({ keyMode: 'mixed', share: 0.1, seed: 5 })
  const pace = { speed: '100', refundsApart: 'false', refundNotifyUrl: inbox.url, back }
  await press('/admin/settings', pace)
  expect(sandbox.admin.settings()).toMatchObject({
    speed: 100,
    refundsApart: false,
    refundNotifyUrl: inbox.url,
  })
  expect((await press('/admin/settings', { speed: '0' })).status).toBe(400)
})

test('a fault is opened for one trade from its page, and closed there alone', async () => {
  await place()
  const what = 'wechat.query status500'
  await press('/admin/faults', { what, times: '', only: NO, back: HERE })
  await press('/admin/faults', { what, times: '2', rate: '0.5', seed: '', only: '', back: HERE })
  const [first] = sandbox.admin.faults()
  expect(first).toMatchObject({ only: NO, left: null, rate: 1 })
  const here = await page(HERE)
  expect(here.text).toContain('微信查单：系统错误 500')
  await press('/admin/faults/clear', { id: first?.id as string, back: HERE })
  expect(sandbox.admin.faults()).toMatchObject([{ only: null, left: 2, rate: 0.5, seed: 1 }])
})
