/** The Back key: out of dialogs, never into a cashier's page again; and addresses that lead nowhere. */
import type { Page } from 'playwright-core'
import { lecture } from '../../server/demo/world.ts'
import { BUILD_MS } from '../hosts/build.ts'
import {
  bookLecture,
  openService,
  openStreet,
  orderIdOf,
  payAtPage,
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

/** The Back key; the page may be gone before the key is up again. */
const pressBack = (page: Page) => page.evaluate(() => void setTimeout(() => history.back(), 0))

/** Goes back as far as it goes; answers every address on the way. */
async function allTheWayBack(page: Page): Promise<string[]> {
  const seen = [page.url()]
  for (let step = 0; step < 8; step++) {
    await pressBack(page)
    await page.waitForTimeout(800)
    if (page.url() === 'about:blank') break
    seen.push(page.url())
  }
  expect(page.url()).toBe('about:blank')
  return seen
}

const pathOf = (page: Page) => page.evaluate(() => location.pathname)

test.each([
  ['支付宝', /^支付宝/],
  ['微信支付', /^微信支付/],
] as const)(
  '%s 付款回来：成功页按返回，永远不会再见到收银台',
  async (_, method) => {
    const passer = await street.passer()
    const { page } = passer
    await page.goto(street.world.url)
    await page.getByText('亲子沟通讲座').click()
    await page.locator('.slots__tile').first().waitFor()
    const slot = await street.slot(lecture, 6, 20)
    await bookLecture(street, passer, slot)
    const orderId = orderIdOf(page)
    await page.getByRole('radio', { name: method }).click()
    await page.getByRole('button', { name: method }).click()
    await payAtPage(passer)
    await page.getByText('缴费成功').first().waitFor()
    expect(page.url()).toContain(`/pages/payment/success?id=${orderId}`)
    const seen = await allTheWayBack(page)
    expect(seen.filter((url) => !url.startsWith(street.world.url))).toEqual([])
    expect(seen.filter((url) => url.includes('/pages/payment/index'))).toEqual([])
    const { rows } = await street.world.database.pool.query(
      `select count(*)::int as returns from facts f join payments p on p.id = f.payment_id
       where p.order_id = $1 and f.heard_by = 'return'`,
      [orderId],
    )
    // The notice may have been faster than the way back: then nobody had to be asked.
    expect(rows[0].returns).toBeLessThanOrEqual(1)
  },
  STORY_MS,
)

test(
  '通知全部丢失：从收银台回来的这一步就确认了付款，过程留有记录',
  async () => {
    const { admin } = street.world.sandbox
    expect(admin.fault('alipay.notice', 'drop', null)).toBe(true)
    try {
      const passer = await street.passer()
      const { page } = passer
      await bookLecture(street, passer, await street.slot(lecture, 7, 20))
      const orderId = orderIdOf(page)
      await page.getByRole('radio', { name: /^支付宝/ }).click()
      await page.getByRole('button', { name: /^支付宝 ¥/ }).click()
      await page.waitForURL(/\/(cashier|gateway\.do)/)
      // On a slow machine our own question would be faster than the way back.
      await street.world.database.pool.query(
        `update payments set ask_at = now() + interval '1 hour' where order_id = $1`,
        [orderId],
      )
      await payAtPage(passer)
      await page.getByText('缴费成功').first().waitFor()
      const { rows } = await street.world.database.pool.query(
        `select f.heard_by, f.verdict, f.reference from facts f
         join payments p on p.id = f.payment_id where p.order_id = $1 order by f.id`,
        [orderId],
      )
      expect(rows[0]).toMatchObject({ heard_by: 'return', verdict: 'confirmed' })
      expect(rows[0].reference).toContain('out_trade_no=')
    } finally {
      admin.clearFaults()
    }
  },
  STORY_MS,
)

test(
  '浏览器把缴费页整个保留着（往返缓存），回来时照样立即核实',
  async () => {
    const passer = await street.passer()
    const { page, context } = passer
    await bookLecture(street, passer, await street.slot(lecture, 12, 20))
    const orderId = orderIdOf(page)
    // 204: the browser asks for the cashier's page and stays where it is, alive.
    let cashier = ''
    await context.route(/gateway\.do/, (route) => {
      cashier = route.request().url()
      return route.fulfill({ status: 204 })
    })
    await page.getByRole('radio', { name: /^支付宝/ }).click()
    await page.getByRole('button', { name: /^支付宝 ¥/ }).click()
    await page.getByText('正在确认支付结果').waitFor()
    const { rows } = await street.world.database.pool.query(
      'select id from payments where order_id = $1',
      [orderId],
    )
    expect(cashier).toContain('gateway.do')
    const asking = page.waitForRequest((request) => request.url().endsWith('/return'))
    await page.evaluate(
      ([paymentId, order]) => {
        const came = { paymentId, orderId: order, query: 'trade_no=1' }
        sessionStorage.setItem('cashier-came', JSON.stringify(came))
        window.dispatchEvent(new PageTransitionEvent('pageshow', { persisted: true }))
      },
      [rows[0].id as string, orderId],
    )
    const asked = await asking
    expect(asked.url()).toContain(`/v1/payments/${rows[0].id}/return`)
    expect(asked.postDataJSON()).toEqual({ query: 'trade_no=1' })
    await page.getByText('正在确认支付结果').waitFor()
  },
  STORY_MS,
)

test(
  '收银台上按返回：回到缴费页，名额和金额都在，再付成功',
  async () => {
    const passer = await street.passer()
    const { page } = passer
    await bookLecture(street, passer, await street.slot(lecture, 8, 20))
    const orderId = orderIdOf(page)
    await page.getByRole('radio', { name: /^支付宝/ }).click()
    await page.getByRole('button', { name: /^支付宝 ¥/ }).click()
    await page.waitForURL(/gateway\.do/)
    await pressBack(page)
    await page.waitForURL(new RegExp(`/pages/payment/index\\?id=${orderId}$`))
    await page.getByText('价格已锁定').waitFor()
    await page.getByRole('radio', { name: /^支付宝/ }).click()
    await page.getByRole('button', { name: /^支付宝 ¥/ }).click()
    await payAtPage(passer)
    await page.getByText('缴费成功').first().waitFor()
    const seen = await allTheWayBack(page)
    expect(seen.filter((url) => !url.startsWith(street.world.url))).toEqual([])
  },
  STORY_MS,
)

test(
  '从收银台返回后没付款：等待页说明情况，可以重新选择',
  async () => {
    const passer = await street.passer()
    const { page } = passer
    await bookLecture(street, passer, await street.slot(lecture, 9, 20))
    await page.getByRole('radio', { name: /^支付宝/ }).click()
    await page.getByRole('button', { name: /^支付宝 ¥/ }).click()
    await payAtPage(passer, '取消')
    await page.getByText('正在确认支付结果').waitFor()
    expect(page.url()).not.toContain('back=')
    await page.getByText('尚未支付，重新选择').click()
    await page.getByText('价格已锁定').waitFor()
  },
  STORY_MS,
)

test(
  '确认弹窗、登录弹窗、大图打开时按返回：只关闭弹窗，页面和选择都在',
  async () => {
    const passer = await street.passer()
    const { page } = passer
    const slot = await street.slot(lecture, 10, 20)
    await page.goto(street.world.url)
    await page.getByText('亲子沟通讲座').click()
    await page.locator('.slots__tile').first().waitFor()
    const back = () => pressBack(page)
    const dialog = page.getByRole('dialog')

    await page.getByRole('button', { name: /照片 1/ }).click()
    await dialog.waitFor()
    await back()
    await dialog.waitFor({ state: 'detached' })
    expect(await pathOf(page)).toBe('/pages/booking/index')

    await (await tileOf(page, slot)).click()
    await page.getByRole('button', { name: '立即预约' }).click()
    await dialog.waitFor()
    await back()
    await dialog.waitFor({ state: 'detached' })
    expect(await pathOf(page)).toBe('/pages/booking/index')
    await page.getByText('已选时段').waitFor()

    // The sign-in sheet takes the place of the confirming one; both leave nothing behind.
    await page.getByRole('button', { name: '立即预约' }).click()
    await page.getByRole('button', { name: '确认预约' }).click()
    await page.getByText('手机号登录', { exact: true }).waitFor()
    await back()
    await page.getByText('手机号登录', { exact: true }).waitFor({ state: 'detached' })
    expect(await pathOf(page)).toBe('/pages/booking/index')

    await page.getByRole('button', { name: '立即预约' }).click()
    await page.getByRole('button', { name: '确认预约' }).click()
    await signInBySms(street, passer)
    await page.getByText('名额已为您保留').waitFor()
    await back()
    await page.locator('.service__name').first().waitFor()
    expect(await pathOf(page)).toBe('/pages/home/index')
  },
  STORY_MS,
)

test(
  '弹窗用按钮关掉后按返回：直接离开页面，不会多按一次',
  async () => {
    const passer = await street.passer()
    const { page } = passer
    const slot = await street.slot(lecture, 11, 20)
    await page.goto(street.world.url)
    await page.getByText('亲子沟通讲座').click()
    await page.locator('.slots__tile').first().waitFor()
    await (await tileOf(page, slot)).click()
    for (let times = 0; times < 2; times++) {
      await page.getByRole('button', { name: '立即预约' }).click()
      await page.getByRole('button', { name: '关闭' }).click()
      await page.getByRole('dialog').waitFor({ state: 'detached' })
    }
    await page.waitForTimeout(300)
    await pressBack(page)
    await page.locator('.service__name').first().waitFor()
    expect(await pathOf(page)).toBe('/pages/home/index')
  },
  STORY_MS,
)

test.each(['phone', 'desktop'] as const)(
  '打不开的地址：说明情况并给出回首页的路 (%s)',
  async (size) => {
    const { page } = await street.passer(size)
    for (const address of ['/pages/booking/indx?id=1', '/abc/def', '/index.php']) {
      await page.goto(street.world.url + address)
      await page.getByText('没有找到这个页面').waitFor()
    }
    await shoot(page, 'missing')
    await page.getByRole('button', { name: '返回首页' }).click()
    await page.locator('.service__name').first().waitFor()
  },
  STORY_MS,
)

test(
  '不存在的服务：说明情况并给出回首页的路',
  async () => {
    const passer = await street.passer()
    const { page } = passer
    await page.goto(`${street.world.url}/pages/booking/index?id=${crypto.randomUUID()}`)
    await page.getByText('内容不存在或已下架').waitFor()
    await shoot(page, 'not-found')
    await page.getByRole('button', { name: '返回首页' }).click()
    await openService(street, passer, lecture)
  },
  STORY_MS,
)
