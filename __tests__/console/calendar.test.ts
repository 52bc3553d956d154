/** The calendar of the console in Chromium (M1): columns, dragging, the slot's people, many at once. */
import { randomUUID } from 'node:crypto'
import type { ConsoleSlot, Input } from '@jiyue/contract/schema/wire'
import { addDays, dayOf, instantOf, wallClock } from '@jiyue/contract/time'
import type { Locator, Page } from 'playwright-core'
import { cleaning, lecture, staff } from '../../server/demo/world.ts'
import { must, registeredOrder, signIn, until } from '../world.ts'
import { type Desk, OPEN_MS, openDesk, shoot, shootBoth } from './desk.ts'

let desk: Desk
beforeAll(async () => {
  desk = await openDesk()
}, OPEN_MS)
afterAll(() => desk?.close())

/** A coming Tuesday: both cleaners work from nine, and there is no lecture. */
const tuesday = [1, 2, 3, 4, 5, 6, 7]
  .map((ahead) => addDays(dayOf(Date.now()), ahead))
  .find((day) => wallClock(instantOf(day)).weekday === 2)!
const [zhou, liu] = staff.filter(({ serviceIds }) => serviceIds.includes(cleaning))
const iso = (minute: number) => new Date(instantOf(tuesday, minute)).toISOString()

/** An hour before the schedules begin, that no other story uses. */
async function slotAt(
  minute: number,
  more: Partial<Input<'putSlot'>['body']> = {},
): Promise<ConsoleSlot> {
  return must(desk.owner, 'putSlot', {
    params: { id: randomUUID() },
    body: {
      serviceId: cleaning,
      startsAt: iso(minute),
      endsAt: iso(minute + 60),
      capacity: 2,
      staffId: zhou!.id,
      branchId: null,
      ...more,
    },
  })
}

const tile = (page: Page, { id }: Pick<ConsoleSlot, 'id'>) => page.locator(`[data-slot="${id}"]`)
const column = (page: Page, key: string) => page.locator(`[data-column="${key}"]`)
const panel = (page: Page) => page.getByLabel('时段设置')
const byStaff = `/booking?view=day&by=staff&day=${tuesday}&service=${cleaning}`

async function slotsThen(): Promise<ConsoleSlot[]> {
  const query = { from: tuesday, to: tuesday }
  return (await must(desk.owner, 'listConsoleSlots', { query })).slots
}
const then = async (id: string) => (await slotsThen()).find((slot) => slot.id === id)

/** Drags by the mouse from the middle, or the foot, of a block. */
async function drag(page: Page, block: Locator, by: { x?: number; minutes: number; foot?: true }) {
  await block.scrollIntoViewIfNeeded()
  const box = (await block.boundingBox())!
  const from = { x: box.x + box.width / 2, y: box.y + (by.foot ? box.height - 3 : box.height / 2) }
  await page.mouse.move(from.x, from.y)
  await page.mouse.down()
  await page.mouse.move(from.x + 3, from.y + 3)
  await page.mouse.move(from.x + (by.x ?? 0), from.y + by.minutes * 1.1, { steps: 6 })
}

describe('the calendar', () => {
  test('a free slot is dragged to another hour and person, is there on every screen, and 撤销 brings it back', async () => {
    const slot = await slotAt(360)
    const page = await desk.signedIn(byStaff)
    const other = await desk.signedIn(byStaff, 'tablet')
    await tile(page, slot).waitFor()
    const [from, to] = await Promise.all(
      [zhou, liu].map(async (one) => (await column(page, one!.id).boundingBox())!),
    )
    await drag(page, tile(page, slot), { x: to!.x - from!.x, minutes: 30 })
    await column(page, liu!.id).locator('.grid-ghost', { hasText: '06:30–07:30' }).waitFor()
    await shoot(page, 'calendar-drag')
    await page.mouse.up()
    await page.getByText(/已改到 .*06:30–07:30/).waitFor()
    const moved = (await slotsThen()).find(
      ({ startsAt, staffId }) => startsAt === iso(390) && staffId === liu!.id,
    )!
    expect(await then(slot.id)).toBeUndefined()
    for (const one of [page, other])
      await column(one, liu!.id).locator(`[data-slot="${moved.id}"]`).waitFor()
    await shoot(page, 'calendar-moved')
    await page.getByRole('button', { name: '撤销' }).click()
    for (const one of [page, other])
      await column(one, zhou!.id).locator(`[data-slot="${slot.id}"]`).waitFor()
    expect(await then(slot.id)).toMatchObject({ startsAt: iso(360), staffId: zhou!.id })
    expect(await then(moved.id)).toBeUndefined()
    await shoot(other, 'calendar-day')
    for (const one of [page, other]) await one.context().close()
  })

  test('stretched by its foot, moved by its form with the keyboard; a refusal stands beside its field', async () => {
    const slot = await slotAt(360, { staffId: liu!.id })
    const page = await desk.signedIn(byStaff)
    await tile(page, slot).waitFor()
    await drag(page, tile(page, slot), { minutes: 30, foot: true })
    await page.mouse.up()
    await page.getByText(/已改到 .*06:00–07:30/).waitFor()
    const longer = (await slotsThen()).find(({ endsAt }) => endsAt === iso(450))!
    await tile(page, longer).focus()
    await page.keyboard.press('Enter')
    const form = panel(page).getByLabel('时间与资源')
    await form.getByRole('button', { name: '保存时间' }).waitFor()
    expect(await form.getByRole('button', { name: '保存时间' }).isDisabled()).toBe(true)
    const time = async (label: string, text: string) => {
      await form.getByLabel(label).fill(text)
      await page.keyboard.press('Tab')
    }
    await time('结束', '10:00')
    await time('开始', '09:00')
    await form.getByRole('button', { name: '保存时间' }).click()
    await form
      .locator('.ant-form-item-has-error')
      .getByText('该服务人员此时间已有其他时段')
      .waitFor()
    await shootBoth(page, 'calendar-form')
    await time('开始', '05:10')
    await time('结束', '06:40')
    await form.getByRole('button', { name: '保存时间' }).click()
    await page.getByText(/已改到 .*05:10–06:40/).waitFor()
    const last = (await slotsThen()).find(({ startsAt }) => startsAt === iso(310))!
    expect(last).toMatchObject({ endsAt: iso(400), staffId: liu!.id })
    // The panel goes along with what the slot became.
    await until('the slot in the address', async () => page.url().includes(last.id))
    await page.keyboard.press('Escape')
    await tile(page, last).waitFor()
    await page.context().close()
  })

  test('a slot with bookings stays, says why, shows who comes, and leads to the desk that asks them', async () => {
    const slot = await slotAt(420, { serviceId: lecture, staffId: null })
    const person = await signIn(desk.world)
    const order = await registeredOrder(person, slot.id)
    const page = await desk.signedIn(`/booking?view=day&by=branch&day=${tuesday}`)
    await tile(page, slot).getByText('1/2').waitFor()
    await drag(page, tile(page, slot), { minutes: 60 })
    await page.getByText('已有 1 人预约，不能直接改时间').waitFor()
    await page.mouse.up()
    expect(await then(slot.id)).toMatchObject({ startsAt: iso(420) })
    expect(await panel(page).count()).toBe(0)
    await tile(page, slot).click()
    const row = panel(page).locator(`[data-order="${order.id}"]`)
    await row.getByText('1 人').waitFor()
    await row.getByText('待缴费').waitFor()
    await row.getByText(/^待付 ¥/).waitFor()
    await shootBoth(page, 'calendar-slot')
    await row.getByRole('link').click()
    await page.getByText(order.number).first().waitFor()
    await page.getByRole('button', { name: '取消订单' }).click()
    await page.getByRole('button', { name: '确定取消' }).click()
    await page.getByText('请写明取消原因').waitFor()
    await page.getByLabel('取消原因').fill('当天闭馆')
    await page.getByRole('button', { name: '确定取消' }).click()
    await page.getByText('订单已取消，已通知用户').waitFor()
    await page.locator('.ant-drawer-close').last().click()
    await panel(page).getByText('还没有人预约').waitFor()
    const again = await registeredOrder(await signIn(desk.world), slot.id)
    await panel(page).locator(`[data-order="${again.id}"]`).waitFor()
    await panel(page).getByRole('button', { name: '去紧急通知安排' }).click()
    await page.getByText('已选 1 个').waitFor()
    await page.context().close()
  })

  test('many are closed in one act: chosen, counted, those with bookings passed by, and back again', async () => {
    const [empty, booked] = await Promise.all([
      slotAt(1320, { serviceId: lecture, staffId: null, endsAt: iso(1350) }),
      slotAt(1350, { serviceId: lecture, staffId: null, endsAt: iso(1380) }),
    ])
    const { call } = await signIn(desk.world)
    const body = { slotId: booked.id, party: 2 }
    await must(call, 'putOrder', { params: { id: randomUUID() }, body })
    const page = await desk.signedIn(`/booking?day=${tuesday}&service=${lecture}`)
    await page.getByRole('button', { name: '批量开关' }).click()
    const all = page.getByRole('dialog')
    await all.getByLabel('周二', { exact: true }).check()
    const mine = (await slotsThen()).filter(({ serviceId }) => serviceId === lecture)
    await all.getByText(`将关闭 ${mine.length} 个时段`).waitFor()
    await all.getByText(/个已有预约（共 \d 人，预约保留/).waitFor()
    await shootBoth(page, 'calendar-closures')
    await all.getByText('跳过已有预约的时段').click()
    await all.getByRole('button', { name: /^关闭 \d+ 个时段$/ }).click()
    await all.getByText('请写明关闭原因').waitFor()
    await all.getByLabel('关闭原因').fill('台风停业')
    await page.keyboard.press('Enter')
    await all.waitFor({ state: 'hidden' })
    await tile(page, empty).getByText('未开放').waitFor()
    const seen = async () =>
      (
        await must(call, 'listSlots', {
          params: { id: lecture },
          query: { from: tuesday, to: tuesday },
        })
      ).slots.find(({ id }) => id === empty.id)?.closed
    expect(await seen()).toBe(true)
    expect((await then(booked.id))?.closedReason).toBeNull()
    await shoot(page, 'calendar-closed')
    await page.getByRole('button', { name: '撤销' }).click()
    await tile(page, empty).getByText('可预约').waitFor()
    expect(await seen()).toBe(false)
    await page.context().close()
  })

  test('a week by time, staff, room and branch, kept in the address; nothing, waiting and failing say so', async () => {
    const page = await desk.signedIn(`/booking?day=${tuesday}`)
    await page.locator('.grid [data-slot]').first().waitFor()
    await shootBoth(page, 'calendar-week')
    await page.getByText('按人员').click()
    await page.locator('.people-week-lane', { hasText: zhou!.name }).waitFor()
    await shootBoth(page, 'calendar-week-staff')
    await page.reload()
    await page.locator('.people-week-lane', { hasText: liu!.name }).waitFor()
    await page.getByText('按场地').click()
    await page.locator('.people-week-lane', { hasText: '不占用场地' }).waitFor()
    await page.getByLabel('视图').getByText('日').click()
    await page.locator('.grid-head').getByText('不占用场地').waitFor()
    await page.getByText('按门店').click()
    await page.locator('.grid-head').getByText('上门或线上').waitFor()
    const today = await desk.signedIn('/booking?view=day')
    await today.locator('.grid, .ant-empty').first().waitFor()
    await shoot(today, 'calendar-today')
    await today.context().close()

    await page.goto(`${desk.world.url}/console/booking?view=day&day=${addDays(tuesday, 300)}`)
    await page.getByText('这天还没有时段').waitFor()
    await shoot(page, 'calendar-empty')
    let answer: () => void = () => undefined
    const held = new Promise<void>((resolve) => {
      answer = resolve
    })
    await page.route('**/v1/console/slots?**', async (route) => {
      await held
      await route.fulfill({
        status: 500,
        json: { error: { code: 'forbidden', message: '看不到' } },
      })
    })
    await page.getByLabel('上一天').click()
    await page.getByLabel('正在读取时段').waitFor()
    await shoot(page, 'calendar-waiting')
    answer()
    await page.getByRole('button', { name: '重试' }).waitFor()
    await shoot(page, 'calendar-failing')
    await page.context().close()
  })

  test('who may only look sees who comes, and why nothing moves', async () => {
    const slot = await slotAt(240)
    const page = await desk.signedIn(byStaff, 'counter', 'finance')
    await tile(page, slot).waitFor()
    expect(await page.getByRole('button', { name: '添加时段' }).isDisabled()).toBe(true)
    await drag(page, tile(page, slot), { minutes: 60 })
    await page.getByText('财务账号不能调整与开关时段，请由店主、店长或前台操作').first().waitFor()
    await page.mouse.up()
    await tile(page, slot).click()
    await panel(page).getByText('还没有人预约').waitFor()
    for (const name of ['保存时间', '关闭时段'])
      expect(await panel(page).getByRole('button', { name }).isDisabled()).toBe(true)
    await page.context().close()
  })
})

test('orders by the days of their slots, staff and a name: the address is the list', async () => {
  const slot = await slotAt(300)
  const { call } = await signIn(desk.world)
  const id = randomUUID()
  await must(call, 'putOrder', { params: { id }, body: { slotId: slot.id, party: 1 } })
  const { orders } = await must(desk.owner, 'listConsoleOrders', { query: { slotId: slot.id } })
  const page = await desk.signedIn(
    `/orders?from=${tuesday}&to=${tuesday}&staff=${zhou!.id}&service=${cleaning}`,
  )
  await page.getByText(orders[0]!.number).waitFor()
  await shootBoth(page, 'orders-filtered')
  await page.getByLabel('搜索订单').fill('没有这个人')
  await page.getByText('没有符合条件的订单').waitFor()
  await page.getByLabel('搜索订单').fill(orders[0]!.person)
  await page.getByText(orders[0]!.number).waitFor()
  await page.reload()
  await page.getByText(orders[0]!.number).waitFor()
  await page.context().close()
})
