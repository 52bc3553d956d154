/** The calendar of the console in Chromium (M1): columns, dragging, the slot's people, many at once. */
import { randomUUID } from 'node:crypto'
import type { ConsoleSlot, Input } from '@jiyue/contract/schema/wire'
import { addDays, dayOf, instantOf, wallClock } from '@jiyue/contract/time'
import type { Locator, Page } from 'playwright-core'
import { cleaning, lecture, staff } from '../../server/demo/world.ts'
import { must, registeredOrder, signIn, until } from '../world.ts'
import { type Desk, OPEN_MS, openDesk, pointAtUndo, shoot, shootBoth } from './desk.ts'

let desk: Desk
let page: Page
let tablet: Page
beforeAll(async () => {
  desk = await openDesk()
  page = await desk.signedIn('/today')
  tablet = await desk.signedIn('/today', 'tablet')
}, OPEN_MS)
afterAll(() => desk?.close())

/** A coming Tuesday: both cleaners work from nine, and there is no lecture. */
const tuesday = [1, 2, 3, 4, 5, 6, 7]
  .map((ahead) => addDays(dayOf(Date.now()), ahead))
  .find((day) => wallClock(instantOf(day)).weekday === 2)!
const wednesday = addDays(tuesday, 1)
const [zhou, liu] = staff.filter(({ serviceIds }) => serviceIds.includes(cleaning))
const other = staff.find(({ serviceIds }) => !serviceIds.includes(cleaning))!
const iso = (minute: number, day = tuesday) => new Date(instantOf(day, minute)).toISOString()

/** An hour before the schedules begin, that no other story uses. */
async function slotAt(
  minute: number,
  more: Partial<Input<'putSlot'>['body']> = {},
  day = tuesday,
): Promise<ConsoleSlot> {
  return must(desk.owner, 'putSlot', {
    params: { id: randomUUID() },
    body: {
      serviceId: cleaning,
      startsAt: iso(minute, day),
      endsAt: iso(minute + 60, day),
      capacity: 2,
      staffId: zhou!.id,
      branchId: null,
      ...more,
    },
  })
}

const tile = (on: Page, { id }: Pick<ConsoleSlot, 'id'>) => on.locator(`[data-slot="${id}"]`)
const column = (on: Page, key: string) => on.locator(`[data-column="${key}"]`)
const panel = (on: Page) => on.getByLabel('时段设置')
const byStaff = (day = tuesday) => `/booking?view=day&by=staff&day=${day}&service=${cleaning}`

/** Another view of an open console, as a link leads there. */
async function show(on: Page, where: string): Promise<void> {
  await on.evaluate((to) => {
    history.pushState(null, '', `/console${to}`)
    dispatchEvent(new PopStateEvent('popstate'))
  }, where)
  await on.locator('h1', { hasText: '时段' }).waitFor()
}

async function slotsThen(day = tuesday): Promise<ConsoleSlot[]> {
  const query = { from: day, to: day }
  return (await must(desk.owner, 'listConsoleSlots', { query })).slots
}
const then = async (id: string) => (await slotsThen()).find((slot) => slot.id === id)

/** Drags by the mouse from the middle, or the foot, of a block. */
async function drag(on: Page, block: Locator, by: { x?: number; minutes: number; foot?: true }) {
  await block.scrollIntoViewIfNeeded()
  const box = (await block.boundingBox())!
  const from = { x: box.x + box.width / 2, y: box.y + (by.foot ? box.height - 3 : box.height / 2) }
  await on.mouse.move(from.x, from.y)
  await on.mouse.down()
  await on.mouse.move(from.x + 3, from.y + 3)
  await on.mouse.move(from.x + (by.x ?? 0), from.y + by.minutes * 1.1, { steps: 6 })
}

/** One finger on a screen, as the browser hears it from the glass. */
async function fingerOf(on: Page) {
  const cdp = await on.context().newCDPSession(on)
  let at = { x: 0, y: 0 }
  const say = (
    type: 'touchStart' | 'touchMove' | 'touchEnd',
    touchPoints: { x: number; y: number }[],
  ) => cdp.send('Input.dispatchTouchEvent', { type, touchPoints })
  return {
    /** Not waited for where a movement is to follow at once. */
    down(to: { x: number; y: number }) {
      at = to
      return say('touchStart', [at])
    },
    async move(by: { x?: number; y?: number }) {
      const from = at
      const steps = 6
      at = { x: from.x + (by.x ?? 0), y: from.y + (by.y ?? 0) }
      const asked = []
      for (let i = 1; i <= steps; i++)
        asked.push(
          say('touchMove', [
            {
              x: from.x + ((at.x - from.x) * i) / steps,
              y: from.y + ((at.y - from.y) * i) / steps,
            },
          ]),
        )
      await Promise.all(asked)
    },
    up: () => say('touchEnd', []),
  }
}

describe('the calendar', () => {
  test('a free slot is dragged to another hour and person, is there on every screen, and 撤销 brings it back', async () => {
    const slot = await slotAt(360)
    for (const one of [page, tablet]) {
      await show(one, byStaff())
      await tile(one, slot).waitFor()
    }
    const [from, to] = await Promise.all(
      [zhou, liu].map(async (one) => (await column(page, one!.id).boundingBox())!),
    )
    await drag(page, tile(page, slot), { x: to!.x - from!.x, minutes: 30 })
    await column(page, liu!.id).locator('.grid-ghost', { hasText: '06:30–07:30' }).waitFor()
    await shoot(page, 'calendar-drag')
    await page.mouse.up()
    await page.getByText(/已改到 .*06:30–07:30/).waitFor()
    await pointAtUndo(page)
    const moved = (await slotsThen()).find(
      ({ startsAt, staffId }) => startsAt === iso(390) && staffId === liu!.id,
    )!
    expect(await then(slot.id)).toBeUndefined()
    for (const one of [page, tablet])
      await column(one, liu!.id).locator(`[data-slot="${moved.id}"]`).waitFor()
    await page.getByRole('button', { name: '撤销' }).click()
    for (const one of [page, tablet])
      await column(one, zhou!.id).locator(`[data-slot="${slot.id}"]`).waitFor()
    expect(await then(slot.id)).toMatchObject({ startsAt: iso(360), staffId: zhou!.id })
    expect(await then(moved.id)).toBeUndefined()
    await shoot(tablet, 'calendar-day')
  })

  test('by finger: a stroke scrolls, a finger that rests lifts, and then it moves and stretches', async () => {
    const slot = await slotAt(360, {}, wednesday)
    await show(tablet, byStaff(wednesday))
    await tile(tablet, slot).waitFor()
    const finger = await fingerOf(tablet)
    const middle = async (one: ConsoleSlot) => {
      const { x, y, width, height } = (await tile(tablet, one).boundingBox())!
      return { x: x + width / 2, y: y + height / 2, foot: y + height - 6 }
    }
    const top = () => tablet.locator('.grid').evaluate((box) => box.scrollTop)
    const ghost = tablet.locator('.grid-ghost')
    // Upwards over the block, at once: the hours go up, and nothing is lifted.
    const before = await top()
    const down = finger.down(await middle(slot))
    await Promise.all([down, finger.move({ y: -120 })])
    await finger.up()
    await until('it scrolled', async () => (await top()) > before)
    expect(await ghost.count()).toBe(0)
    await tablet.locator('.grid').evaluate((box) => box.scrollTo({ top: 0 }))
    await until('it is at its top', async () => (await top()) === 0)

    const [from, to] = await Promise.all(
      [zhou, liu].map(async (one) => (await column(tablet, one!.id).boundingBox())!),
    )
    await finger.down(await middle(slot))
    await ghost.getByText('06:00–07:00').waitFor()
    await finger.move({ x: to!.x - from!.x, y: 120 * 1.1 })
    await column(tablet, liu!.id).locator('.grid-ghost', { hasText: '08:00–09:00' }).waitFor()
    expect(await top()).toBe(0)
    await shoot(tablet, 'calendar-finger')
    await finger.move({ y: -60 * 1.1 })
    await finger.up()
    await tablet.getByText(/已改到 .*07:00–08:00/).waitFor()
    const at = (startsAt: string, endsAt: string) =>
      until('the slot there', async () =>
        (await slotsThen(wednesday)).find(
          (one) => one.startsAt === startsAt && one.endsAt === endsAt && one.staffId === liu!.id,
        ),
      )
    const moved = await at(iso(420, wednesday), iso(480, wednesday))

    await tile(tablet, moved).waitFor()
    const { x, foot } = await middle(moved)
    await finger.down({ x, y: foot })
    await ghost.getByText('07:00–08:00').waitFor()
    await finger.move({ y: 30 * 1.1 })
    await ghost.getByText('07:00–08:30').waitFor()
    await finger.up()
    const longer = await at(iso(420, wednesday), iso(510, wednesday))
    // No panel opened by what was lifted; a tap opens it.
    await tile(tablet, longer).waitFor()
    expect(await panel(tablet).count()).toBe(0)
    await tile(tablet, longer).tap()
    await panel(tablet).getByText('还没有人预约').waitFor()
  })

  test('in a week by staff it goes to another day and person at its hour; who does not serve it is said', async () => {
    const [thursday, friday] = [addDays(tuesday, 2), addDays(tuesday, 3)]
    const slot = await slotAt(360, {}, thursday)
    await show(page, `/booking?view=week&by=staff&day=${tuesday}`)
    const cell = (id: string, day: string) => column(page, `${id} ${day}`)
    const over = async (where: Locator) => {
      const ghost = where.locator('.people-week-ghost', { hasText: '06:00–07:00' })
      // At an edge it scrolls while it is dragged: then the cell is elsewhere, and the hand follows.
      await until('the ghost there', async () => {
        const { x, y, width } = (await where.boundingBox())!
        await page.mouse.move(x + width / 2, y + 24, { steps: 4 })
        return ghost.isVisible()
      })
    }
    const lift = async (block: Locator) => {
      // Heads lie over what is above. Pointing waits until nothing moves and nothing covers it.
      await page.locator('.people-week').evaluate((box) => box.scrollTo({ top: 0 }))
      await block.hover()
      await page.mouse.down()
    }
    await lift(tile(page, slot))
    await over(cell(liu!.id, friday))
    await shoot(page, 'calendar-week-drag')
    await page.mouse.up()
    await page.getByText(/已改到 .*06:00–07:00/).waitFor()
    const moved = (await slotsThen(friday)).find(
      ({ startsAt, staffId }) => startsAt === iso(360, friday) && staffId === liu!.id,
    )!
    await cell(liu!.id, friday).locator(`[data-slot="${moved.id}"]`).waitFor()
    await page.getByRole('button', { name: '撤销' }).click()
    const home = cell(zhou!.id, thursday).locator(`[data-slot="${slot.id}"]`)
    await home.waitFor()
    await lift(tile(page, slot))
    await over(cell(other.id, friday))
    await page.mouse.up()
    await page.getByText('该服务人员不提供此服务').waitFor()
    await home.waitFor()
    // Esc gives up.
    await lift(tile(page, slot))
    await over(cell(liu!.id, friday))
    await page.keyboard.press('Escape')
    await page.mouse.up()
    await page.locator('.people-week-ghost').waitFor({ state: 'detached' })
    await home.waitFor()
    const there = (await slotsThen(thursday)).find(({ id }) => id === slot.id)
    expect(there).toMatchObject({ startsAt: iso(360, thursday), staffId: zhou!.id })
  })

  test('stretched by its foot, moved by its form with the keyboard; a refusal stands beside its field', async () => {
    const slot = await slotAt(360, { staffId: liu!.id })
    await show(page, byStaff())
    // The week before had it, too.
    const block = column(page, liu!.id).locator(`[data-slot="${slot.id}"]`)
    await block.waitFor()
    await drag(page, block, { minutes: 30, foot: true })
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
  })

  test('a slot with bookings stays, says why, shows who comes, and leads to the desk that asks them', async () => {
    const slot = await slotAt(420, { serviceId: lecture, staffId: null })
    const person = await signIn(desk.world)
    const order = await registeredOrder(person, slot.id)
    await show(page, `/booking?view=day&by=branch&day=${tuesday}`)
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
  })

  test('many are closed in one act: chosen, counted, those with bookings passed by, and back again', async () => {
    const [empty, booked] = await Promise.all([
      slotAt(1320, { serviceId: lecture, staffId: null, endsAt: iso(1350) }),
      slotAt(1350, { serviceId: lecture, staffId: null, endsAt: iso(1380) }),
    ])
    const { call } = await signIn(desk.world)
    const body = { slotId: booked.id, party: 2 }
    await must(call, 'putOrder', { params: { id: randomUUID() }, body })
    await show(page, `/booking?day=${tuesday}&service=${lecture}`)
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
    await pointAtUndo(page)
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
    await page.getByRole('button', { name: '撤销' }).click()
    await tile(page, empty).getByText('可预约').waitFor()
    expect(await seen()).toBe(false)
  })

  test('a week by time, staff, room and branch, kept in the address; nothing, waiting and failing say so', async () => {
    await show(page, `/booking?day=${tuesday}`)
    await page.locator('.grid [data-slot]').first().waitFor()
    await shootBoth(page, 'calendar-week')
    await page.getByText('按人员').click()
    await page.locator('.people-week-lane', { hasText: zhou!.name }).waitFor()
    await shootBoth(page, 'calendar-week-staff')
    await page.reload()
    await page.locator('.people-week-lane', { hasText: liu!.name }).waitFor()
    await page.getByText('按场地').click()
    await page.locator('.people-week-lane', { hasText: '不占用场地' }).waitFor()
    // Back is the view before.
    await page.goBack()
    await page.locator('.people-week-lane', { hasText: liu!.name }).waitFor()
    await page.goForward()
    await page.locator('.people-week-lane', { hasText: '不占用场地' }).waitFor()
    await page.getByLabel('视图').getByText('日').click()
    await page.locator('.grid-head').getByText('不占用场地').waitFor()
    await page.getByText('按门店').click()
    await page.locator('.grid-head').getByText('上门或线上').waitFor()
    await show(page, '/booking?view=day')
    await page.locator('.grid, .ant-empty').first().waitFor()
    await shoot(page, 'calendar-today')

    await show(page, `/booking?view=day&day=${addDays(tuesday, 300)}`)
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
    await page.unroute('**/v1/console/slots?**')
    await page.getByRole('button', { name: '重试' }).click()
    await page.getByText('这天还没有时段').waitFor()
  })

  test('who may only look sees who comes, and why nothing moves', async () => {
    const slot = await slotAt(240)
    const page = await desk.signedIn(byStaff(), 'counter', 'finance')
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
  const slot = await slotAt(120)
  const { call } = await signIn(desk.world)
  const id = randomUUID()
  await must(call, 'putOrder', { params: { id }, body: { slotId: slot.id, party: 1 } })
  const { orders } = await must(desk.owner, 'listConsoleOrders', { query: { slotId: slot.id } })
  await page.goto(
    `${desk.world.url}/console/orders?from=${tuesday}&to=${tuesday}&staff=${zhou!.id}&service=${cleaning}`,
  )
  await page.getByText(orders[0]!.number).waitFor()
  await shootBoth(page, 'orders-filtered')
  await page.getByLabel('搜索订单').fill('没有这个人')
  await page.getByText('没有符合条件的订单').waitFor()
  await page.getByLabel('搜索订单').fill(orders[0]!.person)
  await page.getByText(orders[0]!.number).waitFor()
  await page.reload()
  await page.getByText(orders[0]!.number).waitFor()
})
