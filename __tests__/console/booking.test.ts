import { randomUUID } from 'node:crypto'
import type { ConsoleSlot } from '@jiyue/contract/schema/wire'
import { addDays, dayOf, instantOf, wallClock } from '@jiyue/contract/time'
import type { Page } from 'playwright-core'
import { cleaning, lecture } from '../../server/demo/world.ts'
import { must, signIn, until } from '../world.ts'
import { choose, type Desk, listen, OPEN_MS, openDesk, shoot, shootBoth } from './desk.ts'

let desk: Desk
beforeAll(async () => {
  desk = await openDesk()
}, OPEN_MS)
afterAll(() => desk?.close())

/** A coming Tuesday: nobody's holiday in the demo week, and 周敏 works. */
const tuesday = [1, 2, 3, 4, 5, 6, 7]
  .map((ahead) => addDays(dayOf(Date.now()), ahead))
  .find((day) => wallClock(instantOf(day)).weekday === 2)!

const at = (serviceId: string) => `/booking?day=${tuesday}&service=${serviceId}`

async function slotsThen(serviceId: string): Promise<ConsoleSlot[]> {
  const query = { from: tuesday, to: tuesday, serviceId }
  return (await must(desk.owner, 'listConsoleSlots', { query })).slots
}

/** A lecture of 5 seats with `taken` of them held, that no other test uses. */
async function lectureSlot(hour: number, taken = 0): Promise<ConsoleSlot> {
  const startsAt = instantOf(tuesday, hour * 60)
  const slot = await must(desk.owner, 'putSlot', {
    params: { id: randomUUID() },
    body: {
      serviceId: lecture,
      startsAt: new Date(startsAt).toISOString(),
      endsAt: new Date(startsAt + 3_600_000).toISOString(),
      capacity: 5,
      staffId: null,
      branchId: null,
    },
  })
  if (taken > 0) {
    const { call } = await signIn(desk.world)
    const body = { slotId: slot.id, party: taken }
    await must(call, 'putOrder', { params: { id: randomUUID() }, body })
  }
  return slot
}

const tile = (page: Page, { id }: Pick<ConsoleSlot, 'id'>) => page.locator(`[data-slot="${id}"]`)
const panel = (page: Page) => page.getByLabel('时段设置')

/** When the change that a page is about to send is answered: news of it is due from then on. */
const answeredAt = (page: Page) =>
  page.waitForResponse((one) => one.request().method() === 'PUT').then(() => Date.now())

describe('时段', () => {
  test('a request for another time is answered where it stands: as asked it approves, changed it counters, and the slot is on the board as private', async () => {
    const page = await desk.signedIn(at(lecture))
    const { call } = await signIn(desk.world)
    const startsAt = new Date(instantOf(tuesday, 21 * 60)).toISOString()
    const id = randomUUID()
    const body = { serviceId: lecture, startsAt, party: 2, note: '下班后才有空' }
    await must(call, 'putNegotiation', { params: { id }, body })
    await page.getByTitle('1 条待回复').waitFor()
    await page.getByRole('button', { name: '自定义申请' }).click()
    const one = page.locator(`[data-negotiation="${id}"]`)
    await one.getByText('「下班后才有空」').waitFor()
    await one.getByRole('button', { name: '不同意' }).click()
    await one.getByText('请告诉用户原因').waitFor()
    await shootBoth(page, 'negotiation')
    await one.getByRole('button', { name: '发送专属时段' }).click()
    await one.getByText('商家已同意').waitFor()
    const { negotiations } = await must(call, 'listNegotiations', {})
    const offer = negotiations[0]?.offer
    expect(offer).toMatchObject({ startsAt })
    await page.keyboard.press('Escape')
    await tile(page, { id: offer?.slotId ?? '' })
      .getByText(/^专属/)
      .waitFor()
    await shootBoth(page, 'private-slot')
    await page.context().close()
  })

  test('a full slot says how many wait for it, and its panel who, in order, and who has a seat kept', async () => {
    const slot = await lectureSlot(7, 5)
    const page = await desk.signedIn(at(lecture))
    const waiting = await Promise.all([signIn(desk.world), signIn(desk.world)])
    for (const { call } of waiting) {
      const body = { slotId: slot.id, party: 1 }
      await must(call, 'putWait', { params: { id: randomUUID() }, body })
    }
    await tile(page, slot).getByText('候补 2 人').waitFor()
    await tile(page, slot).click()
    const line = panel(page).getByLabel('候补名单')
    await line.getByRole('listitem').nth(1).waitFor()
    await must(desk.owner, 'putCapacity', { params: { id: slot.id }, body: { capacity: 6 } })
    await line.getByText('名额已保留').waitFor()
    await tile(page, slot).getByText('候补 1 人').waitFor()
    await shootBoth(page, 'slot-waits')
    await page.context().close()
  })

  test('an added slot is on the server as the form said it, on the merchant’s clock, and on every screen', async () => {
    const page = await desk.signedIn(at(lecture))
    const other = await desk.signedIn(at(lecture), 'tablet')
    const ear = await listen(desk.world, [`service:${lecture}`])
    const before = await slotsThen(lecture)
    await page.getByRole('button', { name: '添加时段' }).first().click()
    const form = page.getByRole('dialog')
    await form.getByLabel('名额').fill('12')
    await shoot(page, 'slot-add')
    const since = Date.now()
    const answered = answeredAt(page)
    await page.keyboard.press('Enter')
    await form.waitFor({ state: 'hidden' })
    const added = (await slotsThen(lecture)).find(({ id }) => before.every((old) => old.id !== id))
    expect(added).toMatchObject({
      startsAt: new Date(instantOf(tuesday, 9 * 60)).toISOString(),
      endsAt: new Date(instantOf(tuesday, 11 * 60)).toISOString(),
      capacity: 12,
    })
    for (const one of [page, other]) await tile(one, added!).getByText('0/12').waitFor()
    const heard = await ear.hears(since, ({ type }) => type === 'hint' || type === 'slot')
    expect(heard.at - (await answered)).toBeLessThan(1000)
    ear.close()
    for (const one of [page, other]) await one.context().close()
  })

  test('a slot with its own price says it on its tile; without one it has the service’s', async () => {
    const page = await desk.signedIn(at(lecture))
    const before = await slotsThen(lecture)
    await page.getByRole('button', { name: '添加时段' }).first().click()
    const form = page.getByRole('dialog')
    await form.getByText('不填则按服务价格 ¥69 / 人').waitFor()
    await form.getByLabel('开始').fill('21:00')
    await page.keyboard.press('Tab')
    await form.getByLabel('名额').fill('3')
    await form.getByLabel('单价').fill('88.5')
    await shootBoth(page, 'slot-price')
    await form.getByLabel('单价').press('Enter')
    await form.waitFor({ state: 'hidden' })
    const added = (await slotsThen(lecture)).find(({ id }) => before.every((old) => old.id !== id))!
    expect(added.priceFen).toBe(8850)
    await tile(page, added).getByText('¥88.50').waitFor()
    expect(await page.locator('.tile-price').count()).toBe(1)
    await tile(page, added).click()
    await panel(page).getByText('¥88.50').waitFor()
    await shootBoth(page, 'slot-priced')
    await page.context().close()
  })

  test('a refused slot is said beside the field that caused it', async () => {
    const page = await desk.signedIn(at(cleaning))
    await page.getByRole('button', { name: '添加时段' }).first().click()
    const form = page.getByRole('dialog')
    await choose(form.getByLabel('服务人员'), '周敏')
    await page.locator('.ant-select-dropdown').waitFor({ state: 'hidden' })
    await form.getByRole('button', { name: '添加' }).click()
    await form
      .locator('.ant-form-item-has-error')
      .getByText('该服务人员此时间已有其他时段')
      .waitFor()
    expect(await page.getByText('该服务人员此时间已有其他时段').count()).toBe(1)
    await shoot(page, 'slot-refused')
    await page.setViewportSize({ width: 768, height: 1024 })
    await shoot(page, 'slot-refused')
    await page.keyboard.press('Escape')
    await form.waitFor({ state: 'hidden' })
    await page.context().close()
  })

  test('resizing is heard within a second; below what is taken the field says no', async () => {
    const slot = await lectureSlot(12, 3)
    const page = await desk.signedIn(at(lecture))
    const ear = await listen(desk.world, [`service:${lecture}`])
    await tile(page, slot).getByText('3/5').waitFor()
    await tile(page, slot).click()
    const capacity = panel(page).getByLabel('名额')
    await capacity.fill('8')
    const since = Date.now()
    const answered = answeredAt(page)
    await capacity.press('Enter')
    const heard = await ear.hears(
      since,
      (frame) => frame.type === 'slot' && frame.slotId === slot.id && frame.left === 5,
    )
    expect(heard.at - (await answered)).toBeLessThan(1000)
    await tile(page, slot).getByText('3/8').waitFor()

    await capacity.fill('2')
    await capacity.press('Enter')
    const field = panel(page)
      .locator('.ant-form-item', { has: page.getByLabel('名额') })
      .first()
    await field.getByText('名额不能少于已预约人数').waitFor()
    expect(await page.getByText('名额不能少于已预约人数').count()).toBe(1)
    expect((await slotsThen(lecture)).find(({ id }) => id === slot.id)?.capacity).toBe(8)
    await shoot(page, 'slot-resize-refused')
    await page.setViewportSize({ width: 768, height: 1024 })
    await shoot(page, 'slot-resize-refused')
    ear.close()
    await page.context().close()
  })

  test('a slot closed with a reason and opened again, is so on the other screen at once', async () => {
    const slot = await lectureSlot(15, 2)
    const page = await desk.signedIn(at(lecture))
    const other = await desk.signedIn(at(lecture), 'tablet')
    await tile(page, slot).click()
    await panel(page).getByText('已约的 2 人不受影响').waitFor()
    await panel(page).getByLabel('关闭原因').fill('讲师临时有事')
    await page.keyboard.press('Enter')
    await tile(other, slot).getByText('未开放').waitFor()
    await shoot(other, 'slots-week')
    await panel(page).getByText('讲师临时有事').waitFor()
    await panel(page).getByRole('button', { name: '重新开放' }).click()
    await tile(other, slot).getByText('可预约').waitFor()
    await page.keyboard.press('Escape')
    await panel(page).waitFor({ state: 'detached' })
    await shoot(page, 'slots-week')
    for (const one of [page, other]) await one.context().close()
  })

  test('a hold by a phone turns the tile red on an open board, and green when it is given back', async () => {
    const slot = await lectureSlot(17, 3)
    const page = await desk.signedIn(`/booking?view=day&day=${tuesday}`, 'tablet')
    await tile(page, slot).getByText('3/5').waitFor()
    const { call } = await signIn(desk.world)
    const params = { id: randomUUID() }
    await must(call, 'putOrder', { params, body: { slotId: slot.id, party: 2 } })
    await tile(page, slot).getByText('已约满').waitFor()
    await shoot(page, 'slots-day')
    await must(call, 'cancelOrder', { params })
    await tile(page, slot).getByText('可预约').waitFor()
    await page.context().close()
  })

  test('a board that was cut off says so, comes back by itself and has missed nothing', async () => {
    const slot = await lectureSlot(20)
    const page = await desk.screen()
    let cut: () => void = () => undefined
    let isAway = false
    await page.routeWebSocket('**/v1/live', (socket) => {
      if (isAway) return void socket.close()
      const server = socket.connectToServer()
      cut = () => {
        void socket.close()
        void server.close()
      }
    })
    await page.goto(`${desk.world.url}/console${at(lecture)}`)
    await page.getByLabel('账号').fill('owner')
    await page.getByLabel('密码').fill('jiyue-demo')
    await page.keyboard.press('Enter')
    await page.getByText('实时更新中').waitFor()
    await tile(page, slot).getByText('0/5').waitFor()
    isAway = true
    cut()
    await page.getByText('正在重新连接…').waitFor()
    isAway = false
    const params = { id: slot.id }
    await must(desk.owner, 'putCapacity', { params, body: { capacity: 6 } })
    await page.getByText('实时更新中').waitFor()
    await tile(page, slot).getByText('0/6').waitFor()
    await until('no stale mark', async () => (await page.getByText('可能不是最新').count()) === 0)
    await page.context().close()
  })
})
