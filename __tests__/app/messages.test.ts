/**
 * Messages on H5 (B8 B10 R10): the link of the day before, the code for the desk, what the merchant
 * asks for again, and the inbox that has all of it.
 */
import { randomUUID } from 'node:crypto'
import { lecture } from '../../server/demo/world.ts'
import { sendDue } from '../../server/reminder/deliver.ts'
import { BUILD_MS } from '../hosts/build.ts'
import { must, signInOwner, until } from '../world.ts'
import { openStreet, type Passer, paidLecture, type Street, shoot, shootAll } from './street.ts'
import { heard } from './toasts.ts'

jest.setTimeout(300_000)

let street: Street
beforeAll(async () => {
  street = await openStreet()
}, BUILD_MS)
afterAll(() => street?.close())
afterEach(() => {
  street.world.clock.aheadMs = 0
})

const hour = 3_600_000
let hours = 8

/** Somebody with a paid lecture in three days. */
async function booked() {
  const passer = await street.passer()
  hours += 1
  const slot = await street.slot(lecture, hours, 5, { inDays: 3 })
  const orderId = await paidLecture(street, passer, slot)
  return { ...passer, orderId, startsAt: Date.parse(slot.startsAt) }
}

/** The text message of the day before, and the link in it. */
async function linkOf({ phone, startsAt }: Passer & { startsAt: number }): Promise<string> {
  street.world.clock.aheadMs = startsAt - Date.now() - 23.9 * hour
  await sendDue(street.world.parts)
  return until('the link', async () => {
    const texts = street.world.sandbox.admin.outbox(phone).map(({ text }) => text)
    const text = texts.find((one) => /确认或取消/.test(one)) ?? ''
    // The text is registered for the merchant's own address.
    const way = /https?:\/\/[^/]+(\/\S+answer\?key=[\w-]+)/.exec(text)?.[1]
    return way && street.world.url + way
  })
}

test('前一天的短信链接：不登录即可确认参与，再取消时先看清费用', async () => {
  const one = await booked()
  const link = await linkOf(one)
  const friend = await street.passer()
  await friend.page.goto(link)
  await friend.page.getByText('是否确认参与？').waitFor()
  await friend.page.getByText('亲子沟通讲座').first().waitFor()
  await shootAll(friend.page, 'answer')
  await friend.page.getByRole('button', { name: '确认参与' }).click()
  await friend.page.getByText('已确认参与，请按时到场').waitFor()
  await shootAll(friend.page, 'answer-confirmed')
  await friend.page.reload()
  await friend.page.getByText('已确认参与，请按时到场').waitFor()
  await friend.page.getByRole('button', { name: '取消预约' }).click()
  await friend.page.getByText('退回金额').waitFor()
  await shoot(friend.page, 'answer-cancel')
  await friend.page.getByRole('button', { name: '确定取消' }).click()
  await friend.page.getByText('预约已取消').first().waitFor()
  const { state } = await street.world.database.db
    .selectFrom('orders')
    .select('state')
    .where('id', '=', one.orderId)
    .executeTakeFirstOrThrow()
  expect(state).toBe('cancelled')
  await friend.page.goto(`${street.world.url}/pages/order/answer?key=${'A'.repeat(44)}`)
  await friend.page.getByText('链接已失效').waitFor()
  await shoot(friend.page, 'answer-gone')
})

test('订单页：出示核销码，前台核销后页面自己变为已完成；消息页留有每一条通知', async () => {
  const one = await booked()
  const { page } = one
  await sendDue(street.world.parts)
  await page.goto(`${street.world.url}/pages/order/index?id=${one.orderId}`)
  const code = await until('the code', async () => {
    const text = await page.locator('.check-in__code').textContent()
    return /^\d{4} \d{4}$/.test(text ?? '') && text
  })
  await page.getByRole('img', { name: '核销二维码' }).scrollIntoViewIfNeeded()
  await shootAll(one.page, 'order-code')
  const { call: owner } = await signInOwner(street.world)
  const params = { code: code.replace(' ', '') }
  expect(await must(owner, 'findCheckIn', { params })).toMatchObject({ verdict: 'early' })
  await must(owner, 'checkIn', { params: { id: one.orderId }, body: { early: true } })
  await page.getByText('已完成').first().waitFor()
  await sendDue(street.world.parts)
  await page.goto(`${street.world.url}/pages/me/index`)
  await page.getByText(/\d 条未读/).waitFor()
  // On the tab bar of every tab page too.
  await page.locator('.taro-tabbar-badge', { hasText: /^\d+$/ }).waitFor()
  await shootAll(page, 'me-unread')
  await page.goto(`${street.world.url}/pages/home/index`)
  await page.locator('.taro-tabbar-badge', { hasText: /^\d+$/ }).waitFor()
  await page.locator('.weui-tabbar__label', { hasText: '我的' }).click()
  await page.getByText(/\d 条未读/).waitFor()
  await page.getByText('消息', { exact: true }).click()
  await page.locator('.inbox__item').first().waitFor()
  await shootAll(one.page, 'inbox')
  await page.goBack()
  await page.getByText('我的订单').waitFor()
  await page.getByText(/条未读/).waitFor({ state: 'detached' })
  await page.locator('.taro-tabbar-badge').waitFor({ state: 'detached' })
})

test('商家请补充信息：页面当场出现，点开即到该项，填错就地提示，补充后商家可见', async () => {
  const one = await booked()
  const { page } = one
  await page.goto(`${street.world.url}/pages/order/index?id=${one.orderId}`)
  await page.getByText('报名信息').waitFor()
  const { call: owner } = await signInOwner(street.world)
  const body = { orderId: one.orderId, fieldId: 'idCard', note: '请补充身份证号信息' }
  await must(owner, 'putNudge', { params: { id: randomUUID() }, body })
  await page.getByText('请补充身份证号信息').waitFor()
  await shootAll(one.page, 'order-nudge')
  await page.getByText('去补充').click()
  await page.getByRole('textbox', { name: '身份证号' }).fill('110105194912310021')
  await page.getByRole('button', { name: '提交' }).click()
  await page.getByText('请输入有效身份证号').waitFor()
  await shootAll(one.page, 'nudge')
  await page.getByRole('textbox', { name: '身份证号' }).fill('11010519491231002x')
  await page.getByRole('button', { name: '提交' }).click()
  await page.getByText('核销码', { exact: true }).waitFor()
  await heard(page, '已补充，感谢您的配合')
  const seen = await must(owner, 'getConsoleOrder', { params: { id: one.orderId } })
  expect(seen.nudges[0]).toMatchObject({ state: 'answered', after: '1101**********002X' })
})
