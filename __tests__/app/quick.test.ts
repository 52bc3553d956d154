/** Fingers that are faster than pages: going back while one opens, tapping twice (T7). */
import { BUILD_MS } from '../hosts/build.ts'
import { until } from '../world.ts'
import { openStreet, type Passer, type Street, signedIn } from './street.ts'

let street: Street
beforeAll(async () => {
  street = await openStreet()
}, BUILD_MS)
afterAll(() => street?.close())

/** Signed in, on 「我的」, which was opened from the first page. */
async function onMe(): Promise<Passer> {
  const passer = await street.passer()
  await signedIn(street, passer)
  await toMe(passer)
  return passer
}

async function toMe({ page }: Passer) {
  await page.goto(`${street.world.url}/pages/home/index`)
  await page.locator('.weui-tabbar__label', { hasText: '我的' }).click()
  await page.getByText('我的订单').waitFor()
}

const tapInbox = ({ page }: Passer) => page.getByText('消息', { exact: true }).click()

/** Stays as it is when all that was under way has ended. */
async function isOnMe({ page }: Passer) {
  // A page that comes late is drawn first and then taken back.
  await page.getByText('我的订单').waitFor()
  const inbox = page.locator('.inbox__item, .empty').filter({ visible: true })
  await until('no inbox', async () => (await inbox.count()) === 0)
  await page.waitForLoadState('networkidle')
  await page.waitForTimeout(500)
  expect(new URL(page.url()).pathname).toBe('/pages/me/index')
  expect(await page.getByText('我的订单').isVisible()).toBe(true)
  expect(await inbox.count()).toBe(0)
}

test.each([0, 50, 150, 250, 350])(
  '刚点开就返回（%i 毫秒）：回到原来的页面，不会空白',
  async (ms) => {
    const passer = await onMe()
    const { page } = passer
    await tapInbox(passer)
    await page.waitForTimeout(ms)
    await page.evaluate(() => history.back())
    await isOnMe(passer)
    await page.context().close()
  },
)

test('网络慢，页面还没到就返回：留在原来的页面', async () => {
  const passer = await onMe()
  const { page } = passer
  let late = 0
  await page.route(/\/js\/.*\.js$/, async (route) => {
    late += 1
    await new Promise((resolve) => setTimeout(resolve, 1_500))
    await route.continue()
  })
  await tapInbox(passer)
  await page.waitForTimeout(300)
  await page.evaluate(() => history.back())
  await page.waitForTimeout(2_000)
  expect(late).toBeGreaterThan(0)
  await isOnMe(passer)
  await page.context().close()
})

test('连点两下：只打开一页，返回一次就回来', async () => {
  const passer = await onMe()
  const { page } = passer
  await page.getByText('消息', { exact: true }).dblclick()
  await page.waitForURL(/pages\/inbox/)
  await page.waitForLoadState('networkidle')
  await page.waitForTimeout(300)
  await page.evaluate(() => history.back())
  await isOnMe(passer)
  await page.context().close()
})
