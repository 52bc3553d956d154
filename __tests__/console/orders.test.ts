import { randomUUID } from 'node:crypto'
import type { Order } from '@jiyue/contract/schema/wire'
import { addDays, dateText, dayOf, instantOf } from '@jiyue/contract/time'
import type { Page } from 'playwright-core'
import { lecture } from '../../server/demo/world.ts'
import { askDue } from '../../server/sweep/sweep.ts'
import {
  lectureAnswers,
  must,
  type Person,
  payAtCashier,
  registeredOrder,
  signIn,
  until,
} from '../world.ts'
import {
  bookable,
  type Desk,
  OPEN_MS,
  openDesk,
  pressRetry,
  shoot,
  shootBoth,
  typeIn,
} from './desk.ts'

let desk: Desk
beforeAll(async () => {
  desk = await openDesk()
}, OPEN_MS)
afterAll(() => desk?.close())

async function hold(person: Person, slotIndex = 0): Promise<Order> {
  const slot = (await bookable(desk.world, lecture))[slotIndex]!
  const body = { slotId: slot.id, party: 1 }
  return must(person.call, 'putOrder', { params: { id: randomUUID() }, body })
}

async function register(person: Person, order: Order): Promise<void> {
  const body = { formVersion: order.form.version, values: lectureAnswers() }
  await must(person.call, 'putRegistration', { params: { id: order.id }, body })
}

async function pay(person: Person, order: Pick<Order, 'id'>): Promise<void> {
  const { params } = await must(person.call, 'createPayment', {
    params: { id: order.id },
    body: { id: randomUUID(), method: 'wechat', scene: 'weapp' },
  })
  await payAtCashier(desk.world, params)
}

async function paidOrder(): Promise<Order> {
  const person = await signIn(desk.world)
  const slot = (await bookable(desk.world, lecture))[0]!
  const order = await registeredOrder(person, slot.id)
  await pay(person, order)
  return order
}

const row = (page: Page, { id }: Pick<Order, 'id'>) => page.locator(`[data-row-key="${id}"]`)
const inState = (page: Page, order: Order, word: string) =>
  row(page, order).getByText(word, { exact: false }).waitFor()

/** Waits for a row that glows while it says `word`: a glow is soon over. */
const glows = (page: Page, { id }: Pick<Order, 'id'>, word: string) =>
  page.waitForFunction(
    ([key, text]) => {
      const shown = document.querySelector(`[data-row-key="${key}"]`)
      const cell = shown?.querySelector('td')
      return shown?.textContent?.includes(text) && (cell?.getAnimations().length ?? 0) > 0
    },
    [id, word] as const,
  )

describe('订单', () => {
  test('an order appears and walks 已锁定 → 待缴费 → 已预约 on every open screen, untouched', async () => {
    const screens = [await desk.signedIn('/orders'), await desk.signedIn('/orders', 'tablet')]
    for (const page of screens) await page.getByText('还没有订单').waitFor()
    const person = await signIn(desk.world)
    const order = await hold(person)
    for (const page of screens) await inState(page, order, '已锁定')
    await register(person, order)
    for (const page of screens) await inState(page, order, '待缴费')
    const glowing = Promise.all(screens.map((page) => glows(page, order, '已预约')))
    await pay(person, order)
    await glowing
    for (const page of screens) {
      const hidden = await page
        .locator('.ant-table-content')
        .evaluate((box) => box.scrollWidth - box.clientWidth)
      expect(hidden).toBe(0)
      await shoot(page, 'orders-live')
      await page.context().close()
    }
  })

  test('今日 shows the money the moment it comes', async () => {
    const page = await desk.signedIn('/today')
    const amount = page.locator('.money-amount')
    await amount.waitFor()
    const before = Number(await amount.getAttribute('data-amount'))
    const order = await paidOrder()
    await until('the money of today', async () => {
      return Number(await amount.getAttribute('data-amount')) === before + order.payableFen
    })
    await page.locator('.latest').getByText('已预约').first().waitFor()
    await shoot(page, 'today')
    await page.setViewportSize({ width: 768, height: 1024 })
    await shoot(page, 'today')
    await page.context().close()
  })

  test('今日 left open over night begins the new day by itself', async () => {
    const { world } = desk
    const midnight = instantOf(addDays(dayOf(Date.now()), 1))
    const page = await desk.screen()
    try {
      world.clock.aheadMs = midnight - 60_000 - Date.now()
      await page.clock.install()
      await page.goto(`${world.url}/console/today`)
      await typeIn(page, 'owner', 'jiyue-demo')
      await page
        .getByText(dateText(midnight - 60_000))
        .first()
        .waitFor()
      const asked = page.waitForRequest(/\/v1\/console\/today$/)
      // In steps: over one stride of time the socket would be taken for dead, and all be read again.
      for (let steps = 0; steps < 12; steps++) {
        world.clock.aheadMs += 10_000
        await page.clock.fastForward(10_000)
        await page.waitForTimeout(100)
      }
      await page.getByText(dateText(midnight)).first().waitFor()
      await asked
    } finally {
      world.clock.aheadMs = 0
      await page.context().close()
    }
  })

  test('核销 is off with its reason until the table allows it, then completes the order', async () => {
    const held = await hold(await signIn(desk.world))
    const page = await desk.signedIn(`/orders/${held.id}`)
    const button = page.locator('.drawer-actions').getByRole('button', { name: '核销' })
    await page.getByText('仅「已预约」的订单可以核销').waitFor()
    expect(await button.isDisabled()).toBe(true)

    const order = await paidOrder()
    await page.goto(`${desk.world.url}/console/orders/${order.id}`)
    await page.getByText('据此确认订单').waitFor()
    await page.getByText('预约成功').first().waitFor()
    await shoot(page, 'order')
    await button.click()
    // The soonest slot may be hours away, and then it says so.
    await page.getByRole('button', { name: /^(确认|提前)核销$/ }).click()
    await page.locator('.order-title').getByText('已完成').waitFor()
    expect((await must(desk.owner, 'getConsoleOrder', { params: { id: order.id } })).state).toBe(
      'completed',
    )
    expect(await button.isDisabled()).toBe(true)
    await page.setViewportSize({ width: 768, height: 1024 })
    await shoot(page, 'order')
    await page.keyboard.press('Escape')
    await page.locator('.ant-drawer-body').waitFor({ state: 'detached' })
    expect(new URL(page.url()).pathname).toBe('/console/orders')
    await page.context().close()
  })

  test('证据链：每次查询与通知都在，同样的连成一行，可以展开，编号可以复制', async () => {
    const { world } = desk
    const person = await signIn(world)
    const slot = (await bookable(world, lecture))[0]!
    const order = await registeredOrder(person, slot.id)
    const { params } = await must(person.call, 'createPayment', {
      params: { id: order.id },
      body: { id: randomUUID(), method: 'wechat', scene: 'weapp' },
    })
    for (const seconds of [6, 40, 100, 300]) {
      world.clock.aheadMs = seconds * 1000
      await askDue(world.parts)
    }
    world.clock.aheadMs = 0
    await payAtCashier(world, params)
    const page = await desk.signedIn(`/orders/${order.id}`)
    const evidence = page.getByLabel('款项凭据')
    await evidence.getByText('据此确认订单').waitFor()
    const facts = (await must(desk.owner, 'getConsoleOrder', { params: { id: order.id } })).facts
    expect(facts.length).toBeGreaterThan(3)
    const lines = evidence.locator('.fact')
    expect(await lines.count()).toBe(2)
    await lines
      .first()
      .getByText(`共 ${facts.length - 1} 次`)
      .click()
    expect(await lines.first().locator('.fact-reference').count()).toBe(facts.length - 1)
    await evidence.scrollIntoViewIfNeeded()
    await shootBoth(page, 'order-evidence')
    await page.context().grantPermissions(['clipboard-read', 'clipboard-write'])
    await lines.last().getByRole('button', { name: '复制' }).click()
    expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(facts.at(-1)?.reference)
    await page.context().close()
  })

  test('answers are shown as the server masks them', async () => {
    const person = await signIn(desk.world)
    const order = await hold(person)
    const values = lectureAnswers()
    await must(person.call, 'putRegistration', {
      params: { id: order.id },
      body: { formVersion: order.form.version, values },
    })
    const page = await desk.signedIn(`/orders/${order.id}`)
    await page.getByText('报名信息').waitFor()
    const shown = await page.locator('.ant-drawer-body').textContent()
    expect(shown).not.toContain(values.idCard)
    expect(shown).not.toContain(values.phone)
    await page.context().close()
  })

  test('the filter is the URL: typed with /, kept by a reload, walked back by 清除筛选', async () => {
    const order = await hold(await signIn(desk.world))
    const page = await desk.signedIn('/orders')
    await row(page, order).waitFor()
    await page.keyboard.press('/')
    await page.keyboard.type(order.number)
    await page.waitForURL(`**/orders?text=${order.number}`)
    await until('one row', async () => (await page.locator('tr.clickable').count()) === 1)
    await page.getByText('已完成').first().click()
    await page.getByText('没有符合条件的订单').waitFor()
    await page.reload()
    await page.getByText('没有符合条件的订单').waitFor()
    await shoot(page, 'orders-none')
    await page.getByRole('button', { name: '清除筛选' }).click()
    await row(page, order).waitFor()
    expect(new URL(page.url()).search).toBe('')
    await page.context().close()
  })

  test('a list that cannot be had says so, and comes when asked again or by itself', async () => {
    const page = await desk.screen('tablet')
    await page.route('**/v1/console/orders*', (route) => route.abort())
    await page.goto(`${desk.world.url}/console/orders`)
    await typeIn(page, 'owner', 'jiyue-demo')
    await page.getByText('网络信号弱').waitFor()
    await shoot(page, 'orders-unavailable')
    await pressRetry(page, /v1\/console\/orders/)
    await page.unroute('**/v1/console/orders*')
    await page.locator('table').waitFor()

    await page.route('**/v1/console/services', (route) => route.abort())
    await page.route('**/v1/console/slots*', (route) => route.abort())
    await page.getByRole('link', { name: '时段' }).click()
    await page.getByText('网络信号弱').waitFor()
    await page.unrouteAll()
    await page.locator('.tile').first().waitFor() // by itself
    await page.context().close()
  })

  test('older orders come page by page, none twice', async () => {
    for (let i = 0; i < 18; i++) {
      const person = await signIn(desk.world)
      for (const slotIndex of [0, 1, 2]) await hold(person, slotIndex)
    }
    const page = await desk.signedIn('/orders', 'tablet')
    await until('a full page', async () => (await page.locator('tr.clickable').count()) === 50)
    await page.getByRole('button', { name: '加载更多订单' }).click()
    await page.getByText(/已显示全部 \d+ 个订单/).waitFor()
    const ids = await page
      .locator('tr.clickable')
      .evaluateAll((rows) => rows.map((one) => one.getAttribute('data-row-key')))
    expect(ids.length).toBeGreaterThan(50)
    expect(new Set(ids).size).toBe(ids.length)
    await page.context().close()
  })
})
