import type { Page } from 'playwright-core'
import { seriousOf } from '../axe.ts'
import { inside, someBusiness } from './business.ts'
import { type Desk, OPEN_MS, openDesk, shootBoth, sizes } from './desk.ts'

let desk: Desk
beforeAll(async () => {
  desk = await openDesk()
  await someBusiness(desk.world)
}, OPEN_MS)
afterAll(() => desk?.close())

async function isThere(page: Page) {
  await page.locator('.page h1').waitFor()
  await page.locator('.ant-skeleton, .ant-spin-spinning').first().waitFor({ state: 'detached' })
}

test('每一页：没有严重的无障碍问题', async () => {
  const page = await desk.signedIn('/today')
  const menu = await page
    .locator('.frame-side [role=menu] a')
    .evaluateAll((links) => links.map((link) => (link as HTMLAnchorElement).pathname))
  expect(menu.length).toBeGreaterThan(16)
  const found: [string, string[]][] = []
  const check = async (at: string) => {
    await isThere(page)
    const serious = await seriousOf(page)
    if (serious.length > 0) found.push([at, serious])
  }
  for (const at of menu) {
    await page.locator(`.frame-side [role=menu] a[href="${at}"]`).click()
    await page.waitForURL(({ pathname }) => pathname.startsWith(at))
    await check(at)
  }
  for (const at of inside) {
    await page.goto(`${desk.world.url}/console${at}`)
    await check(at)
  }
  await page.goto(`${desk.world.url}/console/orders`)
  await page.locator('.ant-table-row').first().click()
  await page.locator('.ant-drawer h2, .ant-drawer-title').first().waitFor()
  const serious = await seriousOf(page)
  if (serious.length > 0) found.push(['an order', serious])
  expect(found).toEqual([])
  await page.context().close()
})

test('菜单分组；只用键盘也能走到每一页，平板上同样', async () => {
  const page = await desk.signedIn('/today')
  for (const word of ['预约与订单', '资金', '客户与数据', '服务设置', '团队'])
    await page.getByRole('menu').getByText(word, { exact: true }).waitFor()
  for (const size of [sizes.counter, sizes.tablet]) {
    await page.setViewportSize(size)
    // One stop of the tabulator for the whole menu; arrows go through it.
    await page.locator('.frame-logo').focus()
    await page.keyboard.press('Tab')
    await arrowsTo(page, '订单')
    await page.keyboard.press('Enter')
    await page.getByRole('heading', { level: 1, name: '订单' }).waitFor()
    await page.locator('.frame-logo').click()
    await page.getByRole('heading', { level: 1, name: '今日' }).waitFor()
  }
  await shootBoth(page, 'menu')
  await page.context().close()
})

/** Down through the menu, which goes round, from wherever it was left. */
async function arrowsTo(page: Page, word: string): Promise<void> {
  const here = () => page.evaluate(() => document.activeElement?.textContent ?? '')
  for (let steps = 0; (await here()) !== word; steps++) {
    expect(steps).toBeLessThan(20)
    const before = await here()
    await page.keyboard.press('ArrowDown')
    await page.waitForFunction((text) => document.activeElement?.textContent !== text, before)
  }
}
