import { randomUUID } from 'node:crypto'
import { type Endpoint, type EndpointName, endpoints } from '@jiyue/contract/api'
import type { Call } from '@jiyue/contract/client'
import { price } from '@jiyue/contract/money'
import { may } from '@jiyue/contract/people'
import type { Page } from 'playwright-core'
import { deliverDue } from '../../server/sweep/sweep.ts'
import {
  arm,
  byId,
  cancelledOrder,
  hour,
  paidOrder,
  pass,
  second,
  turn,
} from '../gateways/refundSetting.ts'
import { must, until } from '../world.ts'
import { type Desk, OPEN_MS, openDesk, pressRetry, shoot, shootBoth, signInPerson } from './desk.ts'

let desk: Desk
beforeAll(async () => {
  desk = await openDesk()
}, OPEN_MS)
afterAll(() => desk?.close())
afterEach(() => {
  desk.world.sandbox.admin.clearFaults()
  desk.world.clock.aheadMs = 0
})

const seen = (orderId: string) => must(desk.owner, 'getConsoleOrder', byId(orderId))
const drawer = (page: Page) => page.locator('.ant-drawer-body')
const reasonOf = (page: Page, name: string) =>
  page.getByRole('button', { name }).first().getAttribute('aria-description')

describe('订单里退款', () => {
  test('退一部分：金额与原因必填，提交后变为「已退款」，金额一分不差', async () => {
    const { order, payableFen } = await paidOrder(desk.world, 'wechat')
    const page = await desk.signedIn(`/orders/${order.id}`)
    await page.getByRole('button', { name: '退款' }).click()
    const form = page.getByRole('dialog', { name: '退款' })
    await form.getByText(`最多可退 ${price(payableFen)}`).waitFor()
    await form.getByLabel('退款金额').fill('9999')
    await page.keyboard.press('Enter')
    await form.locator('.ant-form-item-has-error').getByText('请填写退款原因').waitFor()
    await form.getByLabel('退款原因').fill('讲师临时更换')
    await form.getByLabel('退款金额').fill('20.01')
    await shootBoth(page, 'refund-form')
    await form.getByRole('button', { name: '退款 ¥20.01' }).click()
    await form.waitFor({ state: 'hidden' })
    await drawer(page).getByText('退款中').waitFor()
    expect((await seen(order.id)).refunds).toMatchObject([
      { amountFen: 2001, state: 'requested', reason: 'manual' },
    ])
    await turn(desk.world)
    await pass(desk.world, 31 * second)
    await turn(desk.world)
    await drawer(page).getByText('已退款').waitFor()
    await drawer(page)
      .getByText(`剩余可退 ${price(payableFen - 2001)}`)
      .waitFor()
    await shootBoth(page, 'order-refunded')
    await page.context().close()
  })

  test('超过可退金额：另一屏先退完，这一屏的金额旁写明原因，不多退一分', async () => {
    const { order, payableFen } = await paidOrder(desk.world, 'alipay')
    const page = await desk.signedIn(`/orders/${order.id}`)
    await page.getByRole('button', { name: '退款' }).click()
    const form = page.getByRole('dialog', { name: '退款' })
    await form.getByLabel('退款原因').fill('全部退回')
    const body = { orderId: order.id, amountFen: payableFen, note: '另一位同事' }
    await must(desk.owner, 'putRefund', { params: { id: randomUUID() }, body })
    await form.getByRole('button', { name: `退款 ${price(payableFen)}` }).click()
    await form.getByText('退款金额超过可退金额').or(form.getByText('最多可退 ¥0')).first().waitFor()
    expect((await seen(order.id)).refunds).toHaveLength(1)
    await page.context().close()
  })
})

describe('退款列表', () => {
  test('失败写明原因；「重试」用原单号再提交，成功后自动变为已退款', async () => {
    const failed = await cancelledOrder(desk.world, 'wechat')
    arm(desk.world, 'wechat.refund', 'payerAbnormal')
    await turn(desk.world)
    const page = await desk.signedIn('/payment/refunds?state=failed')
    const row = page.locator('tr.ant-table-row', { hasText: failed.order.number })
    await row.getByText('付款账户异常').waitFor()
    await page.getByRole('tab', { name: '退款' }).getByText('1', { exact: true }).waitFor()
    desk.world.sandbox.admin.clearFaults()
    await row.getByRole('button', { name: '重试' }).click()
    await shootBoth(page, 'refund-retry')
    await page.locator('.ant-popconfirm').getByRole('button', { name: '重试' }).click()
    await page.getByText('没有失败的退款').waitFor()
    await turn(desk.world)
    await pass(desk.world, 31 * second)
    await turn(desk.world)
    await page.getByText('全部', { exact: true }).click()
    await row.getByText('已退款').waitFor()
    expect((await seen(failed.order.id)).refunds).toMatchObject([
      { amountFen: failed.payableFen, state: 'succeeded' },
    ])
    await page.context().close()
  })

  test('原路退不回：可改退到商户账户，先说清之后要自行转给谁、多少钱', async () => {
    const { order, payableFen } = await cancelledOrder(desk.world, 'wechat')
    arm(desk.world, 'wechat.refund', 'abnormal')
    await turn(desk.world)
    await pass(desk.world, 31 * second)
    await turn(desk.world)
    const page = await desk.signedIn('/payment/refunds?state=failed')
    const row = page.locator('tr.ant-table-row', { hasText: order.number })
    await row.getByRole('button', { name: '退到商户账户' }).click()
    const confirm = page.locator('.ant-popconfirm')
    await confirm.getByText(price(payableFen), { exact: false }).waitFor()
    await shoot(page, 'refund-merchant')
    await confirm.getByRole('button', { name: '退到商户账户' }).click()
    await until('moved on', async () => (await seen(order.id)).refunds[0]?.state !== 'failed')
    await row.waitFor({ state: 'detached' })
    await page.context().close()
  })

  test('点订单号在列表上打开订单，关闭后仍在原来的筛选', async () => {
    const { order } = await cancelledOrder(desk.world, 'alipay')
    const page = await desk.signedIn('/payment/refunds?state=requested')
    await page.getByRole('link', { name: order.number }).click()
    await drawer(page).getByText('缴费与退款').waitFor()
    await page.reload()
    await drawer(page).getByText('缴费与退款').waitFor()
    await page.keyboard.press('Escape')
    await drawer(page).waitFor({ state: 'detached' })
    expect(page.url()).toBe(`${desk.world.url}/console/payment/refunds?state=requested`)
    await page.context().close()
  })

  test('读不到时说明并可重试，不留空白', async () => {
    const page = await desk.signedIn('/today', 'tablet')
    await page.route('**/v1/console/refunds*', (route) => route.abort())
    await page.goto(`${desk.world.url}/console/payment/refunds`)
    await page.getByText('网络信号弱').first().waitFor()
    await shoot(page, 'refunds-unavailable')
    await pressRetry(page, /v1\/console\/refunds/)
    await page.unrouteAll()
    await page.locator('.ant-table').waitFor()
    await page.context().close()
  })
})

describe('没有款项权限的前台', () => {
  test('看得到一切，按钮灰着并写明原因', async () => {
    const { order } = await paidOrder(desk.world, 'wechat')
    const failed = await cancelledOrder(desk.world, 'wechat')
    arm(desk.world, 'wechat.refund', 'payerAbnormal')
    await turn(desk.world)
    const page = await desk.signedIn('/payment/refunds?state=failed', 'counter', 'desk')
    const row = page.locator('tr.ant-table-row', { hasText: failed.order.number })
    await row.getByText('付款账户异常').waitFor()
    expect(await row.getByRole('button', { name: '重试' }).isDisabled()).toBe(true)
    const why = '前台账号不能处理款项，请由店主、店长或财务操作'
    expect(await reasonOf(page, '重试')).toBe(why)
    await page.getByText(why).waitFor()
    await shootBoth(page, 'refunds-desk')
    await page.goto(`${desk.world.url}/console/orders/${order.id}`)
    await page.locator('.drawer-reasons').getByText(why).waitFor()
    expect(await page.getByRole('button', { name: '退款' }).isDisabled()).toBe(true)
    await shoot(page, 'order-desk')
    await page.context().close()
  })

  test('绕过页面直接请求，每一个款项接口都拒绝', async () => {
    const call = await signInPerson(desk.world, 'desk')
    const needing = (Object.keys(endpoints) as EndpointName[]).filter((name) => {
      const { right }: Endpoint = endpoints[name]
      return right !== undefined && !may('front_desk', right)
    })
    expect(needing.length).toBeGreaterThanOrEqual(15)
    for (const name of needing)
      expect([name, await refusalOf(call, name)]).toEqual([name, 'forbidden'])
  })
})

/** What the server says to an endpoint with a made-up id: the right is asked before all else. */
async function refusalOf(call: Call, name: EndpointName): Promise<string | null> {
  const params = { id: randomUUID(), method: 'wechat', day: '2026-01-01' }
  const result = await (call as (name: string, input: unknown) => ReturnType<Call>)(name, {
    params,
    ...(endpoints[name].method !== 'GET' && { body: {} }),
  })
  return result.ok ? null : result.code
}

describe('发货信息', () => {
  test('超时未上传排在最前并报警；重试后微信收到，从列表消失', async () => {
    const { admin } = desk.world.sandbox
    const [late, fresh] = [
      await paidOrder(desk.world, 'wechat'),
      await paidOrder(desk.world, 'wechat'),
    ]
    await must(desk.owner, 'checkIn', { ...byId(late.order.id), body: { early: true } })
    // WeChat has not heard of the payment, for a whole day.
    arm(desk.world, 'wechat.shipping', 'notYet')
    await deliverDue(desk.world.parts)
    await pass(desk.world, 25 * hour)
    const owner = await signInPerson(desk.world, 'owner')
    await must(owner, 'checkIn', { ...byId(fresh.order.id), body: { early: true } })
    const page = await desk.signedIn('/payment/deliveries')
    const first = page.locator('.row').first()
    await first.getByText(late.order.number).waitFor()
    await first.getByText('超时未上传').waitFor()
    await shootBoth(page, 'deliveries')
    admin.clearFaults()
    await first.getByRole('button', { name: '重试' }).click()
    await deliverDue(desk.world.parts)
    await page.getByText('没有待上传的发货信息').waitFor()
    await shoot(page, 'deliveries-none')
    await page.context().close()
  })
})
