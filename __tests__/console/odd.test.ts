/** 手工处理 (M7): money written down at the desk, states put right, as the merchant's people see it. */
import { sql } from 'kysely'
import { lecture } from '../../server/demo/world.ts'
import { newSlot } from '../races/setting.ts'
import { must, payAtCashier, registeredOrder, signIn, until } from '../world.ts'
import { type Desk, OPEN_MS, openDesk, shootBoth } from './desk.ts'

let desk: Desk
beforeAll(async () => {
  desk = await openDesk()
}, OPEN_MS)
afterAll(() => desk?.close())

async function unpaid() {
  const { world } = desk
  const person = await signIn(world)
  const slotId = await newSlot(world.database.db, { serviceId: lecture, capacity: 9 })
  return { person, order: await registeredOrder(person, slotId) }
}

test('登记收款：金额、方式、凭据与原因，订单随之生效，凭据留在订单里', async () => {
  const { person, order } = await unpaid()
  const page = await desk.signedIn(`/orders/${order.id}`)
  const hand = page.getByRole('region', { name: '手工处理' })
  await hand.getByRole('button', { name: '登记收款' }).click()
  const form = page.getByRole('dialog', { name: '登记线下收款' })
  await form.getByText('应收').waitFor()
  await form.getByRole('button', { name: '登记', exact: true }).click()
  await form.getByText('请填写凭据或上传图片').waitFor()
  await form.getByText('请写明原因').waitFor()
  await form.getByText('银行转账', { exact: true }).click()
  await form.getByLabel('流水号').fill('TR-2026-0032')
  await form.getByLabel('实收金额').fill('1')
  await form.getByLabel('凭据', { exact: true }).fill('网银回单，存于前台')
  await form.getByLabel('原因').fill('客户手机无法支付，改为转账')
  await shootBoth(page, 'odd-take-money')
  await form.getByRole('button', { name: '登记', exact: true }).click()
  await form.getByText('请核对实收金额').waitFor()
  await form.getByLabel('实收金额').fill(String(order.payableFen / 100))
  await form.getByRole('button', { name: '登记', exact: true }).click()
  await page.getByText('网银回单，存于前台').waitFor()
  await page.getByText('银行转账，店主 沈禾收款').waitFor()
  expect((await must(person.call, 'getOrder', { params: { id: order.id } })).state).toBe(
    'confirmed',
  )
  await page.getByRole('region', { name: '缴费与退款' }).scrollIntoViewIfNeeded()
  await shootBoth(page, 'odd-taken')
  // Once more: the order has no use for it, and only a person who says so has it written down.
  await hand.getByRole('button', { name: '登记收款' }).click()
  await form.getByText('订单已预约，已支付').waitFor()
  await form.getByText('款项已收下、无法当场退还').waitFor()
  await shootBoth(page, 'odd-owed')
  await page.context().close()
})

test('一再被拒的按钮：答复再快，念出的名字仍只是它自己', async () => {
  const { order } = await unpaid()
  const page = await desk.signedIn(`/orders/${order.id}`)
  await page.getByRole('button', { name: '登记收款' }).click()
  const form = page.getByRole('dialog', { name: '登记线下收款' })
  await form.getByLabel('实收金额').fill('1')
  await form.getByLabel('凭据', { exact: true }).fill('收据 0032')
  await form.getByLabel('原因').fill('到店付现金')
  for (let time = 0; time < 30; time++) {
    const answered = page.waitForResponse((answer) => answer.request().method() === 'PUT')
    await form.getByRole('button', { name: '登记', exact: true }).click()
    expect((await answered).ok()).toBe(false)
    await form.getByText('请核对实收金额').waitFor()
  }
  await form.getByRole('button', { name: '登记', exact: true }).waitFor()
  await page.context().close()
})

test('修改状态：每个状态都在，不能改的写明原因；改后记录与消息都有', async () => {
  const { world } = desk
  const { person, order } = await unpaid()
  const payment = await must(person.call, 'createPayment', {
    params: { id: order.id },
    body: { id: crypto.randomUUID(), method: 'wechat', scene: 'weapp' },
  })
  await payAtCashier(world, payment.params)
  const stateOf = async () =>
    (await must(person.call, 'getOrder', { params: { id: order.id } })).state
  await until('confirmed', async () => (await stateOf()) === 'confirmed')
  await sql`update slots set starts_at = now() - interval '26 hours',
    ends_at = now() - interval '24 hours', bookable_until = now() - interval '26 hours'
    where id = ${order.slot.id}`.execute(world.database.db)
  const page = await desk.signedIn(`/orders/${order.id}`)
  const hand = page.getByRole('region', { name: '手工处理' })
  await hand.getByRole('button', { name: '修改状态' }).click()
  const form = page.getByRole('dialog', { name: '修改订单状态' })
  await form.getByText('请用「取消订单」，退款一并处理').waitFor()
  expect(await form.getByRole('radio', { name: '已取消' }).isDisabled()).toBe(true)
  await form.getByRole('radio', { name: '已爽约' }).check()
  await form.getByLabel('原因').fill('到时未到店')
  await shootBoth(page, 'odd-state')
  await form.getByRole('button', { name: '确定修改' }).click()
  await page.getByText('未到店，记为爽约').waitFor()
  expect(await stateOf()).toBe('missed')
  await hand.getByRole('button', { name: '修改状态' }).click()
  await form.getByRole('radio', { name: '已完成' }).check()
  await form.getByLabel('原因').fill('客户已到店，前台漏核销')
  await form.getByRole('button', { name: '确定修改' }).click()
  await page.getByText('更正到店情况').waitFor()
  await page.getByText('客户已到店，前台漏核销').first().waitFor()
  expect(await stateOf()).toBe('completed')
  await page.context().close()
  // Who may not sees the buttons off, with who may.
  const front = await desk.signedIn(`/orders/${order.id}`, 'tablet', 'desk')
  const off = front.getByRole('region', { name: '手工处理' })
  await off.getByText('前台账号不能手工修改订单与报名').first().waitFor()
  expect(await off.getByRole('button', { name: '登记收款' }).isDisabled()).toBe(true)
  await off.scrollIntoViewIfNeeded()
  await shootBoth(front, 'odd-front')
  await front.context().close()
})

test('修改报名：密封项只示掩码，按报名表校验，前后与原因都留下', async () => {
  const { person, order } = await unpaid()
  const page = await desk.signedIn(`/orders/${order.id}`)
  const hand = page.getByRole('region', { name: '手工处理' })
  await hand.getByRole('button', { name: '修改报名' }).click()
  const form = page.getByRole('dialog', { name: '修改报名信息' })
  const phone = form.locator('#amend-phone')
  expect(await phone.getAttribute('placeholder')).toContain('****')
  expect(await phone.inputValue()).toBe('')
  await phone.fill('123')
  await form.locator('#amend-name').fill('林小雪')
  await form.getByLabel('修改原因').fill('客户来电更正姓名')
  await form.getByRole('button', { name: '保存修改' }).click()
  await form.getByText('请输入 11 位有效手机号').waitFor()
  await shootBoth(page, 'odd-amend')
  await phone.fill('')
  await form.getByRole('button', { name: '保存修改' }).click()
  await page.getByRole('region', { name: '修改记录' }).getByText('林小满 → 林小雪').waitFor()
  await page.getByRole('region', { name: '修改记录' }).scrollIntoViewIfNeeded()
  await shootBoth(page, 'odd-amended')
  const { answers } = await must(person.call, 'getOrder', { params: { id: order.id } })
  expect(answers.map(({ text }) => text)).toContain('林小雪')
  await page.context().close()
})
