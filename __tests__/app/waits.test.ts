/** The waiting list 候补 of a full slot, as people see it (B11). */
import { randomUUID } from 'node:crypto'
import { lecture } from '../../server/demo/world.ts'
import { BUILD_MS } from '../hosts/build.ts'
import { must, signIn } from '../world.ts'
import {
  openService,
  openStreet,
  orderIdOf,
  type Street,
  shoot,
  signInBySms,
  tileOf,
} from './street.ts'

const STORY_MS = 300_000

let street: Street
beforeAll(async () => {
  street = await openStreet()
}, BUILD_MS)
afterAll(() => street?.close())

/** A slot that somebody has booked up, and how they give it back. */
async function fullSlot(hour: number, capacity = 1) {
  const slot = await street.slot(lecture, hour, capacity)
  const rival = await signIn(street.world)
  const params = { id: randomUUID() }
  await must(rival.call, 'putOrder', { params, body: { slotId: slot.id, party: capacity } })
  return { slot, giveBack: () => must(rival.call, 'cancelOrder', { params }) }
}

async function waiter(slotId: string) {
  const person = await signIn(street.world)
  const params = { id: randomUUID() }
  await must(person.call, 'putWait', { params, body: { slotId, party: 1 } })
  return { leave: () => must(person.call, 'deleteWait', { params }) }
}

test(
  '约满的时段点一下加入候补，前面的人离开时位置前移，有人取消时名额自动保留，接着报名',
  async () => {
    const passer = await street.passer()
    const { page } = passer
    const { slot, giveBack } = await fullSlot(9)
    const before = await waiter(slot.id)
    await openService(street, passer, lecture)
    const tile = await tileOf(page, slot)
    await tile.getByText('可候补').waitFor()
    await shoot(page, 'wait-tile')
    await tile.click()
    await page.getByText('目前 1 人候补').waitFor()
    await page.getByText('轮到您时保留名额 15 分钟，并发消息通知您').waitFor()
    await shoot(page, 'wait-join')
    await page.getByRole('button', { name: '加入候补' }).click()
    await signInBySms(street, passer)
    await page.getByText('前面还有 1 人').waitFor()
    await shoot(page, 'wait-place')
    await before.leave()
    await page.getByText('您排在第一位').waitFor()
    await giveBack()
    await page.getByText('名额已为您保留').waitFor()
    await shoot(page, 'wait-offered')
    await page.getByRole('button', { name: '去报名' }).click()
    await page.getByRole('textbox', { name: '姓名' }).waitFor()
    const order = await street.world.database.db
      .selectFrom('orders')
      .innerJoin('waits', 'waits.id', 'orders.id')
      .select(['orders.state', 'orders.slot_id'])
      .where('orders.id', '=', orderIdOf(page))
      .executeTakeFirstOrThrow()
    expect(order).toEqual({ state: 'held', slot_id: slot.id })
  },
  STORY_MS,
)

test(
  '放弃候补到的名额：立刻轮到下一位；订单页能看到并退出候补',
  async () => {
    const passer = await street.passer('tablet')
    const { page } = passer
    const [one, other] = [await fullSlot(10), await fullSlot(11)]
    await openService(street, passer, lecture)
    await (await tileOf(page, one.slot)).click()
    await page.getByRole('button', { name: '加入候补' }).click()
    await signInBySms(street, passer)
    await page.getByText('您排在第一位').waitFor()
    await shoot(page, 'wait-place')
    const next = await signIn(street.world)
    const params = { id: randomUUID() }
    await must(next.call, 'putWait', { params, body: { slotId: one.slot.id, party: 1 } })
    await one.giveBack()
    await page.getByRole('button', { name: '放弃名额' }).click()
    await page.getByRole('button', { name: '加入候补' }).waitFor()
    expect((await must(next.call, 'listWaits', {})).waits[0]?.state).toBe('offered')
    await page.getByRole('button', { name: '关闭' }).click()
    await (await tileOf(page, other.slot)).click()
    await page.getByRole('button', { name: '加入候补' }).click()
    await page.getByText('您排在第一位').waitFor()
    await page.goto(`${street.world.url}/pages/orders/index`)
    await page.getByText('候补中').waitFor()
    await shoot(page, 'wait-orders')
    await page.getByRole('button', { name: '退出候补' }).click()
    await page.getByText('候补中').waitFor({ state: 'detached' })
  },
  STORY_MS,
)

test(
  '在订单页等候：名额保留后变成可继续报名的订单，无需刷新',
  async () => {
    const passer = await street.passer('desktop')
    const { page } = passer
    const { slot, giveBack } = await fullSlot(12, 2)
    await openService(street, passer, lecture)
    const tile = await tileOf(page, slot)
    await tile.click()
    await page.getByRole('button', { name: '增加候补人数' }).click()
    await shoot(page, 'wait-join')
    await page.getByRole('button', { name: '加入候补' }).click()
    await signInBySms(street, passer)
    await page.getByText('您排在第一位').waitFor()
    await page.goto(`${street.world.url}/pages/orders/index`)
    await page.getByText('候补中').waitFor()
    await shoot(page, 'wait-orders')
    await giveBack()
    await page.getByRole('button', { name: '继续报名' }).waitFor()
    await page.getByText('候补中').waitFor({ state: 'detached' })
    await shoot(page, 'wait-orders-offered')
  },
  STORY_MS,
)
