import type { Call } from '@jiyue/contract/client'
import { price } from '@jiyue/contract/money'
import type { Method } from '@jiyue/contract/payment'
import { addDays, type Day, dayMs, dayOf } from '@jiyue/contract/time'
import type { Page } from 'playwright-core'
import { lecture, venue } from '../../server/demo/world.ts'
import { billsDue } from '../../server/sweep/sweep.ts'
import { cancelledOrder, followToEnd, type Paid, paidOrder } from '../gateways/refundSetting.ts'
import { must } from '../world.ts'
import { type Desk, OPEN_MS, openDesk, shoot, shootBoth, signInPerson } from './desk.ts'

/**
 * Three days of trade on both rails, each read from its bill the next day. Planted: WeChat's bill of
 * the second day lacks a payment and shows another amount for one, and names one that nobody made.
 */
let desk: Desk
let owner: Call
const days: { day: Day; paid: Paid[] }[] = []
let refunded: Paid

beforeAll(async () => {
  desk = await openDesk()
  const { database, clock, sandbox, parts } = desk.world
  // Payments of the coming days on today's holds: only the clock of the money moves on.
  const rule = { key: 'paymentMinutes', value: JSON.stringify(20_000) }
  await database.db
    .insertInto('rules')
    .values(rule as never)
    .execute()
  for (let ahead = 0; ahead < 3; ahead++) {
    clock.aheadMs = ahead * dayMs
    await billsDue(parts)
    const day = dayOf(parts.now().getTime())
    const made: Method[] = ahead % 2 ? ['wechat', 'wechat', 'alipay'] : ['alipay', 'wechat']
    const paid: Paid[] = []
    for (const method of made) paid.push(await paidOrder(desk.world, method, lecture))
    days.push({ day, paid })
    if (ahead === 1) {
      const [lost, other] = paid as [Paid, Paid]
      sandbox.admin.plant('wechat', { kind: 'drop', outTradeNo: lost.tradeNo })
      sandbox.admin.plant('wechat', { kind: 'amount', outTradeNo: other.tradeNo, fen: 4901 })
      const stranger = { kind: 'stranger', outTradeNo: 'X20261123STRANGER', day, fen: 12_800 }
      sandbox.admin.plant('wechat', stranger as never)
    }
  }
  refunded = await cancelledOrder(desk.world, 'alipay')
  await followToEnd(desk.world, refunded.order.id)
  clock.aheadMs = 3 * dayMs + dayMs / 2
  await billsDue(parts)
  owner = await signInPerson(desk.world, 'owner')
}, OPEN_MS * 2)
afterAll(() => desk?.close())

const first = () => days[0]!.day
const last = () => days[2]!.day
const planted = () => days[1]!
const cell = (page: Page, day: Day) => page.locator(`[data-day="${day}"]`)
const total = async (page: Page, which: string) =>
  Number(await page.locator(`[data-total="${which}"]`).getAttribute('data-fen'))
const differences = (page: Page) => page.locator('.difference')

describe('账单与差异', () => {
  test('日历上每一天说明是否一致；选中一天看到两个平台的合计与当日差异', async () => {
    // The console opens the month of yesterday: near its end that is another one.
    const month = planted().day.slice(0, 7)
    const page = await desk.signedIn(`/payment/bills?month=${month}`)
    await cell(page, planted().day).waitFor()
    await shootBoth(page, 'bills-month')
    expect(await cell(page, planted().day).getAttribute('aria-label')).toContain('微信支付3 项差异')
    expect(await cell(page, planted().day).getAttribute('aria-label')).toContain('支付宝已对账')
    await cell(page, planted().day).click()
    await page.waitForURL(`**/payment/bills?*day=${planted().day}*`)
    const bill = page.locator('[data-bill="wechat"]')
    await bill.getByText('3 项差异').waitFor()
    await bill.getByText(price(4901 + 12_800)).waitFor()
    await page.getByText(`没有对应的订单`).waitFor()
    expect(await differences(page).count()).toBe(3)
    await shootBoth(page, 'bills-day')
    await page.context().close()
  })

  test('每项差异并排写明系统与账单，并说明怎么办；写下结果后标记为已处理', async () => {
    const page = await desk.signedIn(`/payment/bills?day=${planted().day}`)
    const [lost] = planted().paid
    const row = differences(page).filter({ hasText: lost!.tradeNo })
    await row.getByText('账单缺少此笔').waitFor()
    await row.getByText(price(lost!.payableFen)).waitFor()
    await row.getByText('没有记录').waitFor()
    await row.getByText('到商户平台按交易号核对').waitFor()
    await row.getByRole('link', { name: lost!.order.number }).click()
    await page.locator('.ant-drawer-body').getByText('款项凭据').waitFor()
    await page.keyboard.press('Escape')
    await row.getByRole('button', { name: '标记已处理' }).click()
    const form = page.getByRole('dialog')
    await form.getByRole('button', { name: '保存' }).click()
    await form.locator('.ant-form-item-has-error').getByText('请填写处理结果').waitFor()
    await form.getByLabel('处理结果').fill('已与微信支付核实，款项到账，账单漏记')
    await shootBoth(page, 'difference-resolve')
    await form.getByRole('button', { name: '保存' }).click()
    await row.waitFor({ state: 'detached' })
    expect((await must(owner, 'listDifferences', { query: {} })).open).toBe(2)
    await page.getByLabel('差异状态').getByText('已处理').click()
    await row.getByText('账单漏记').waitFor()
    await row.getByText('店主 沈禾').waitFor()
    await page.context().close()
  })

  test('「重新获取」读到改正后的账单，其余差异自动核销', async () => {
    desk.world.sandbox.admin.unplant()
    const page = await desk.signedIn(`/payment/bills?day=${planted().day}`)
    const bill = page.locator('[data-bill="wechat"]')
    await bill.getByRole('button', { name: '重新获取' }).click()
    await page.getByText('微信支付账单已获取，共 2 行').waitFor()
    await page.getByText('没有待处理的差异').waitFor()
    await bill.getByText('已对账').waitFor()
    await page.context().close()
  })

  test('账单读不到时写明原因，保留已有的账单', async () => {
    desk.world.sandbox.admin.fault('wechat.bill', 'status500', null)
    const page = await desk.signedIn(`/payment/bills?day=${last()}`)
    const bill = page.locator('[data-bill="wechat"]')
    await bill.getByText('已对账').waitFor()
    await bill.getByRole('button', { name: '重新获取' }).click()
    await page.getByText('支付通道暂不可用').waitFor()
    await bill.getByText('已对账').waitFor()
    desk.world.sandbox.admin.clearFaults()
    await page.context().close()
  })

  test('前台看不到账单、差异与对账，页面写明原因；「缴费」从退款开始', async () => {
    const page = await desk.signedIn(`/payment/bills?day=${last()}`, 'tablet', 'desk')
    await page.locator('.ant-empty').getByText('前台账号不能处理款项').waitFor()
    expect(await page.locator('[data-bill]').count()).toBe(0)
    expect(await page.getByRole('tab').allTextContents()).toEqual(['退款', '发货信息'])
    await page.goto(`${desk.world.url}/console/payment`)
    await page.waitForURL('**/payment/refunds')
    await shoot(page, 'bills-desk')
    await page.context().close()
  })
})

describe('对账', () => {
  test('收款、退款、净额与每一期、每种方式、每个服务的合计一分不差', async () => {
    const range = { from: first(), to: addDays(last(), 1) }
    const page = await desk.signedIn(`/payment/reconciliation?from=${range.from}&to=${range.to}`)
    await page.locator('[data-total="net"]').waitFor()
    const paid = [...days.flatMap((one) => one.paid), refunded].reduce(
      (sum, { payableFen }) => sum + payableFen,
      0,
    )
    expect(await total(page, 'paid')).toBe(paid)
    // Cancelled late: the fee by rule stays.
    const back = refunded.order.refunds[0]!.amountFen
    expect(back).toBeLessThan(refunded.payableFen)
    expect(await total(page, 'refunded')).toBe(back)
    expect(await total(page, 'net')).toBe(paid - back)
    await page.locator('.chart svg').waitFor()
    await shootBoth(page, 'reconciliation-day')
    await page.locator('.sum-row').getByText(price(paid), { exact: true }).waitFor()
    await page.getByLabel('按优惠').getByText('新人立减').waitFor()
    await page.context().close()
  })

  test('按周、按月与服务筛选都在网址里，重新打开还是同一张表', async () => {
    const page = await desk.signedIn('/payment/reconciliation')
    await page.getByText('按月', { exact: true }).click()
    await page.waitForURL('**/payment/reconciliation?per=month')
    await page.getByLabel('按周期').waitFor()
    const before = await total(page, 'net')
    await page.reload()
    await page.locator('[data-total="net"]').waitFor()
    expect(await total(page, 'net')).toBe(before)
    await shoot(page, 'reconciliation-month')
    await page.goto(`${desk.world.url}/console/payment/reconciliation?per=week&service=${venue}`)
    await page.getByText('这段时间没有收款与退款').waitFor()
    await shootBoth(page, 'reconciliation-none')
    await page.context().close()
  })
})

describe('今日', () => {
  test('待办安静地列出，点一下就到要处理的地方；都处理完就不占地方', async () => {
    const { sandbox } = desk.world
    const stranger = { kind: 'stranger', outTradeNo: 'X1', day: last(), fen: 100 }
    sandbox.admin.plant('wechat', stranger as never)
    const params = { method: 'wechat', day: last() } as const
    await must(owner, 'putBill', { params })
    const page = await desk.signedIn('/today')
    await page.getByRole('link', { name: '1 项账单差异' }).waitFor()
    await shootBoth(page, 'today-todo')
    await page.getByRole('link', { name: '1 项账单差异' }).click()
    await differences(page).getByText('系统缺少此笔').waitFor()
    sandbox.admin.unplant()
    await must(owner, 'putBill', { params })
    await page.getByText('没有待处理的差异').waitFor()
    await page.getByRole('link', { name: '今日' }).click()
    await page.getByText('今日收款').waitFor()
    await page.locator('.todo').waitFor({ state: 'detached' })
    await page.context().close()
  })
})
