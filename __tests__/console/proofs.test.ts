import { randomUUID } from 'node:crypto'
import { price } from '@jiyue/contract/money'
import type { Order } from '@jiyue/contract/schema/wire'
import type { Page } from 'playwright-core'
import { lecture } from '../../server/demo/world.ts'
import { byId, minute, openPayment, pass } from '../gateways/refundSetting.ts'
import { newSlot } from '../races/setting.ts'
import { must, type Person, payAtCashier, registeredOrder, signIn, until } from '../world.ts'
import { type Desk, OPEN_MS, openDesk, shoot, shootBoth, sizes } from './desk.ts'

let desk: Desk
/** The customers' phone, for its screenshots. */
let phone: Page
beforeAll(async () => {
  desk = await openDesk()
  phone = await desk.screen()
  await phone.setViewportSize({ width: 375, height: 720 })
}, OPEN_MS)
afterAll(() => desk?.close())
afterEach(() => {
  desk.world.clock.aheadMs = 0
})

interface Proved {
  person: Person
  order: Order
  proofId: string
  /** Pays now what was opened before: the money comes by itself. */
  payNow(): Promise<void>
}

interface Wish {
  paidFen?: number
  transactionId?: string
  picture?: string
}

/** Somebody who opened a payment, waited ten minutes and sent a picture of having paid. */
async function proved({ paidFen, transactionId, picture }: Wish = {}): Promise<Proved> {
  const slot = await newSlot(desk.world.database.db, { serviceId: lecture, capacity: 9 })
  const person = await signIn(desk.world)
  const order = await registeredOrder(person, slot)
  const { params } = await openPayment(person, order.id, 'wechat')
  await pass(desk.world, 11 * minute)
  const pictureId = randomUUID()
  const base64 = picture ?? (await screenshotOf(order.payableFen))
  await must(person.call, 'putPicture', { ...byId(pictureId), body: { base64 } })
  const proofId = randomUUID()
  const body = { orderId: order.id, pictureId, paidFen: paidFen ?? order.payableFen }
  await must(person.call, 'putProof', {
    ...byId(proofId),
    body: { ...body, ...(transactionId && { transactionId }) },
  })
  desk.world.clock.aheadMs = 0
  return { person, order, proofId, payNow: () => payAtCashier(desk.world, params) }
}

let numbers = 0
/** A number as WeChat Pay makes them, on nobody's bill yet. */
const someNumber = () => `4200001487202611${String(++numbers).padStart(12, '0')}`

/** A wallet's page after paying, photographed by a phone: no two look alike. */
async function screenshotOf(fen: number): Promise<string> {
  const hue = Math.floor(Math.random() * 360)
  await phone.setContent(`<body style="margin:0;font-family:sans-serif;text-align:center">
    <header style="height:${90 + (hue % 60)}px;background:hsl(${hue} 60% 45%)"></header>
    <p style="margin-top:${40 + (hue % 40)}px">支付成功</p>
    <h1 style="font-size:48px">${price(fen)}</h1>
    <p>交易单号 ${someNumber()}</p>
    <footer style="margin-left:${hue % 200}px;width:140px;height:60px;background:hsl(${(hue * 7) % 360} 40% 75%)"></footer>
  </body>`)
  return (await phone.screenshot()).toString('base64')
}

const seen = ({ order }: Proved) => must(desk.owner, 'getConsoleOrder', byId(order.id))
const review = (page: Page) => page.locator('.review')
const shows = (page: Page, { order }: Proved) => review(page).getByText(order.number).waitFor()

describe('凭证审核', () => {
  test('没有凭证时说明何时会出现；用户一提交，无需刷新就到眼前，导航上有数字', async () => {
    const page = await desk.signedIn('/payment/proofs')
    await page.getByText('没有待审核的凭证').waitFor()
    await shootBoth(page, 'proofs-none')
    const one = await proved({ transactionId: someNumber() })
    await shows(page, one)
    await page.locator('.frame-side').getByTitle('1 份凭证待审核').waitFor()
    await page.getByAltText('用户上传的付款截图').waitFor()
    await shootBoth(page, 'proof-review')

    // Approved by keys alone; what the person typed is confirmed, not typed again.
    await page.keyboard.press('a')
    await page.keyboard.press('Enter')
    await review(page).getByText('请先到商户账户核对').waitFor()
    await page.getByLabel('已在微信支付的商户账户查到这笔收款').check()
    await shootBoth(page, 'proof-approve')
    await page.keyboard.press('Enter')
    await page.getByText('没有待审核的凭证').waitFor()
    const order = await seen(one)
    expect(order.state).toBe('confirmed')
    expect(order.proof).toMatchObject({ state: 'approved' })
    await page.context().close()
  })

  test('图片与填写金额放在一起看：异常写明，驳回必须有原因，之后自动打开下一份', async () => {
    const picture = await screenshotOf(12_800)
    const [odd, next] = [
      await proved({ paidFen: 12_800, picture }),
      await proved({ transactionId: someNumber(), picture }),
    ]
    const page = await desk.signedIn('/payment/proofs')
    await shows(page, odd)
    await review(page).getByText('填写金额与应付金额不一致').waitFor()
    await review(page).getByText('用户没有填写').waitFor()
    await page.keyboard.press('ArrowRight')
    await shows(page, next)
    await review(page).getByText('与其他凭证图片完全相同').waitFor()
    await page.keyboard.press('ArrowLeft')
    await shows(page, odd)
    await page.keyboard.press('r')
    await page.keyboard.press('Enter')
    await review(page).getByText('请填写原因').waitFor()
    await page.getByRole('button', { name: '非付款截图' }).click()
    await shootBoth(page, 'proof-reject')
    await page.getByRole('button', { name: '确认驳回' }).click()
    await shows(page, next)
    expect((await seen(odd)).proof).toMatchObject({
      state: 'rejected',
      reason: expect.stringContaining('不是付款成功的截图'),
    })
    expect((await seen(odd)).state).toBe('registered')
    await page.getByText('已处理', { exact: true }).click()
    await page.locator('tr', { hasText: odd.order.number }).getByText('未通过').waitFor()
    await page.locator('tr', { hasText: odd.order.number }).click()
    await page.getByAltText('用户上传的付款截图').waitFor()
    await shootBoth(page, 'proofs-decided')
    await must(desk.owner, 'putDecision', {
      ...byId(next.proofId),
      body: { decision: 'reject', reason: '测试结束' },
    })
    await page.context().close()
  })

  test('审核中款项自动到账：这一份变为已处理，正在输入的内容绝不会落到下一份', async () => {
    const [paid, other] = [await proved({}), await proved({ transactionId: someNumber() })]
    const page = await desk.signedIn(`/payment/proofs?id=${paid.proofId}`)
    await shows(page, paid)
    await page.keyboard.press('a')
    await page.getByLabel('核对交易单号').fill(someNumber())
    await paid.payNow()
    await page.getByText('这份凭证已不在待审核中').waitFor()
    await shoot(page, 'proof-gone')
    expect((await seen(paid)).state).toBe('confirmed')
    await page.keyboard.press('Enter')
    await shows(page, other)
    expect((await seen(other)).proof).toMatchObject({ state: 'submitted' })
    await page.getByRole('link', { name: other.order.number }).click()
    await page.locator('.ant-drawer-body').getByRole('link', { name: '去审核' }).waitFor()
    // Keys are not for the page below.
    await page.keyboard.press('r')
    await page.keyboard.press('Escape')
    await page.locator('.ant-drawer-body').waitFor({ state: 'detached' })
    expect(await page.getByRole('button', { name: '确认驳回' }).count()).toBe(0)
    await must(desk.owner, 'putDecision', {
      ...byId(other.proofId),
      body: { decision: 'reject', reason: '测试结束' },
    })
    await page.context().close()
  })

  test('两人同时审核：晚的一位得知已处理，结果只有一个', async () => {
    const one = await proved({ transactionId: someNumber() })
    const page = await desk.signedIn('/payment/proofs')
    await shows(page, one)
    await page.keyboard.press('r')
    await page.getByRole('button', { name: '看不清' }).click()
    // The other one's news is not heard here: the server itself has to say no.
    await page.routeWebSocket('**/v1/live', () => undefined)
    await page.route('**/v1/console/proofs?*', (route) => route.abort())
    await must(desk.owner, 'putDecision', {
      ...byId(one.proofId),
      body: { decision: 'reject', reason: '同事先处理' },
    })
    await page.getByRole('button', { name: '确认驳回' }).click()
    await page.getByText('该凭证已处理').waitFor()
    await page.unrouteAll()
    await page.getByText(/没有待审核的凭证|已不在待审核中/).waitFor()
    expect((await seen(one)).proof).toMatchObject({ reason: '同事先处理' })
    await page.context().close()
  })

  test('实收与应付不一致时，先说明通过的后果', async () => {
    const one = await proved({ paidFen: 100, transactionId: someNumber() })
    const page = await desk.signedIn('/payment/proofs')
    await shows(page, one)
    await page.keyboard.press('a')
    await review(page).getByText('通过后按「支付金额不符，全额退款」处理').waitFor()
    await page.getByLabel('已在微信支付的商户账户查到这笔收款').check()
    await page.getByRole('button', { name: '确认通过' }).click()
    await page.getByText('没有待审核的凭证').waitFor()
    const refunds = await until('a refund', async () => {
      const { refunds } = await seen(one)
      return refunds.length > 0 && refunds
    })
    expect(refunds).toMatchObject([{ amountFen: 100, reason: 'wrong_amount' }])
    await page.context().close()
  })

  test('前台看不到凭证，页面写明原因；店主看得到，图片可放大', async () => {
    const one = await proved({ transactionId: someNumber() })
    const front = await desk.signedIn('/payment/proofs', 'counter', 'desk')
    await front.locator('.ant-empty').getByText('前台账号不能处理款项').waitFor()
    await shoot(front, 'proof-desk')
    await front.context().close()
    const page = await desk.signedIn(`/payment/proofs?id=${one.proofId}`)
    await page.getByAltText('用户上传的付款截图').waitFor()
    await page.setViewportSize(sizes.tablet)
    await page.getByRole('button', { name: '放大到原始尺寸' }).click()
    await shoot(page, 'proof-large')
    await page.context().close()
  })
})
