/** How it lies on three sizes of screen (T7), and that every target can be hit. */
import type { Page } from 'playwright-core'
import { cleaning } from '../../server/demo/world.ts'
import { BUILD_MS } from '../hosts/build.ts'
import { openService, openStreet, type Size, type Street, shoot, sizes } from './street.ts'

let street: Street
beforeAll(async () => {
  street = await openStreet()
}, BUILD_MS)
afterAll(() => street?.close())

const boxOf = async (page: Page, selector: string) =>
  (await page.locator(selector).first().boundingBox())!

describe.each(Object.keys(sizes) as Size[])('%s', (size) => {
  test('every target is at least 44 px high and wide, and nothing sticks out sideways', async () => {
    const { page } = await street.passer(size)
    await page.goto(street.world.url)
    await page.locator('.service__name').first().waitFor()
    await shoot(page, 'layout-home')
    await checkTargets(page)
    await openService(street, { page, phone: '', context: page.context() }, cleaning)
    await shoot(page, 'layout-booking')
    await checkTargets(page)
    await page.getByText('自定义日期').click()
    await checkTargets(page)
    for (const tab of ['orders', 'me']) {
      await page.goto(`${street.world.url}/pages/${tab}/index`)
      await page.getByText('登录').first().waitFor()
      await shoot(page, `layout-${tab}`)
      await checkTargets(page)
    }
  }, 300_000)
})

test('on a phone the main button is fixed at the bottom, whatever is scrolled', async () => {
  const passer = await street.passer('phone')
  await openService(street, passer, cleaning)
  const before = await boxOf(passer.page, '.bar')
  expect(before.y + before.height).toBe(sizes.phone.height)
  await passer.page.mouse.wheel(0, 600)
  expect(await boxOf(passer.page, '.bar')).toEqual(before)
})

test.each(['tablet', 'desktop'] as const)(
  'on a %s the service stands left, the picker right, the button in sight',
  async (size) => {
    const passer = await street.passer(size)
    await openService(street, passer, cleaning)
    const service = await boxOf(passer.page, '.columns__head')
    const picker = await boxOf(passer.page, '.columns__side')
    const bar = await boxOf(passer.page, '.bar')
    expect(service.x + service.width).toBeLessThan(picker.x)
    expect(bar.x).toBeGreaterThanOrEqual(picker.x)
    expect(bar.y + bar.height).toBeLessThanOrEqual(sizes[size].height)
  },
)

test('by keyboard: a dialog takes the focus, Escape closes it and gives the focus back', async () => {
  const passer = await street.passer('desktop')
  const { page } = passer
  await openService(street, passer, cleaning)
  await page.getByText('明日', { exact: true }).click()
  await page.getByRole('radio').filter({ hasText: '可预约' }).first().press('Enter')
  await page.getByRole('button', { name: '立即预约' }).press('Enter')
  const dialog = page.getByRole('dialog')
  await dialog.waitFor()
  expect(await dialog.evaluate((node) => node.contains(document.activeElement))).toBe(true)
  await page.keyboard.press('Escape')
  await dialog.waitFor({ state: 'detached' })
  expect(await page.evaluate(() => document.activeElement?.textContent)).toBe('立即预约')
}, 300_000)

async function checkTargets(page: Page): Promise<void> {
  const targets = await page.evaluate(() =>
    Array.from(document.querySelectorAll('.tap'))
      .map((tap) => ({ box: tap.getBoundingClientRect(), text: tap.textContent ?? '' }))
      .filter(({ box }) => box.width > 0)
      .map(({ box, text }) => ({ text, small: box.height < 44 || box.width < 44 })),
  )
  expect(targets.length).toBeGreaterThan(0)
  expect(targets.filter(({ small }) => small)).toEqual([])
  const overflow = await page.evaluate(
    () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
  )
  expect(overflow).toBe(0)
}
