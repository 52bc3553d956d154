import { randomUUID } from 'node:crypto'
import { addDays, dayOf } from '@jiyue/contract/time'
import { sql } from 'kysely'
import { lecture } from '../../server/demo/world.ts'
import { must, payAtCashier, registeredOrder, signIn, until } from '../world.ts'
import { bookable, type Desk, OPEN_MS, openDesk, pointAtUndo, shoot, shootBoth } from './desk.ts'

let desk: Desk
beforeAll(async () => {
  desk = await openDesk()
}, OPEN_MS)
afterAll(() => desk?.close())

test('经营：没有订单时说明原因；有订单后看到高峰时段、支付方式与服务效果，网址即视图', async () => {
  const page = await desk.signedIn('/insight')
  await page.getByText('这段时间还没有付款成功的订单，换一个时间范围看看').waitFor()
  await shootBoth(page, 'insight-empty')

  const slot = (await bookable(desk.world, lecture))[0]!
  const person = await signIn(desk.world)
  const order = await registeredOrder(person, slot.id)
  const params = { id: order.id }
  const body = { id: randomUUID(), method: 'wechat', scene: 'weapp' } as const
  const payment = await must(person.call, 'createPayment', { params, body })
  await payAtCashier(desk.world, payment.params)
  await until('it is confirmed', async () => {
    return (await must(person.call, 'getOrder', { params })).state === 'confirmed'
  })

  const day = slot.startsAt.slice(0, 10)
  await page.goto(`${page.url().split('?')[0]}?from=${day}&to=${day.slice(0, 4)}-12-31`)
  await page.getByRole('heading', { name: '高峰时段' }).waitFor()
  await page.getByText('1 笔 · 100%').waitFor()
  await page.getByRole('heading', { name: '服务效果' }).waitFor()
  await page.getByRole('cell', { name: '亲子沟通讲座' }).waitFor()
  await shootBoth(page, 'insight')
  await page.context().close()
})

test('建议一键完成：爽约多则收押金，空位多则设优惠；先看前后与影响，可撤销，历史写明原因；前台看到原因', async () => {
  const { db } = desk.world.database
  const someone = await signIn(desk.world)
  // Ten visits of the lecture, two of them missed; its slots of the last days nearly empty.
  for (let i = 0; i < 10; i++) {
    const startsAt = new Date(Date.now() - (i + 1) * 86_400_000)
    const slot = randomUUID()
    await db
      .insertInto('slots')
      .values({
        id: slot,
        service_id: lecture,
        branch_id: null,
        staff_id: null,
        room_id: null,
        starts_at: startsAt,
        ends_at: new Date(startsAt.getTime() + 3_600_000),
        kept_from: null,
        kept_until: null,
        bookable_until: startsAt,
        capacity: 200,
        closed_reason: null,
      })
      .execute()
    await sql`insert into orders (id, number, user_id, service_id, slot_id, party, state,
        form_version, quote, payable_fen, created_at, confirmed_at)
      values (${randomUUID()}, ${`M6-${i}`}, ${someone.userId}, ${lecture}, ${slot}, 1,
        ${i < 2 ? 'missed' : 'completed'}, 1, '{}', 100, ${startsAt}, ${startsAt})`.execute(db)
  }
  const page = await desk.signedIn('/insight')
  await page.getByRole('button', { name: '亲子沟通讲座 设置押金' }).click()
  await page.getByText('「亲子沟通讲座」收取押金').waitFor()
  await page.locator('.before-after').getByText('¥14').waitFor()
  await page.getByText('已报名的订单不变', { exact: false }).waitFor()
  await shootBoth(page, 'insight-deposit')
  await page.getByRole('button', { name: '发布', exact: true }).click()
  await page.getByText('「亲子沟通讲座」押金已设为 ¥14').waitFor()
  await pointAtUndo(page)
  const deposit = async () =>
    (await must(desk.owner, 'listServiceSettings', {})).services.find(({ id }) => id === lecture)
      ?.depositFen
  expect(await deposit()).toBe(1400)
  // What was done is not suggested again at once.
  await page.getByRole('button', { name: '亲子沟通讲座 设置押金' }).waitFor({ state: 'detached' })
  await shoot(page, 'insight-deposit-done')
  await page.getByRole('button', { name: '撤销' }).click()
  await until('undone', async () => (await deposit()) === 0)

  await page.getByRole('button', { name: '亲子沟通讲座 设置优惠' }).click()
  await page.locator('.before-after').getByText('¥62.10').waitFor()
  await shoot(page, 'insight-promotion')
  await page.getByRole('button', { name: '发布', exact: true }).click()
  await page.getByText('「亲子沟通讲座」优惠已开始').waitFor()
  const card = async () =>
    (await must(someone.call, 'getService', { params: { id: lecture } })).promotion
  const running = async () =>
    (await must(desk.owner, 'getInsight', { query: span() })).services.find(
      ({ serviceId }) => serviceId === lecture,
    )?.promoted
  expect(await running()).toBe(true)
  await page.getByRole('button', { name: '撤销' }).click()
  await until('ended', async () => (await running()) === false)
  expect(await card()).not.toContain('限时优惠')
  const { acts } = await must(desk.owner, 'listActs', {
    query: { object: 'services', key: lecture },
  })
  expect(acts.map(({ reason }) => reason)).toEqual(['撤销', '爽约率 20%，建议收取押金'])
  await page.context().close()

  const front = await desk.signedIn('/insight', 'tablet', 'desk')
  const button = front.getByRole('button', { name: '亲子沟通讲座 设置押金' })
  await button.waitFor()
  expect(await button.isDisabled()).toBe(true)
  await shoot(front, 'insight-desk')
  await front.context().close()
})

function span() {
  const today = dayOf(Date.now())
  return { from: addDays(today, -30), to: today }
}
