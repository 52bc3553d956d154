import { randomUUID } from 'node:crypto'
import { dayOf } from '@jiyue/contract/time'
import { sql } from 'kysely'
import { lecture } from '../../server/demo/world.ts'
import { chaseDue } from '../../server/disruption/chase.ts'
import { endDisrupted, tellDisrupted } from '../../server/disruption/follow.ts'
import { sendDue } from '../../server/reminder/deliver.ts'
import { newSlot } from '../races/setting.ts'
import { askMove, hearPaid, openPayment } from '../server/moving.ts'
import { must, registeredOrder, signIn } from '../world.ts'
import { choose, type Desk, OPEN_MS, openDesk, shoot, shootBoth } from './desk.ts'

let desk: Desk
beforeAll(async () => {
  desk = await openDesk()
}, OPEN_MS)
afterAll(() => desk?.close())

async function paid(slot: string) {
  const person = await signIn(desk.world)
  const order = await registeredOrder(person, slot)
  await hearPaid(desk.world, (await openPayment(person, order.id)).id)
  return { person, order }
}

async function act(slotId: string) {
  await must(desk.owner, 'putDisruption', {
    params: { id: randomUUID() },
    body: {
      slotIds: [slotId],
      choiceIds: [],
      reason: '停电',
      note: null,
      fallback: 'refund',
      deadlineAt: new Date(Date.now() + 3_600_000).toISOString(),
      coupon: null,
    },
  })
}

async function settle() {
  await tellDisrupted(desk.world.parts)
  await endDisrupted(desk.world.parts)
  await sendDue(desk.world.parts)
}

describe('紧急通知', () => {
  test('选时段、看影响、写原因、一次执行；答复实时可见，未答复的换渠道再通知', async () => {
    const { db } = desk.world.database
    const slot = await newSlot(db, { serviceId: lecture, capacity: 5, startsIn: 50 })
    const choice = await newSlot(db, { serviceId: lecture, capacity: 6, startsIn: 74 })
    const [mover, quiet] = [await paid(slot), await paid(slot)]
    await registeredOrder(await signIn(desk.world), slot)

    const page = await desk.signedIn('/disruptions')
    await page.getByText('还没有紧急通知').waitFor()
    await shootBoth(page, 'disruptions-empty')
    await page.getByRole('button', { name: '发起紧急通知' }).click()
    await page.getByRole('heading', { name: '发起紧急通知' }).waitFor()
    await choose(page.getByRole('combobox', { name: '服务', exact: true }), '亲子沟通讲座')
    await page.waitForURL(/service=/)
    // The URL is the view: one day of it.
    const day = dayOf(Date.now() + 50 * 3_600_000)
    // With it somebody else's slot, which is gone by now: it is in no list, and can be taken out.
    await page.goto(`${page.url()}&from=${day}&to=${day}&slot=${randomUUID()}`)
    await page.getByText('内容不存在或已下架').waitFor()
    await page.getByRole('button', { name: '去掉 其他日期的时段' }).click()
    await page.getByText('已选 0 个').waitFor()
    const row = page.locator(`tr[data-row-key="${slot}"]`)
    await row.getByRole('checkbox').check()
    await page.getByText('已缴费订单').waitFor()
    // A reload keeps what is chosen.
    await page.reload()
    await page.getByText('已选 1 个').waitFor()
    await page.getByText('已缴费订单').waitFor()
    const stat = (title: string) =>
      page.locator('.ant-statistic', { hasText: title }).locator('.ant-statistic-content')
    expect(await stat('已缴费订单').innerText()).toBe('2')
    expect(await stat('未缴费').innerText()).toBe('1')
    expect(await stat('涉及人数').innerText()).toBe('3')
    await page.locator(`input[value="${choice}"]`).check()
    await page.getByText('共余 6 个名额').waitFor()

    await page.getByRole('button', { name: '执行紧急通知' }).click()
    await page.getByText('请写明原因').waitFor()
    await page.getByLabel('原因', { exact: true }).fill('讲师突发疾病 <b>🙏</b>')
    await page.getByText('每位受影响的用户补偿一张优惠券').click()
    await page.getByLabel('面额').waitFor()
    await shootBoth(page, 'disruption-new')
    await page.screenshot({
      path: `${__dirname}/shots/disruption-new-whole.png`,
      fullPage: true,
    })
    await page.getByRole('button', { name: '执行紧急通知' }).click()
    await page.getByText('2 个已缴费订单会收到紧急通知').waitFor()
    await shoot(page, 'disruption-confirm')
    await page.getByRole('button', { name: '立即执行' }).click()

    await page.getByText('未答复 2').first().waitFor()
    await settle()
    await page.getByText('未缴费，已关闭 1').waitFor()
    // Live, without a tap: one moves.
    await askMove({ person: mover.person, order: mover.order }, choice)
    await page.getByText('已改期 1').first().waitFor()
    await page.getByText('短信').first().waitFor()
    await shootBoth(page, 'disruption-progress')
    await page.getByRole('button', { name: '邮件（1）' }).click()
    await page.getByText('正在再次通知 1 人').waitFor()
    await chaseDue(desk.world.parts)
    await page.getByText('邮件：没有可用的联系方式').waitFor()
    expect(await page.getByRole('button', { name: '邮件' }).isDisabled()).toBe(true)
    await page.getByText('未答复 1', { exact: true }).last().click()
    await page.getByRole('link', { name: quiet.order.number }).click()
    await page.getByText('应付').first().waitFor()
    await shoot(page, 'disruption-order')
    // The merchant may also end one order by hand (M1).
    await page.getByRole('button', { name: '取消订单' }).click()
    await page.getByRole('button', { name: '确定取消' }).click()
    await page.getByText('请写明取消原因').waitFor()
    await page.getByLabel('取消原因').fill('电话沟通，用户要求退款')
    await shoot(page, 'order-cancel')
    await page.getByRole('button', { name: '确定取消' }).click()
    await page.getByText('订单已取消，已通知用户').waitFor()
    await page.getByText('电话沟通，用户要求退款').last().waitFor()
    await shoot(page, 'order-cancelled')
    const { rows } = await sql<{ reason: string }>`select closed_reason as reason from slots
      where id = ${slot}`.execute(db)
    expect(rows[0]?.reason).toBe('讲师突发疾病 <b>🙏</b>')
    await page.goto(`${desk.world.url}/console/disruptions`)
    await page.getByRole('link', { name: '讲师突发疾病' }).waitFor()
    await shootBoth(page, 'disruptions')
    // Who would act a second time hears whom that does not ask again.
    const other = await newSlot(db, { serviceId: lecture, capacity: 5, startsIn: 52 })
    await paid(other)
    await act(other)
    await page.goto(`${desk.world.url}/console/disruptions/new?slot=${other}`)
    await page.getByText('另有 1 个订单已在之前的紧急通知中').waitFor()
    expect(await stat('已缴费订单').innerText()).toBe('0')
    await shootBoth(page, 'disruption-again')
    await page.context().close()
  })

  test('没有权限时说明由谁操作', async () => {
    const page = await desk.signedIn('/disruptions', 'counter', 'desk')
    const button = page.getByRole('button', { name: '发起紧急通知' })
    await button.waitFor()
    expect(await button.isDisabled()).toBe(true)
    await page.context().close()
  })
})
