/** 改期 (B9): the rule and the amounts before the tap; at once, with money back, or after paying. */
import type { ConsoleSlot } from '@jiyue/contract/schema/wire'
import { spanText } from '@jiyue/contract/time'
import { sql } from 'kysely'
import { lecture } from '../../server/demo/world.ts'
import { BUILD_MS } from '../hosts/build.ts'
import { registeredOrder, signIn } from '../world.ts'
import {
  openStreet,
  orderIdOf,
  type Passer,
  paidLecture,
  payAtPage,
  type Size,
  type Street,
  shoot,
  tileOf,
} from './street.ts'
import { heard } from './toasts.ts'

const STORY_MS = 300_000

let street: Street
beforeAll(async () => {
  street = await openStreet()
}, BUILD_MS)
afterAll(() => street?.close())

/** A paid order in three days, on its own page. */
async function paidPasser(hour: number, size: Size = 'phone') {
  // Paid on a phone, looked at on any device: the pages behind the cashier are the same.
  const passer = await street.passer(size === 'desktop' ? 'tablet' : size)
  const { page } = passer
  if (size === 'desktop') await page.setViewportSize({ width: 1280, height: 800 })
  const from = await street.slot(lecture, hour, 9, { inDays: 3 })
  const orderId = await paidLecture(street, passer, from)
  await page.getByRole('button', { name: '查看订单' }).click()
  await page.getByText('改期与取消').waitFor()
  return { passer, page, from, orderId }
}

const chooseSlot = async ({ page }: Passer, slot: ConsoleSlot) => {
  await page.locator('.slots__tile').first().waitFor()
  const tile = await tileOf(page, slot)
  await tile.click()
  return tile
}

const rowOf = async (orderId: string) =>
  street.world.database.db
    .selectFrom('orders')
    .select(['slot_id', 'state'])
    .where('id', '=', orderId)
    .executeTakeFirstOrThrow()

const taken = async (slot: ConsoleSlot) =>
  (
    await street.world.database.db
      .selectFrom('slots')
      .select('taken')
      .where('id', '=', slot.id)
      .executeTakeFirstOrThrow()
  ).taken

const span = ({ startsAt, endsAt }: ConsoleSlot) => spanText(startsAt, endsAt)

test.each(['phone', 'tablet', 'desktop'] as const)(
  '改到便宜的时段：规则先看到，差额说清楚，确认后立即改期并退回差价 (%s)',
  async (size) => {
    const hour = { phone: 0, tablet: 1, desktop: 2 }[size]
    const { passer, page, from, orderId } = await paidPasser(hour, size)
    const cheap = await street.slot(lecture, hour + 3, 9, { inDays: 3, priceFen: 3000 })
    await page.getByText('改期', { exact: true }).first().waitFor()
    await page.getByText('24 小时可免费改期').waitFor()
    await shoot(page, 'order-change')
    await page.getByRole('button', { name: '改期', exact: true }).click()
    await page.getByText('选择新时段').waitFor()
    const current = await tileOf(page, from)
    await current.getByText('当前时段').waitFor()
    expect(await current.getAttribute('aria-disabled')).toBe('true')
    const tile = await chooseSlot(passer, cheap)
    await tile.getByText('¥30').waitFor()
    await page.getByText('将退回 ¥39', { exact: true }).waitFor()
    await shoot(page, 'move')
    await page.getByRole('button', { name: '下一步' }).click()
    const sheet = page.getByRole('dialog', { name: '确认改期' })
    for (const words of ['原时段', '新时段', '退回金额', span(from), span(cheap)])
      await sheet.getByText(words, { exact: true }).waitFor()
    await shoot(page, 'move-sheet')
    await sheet.getByRole('button', { name: '确认改期' }).click()
    await heard(page, '改期成功')
    await page.getByText('退款进度').waitFor()
    await page.getByText('改期退还差价').first().waitFor()
    await page.getByText('¥39', { exact: true }).last().waitFor()
    await page.getByText(span(cheap)).first().waitFor()
    await shoot(page, 'moved')
    expect(await rowOf(orderId)).toMatchObject({ slot_id: cheap.id, state: 'confirmed' })
    expect([await taken(from), await taken(cheap)]).toEqual([0, 1])
  },
  STORY_MS,
)

test(
  '改到更贵的时段：补差价后立即改期；返回键不会再见到收银台',
  async () => {
    const { passer, page, from, orderId } = await paidPasser(6)
    const dear = await street.slot(lecture, 7, 9, { inDays: 3, priceFen: 9900 })
    await page.getByRole('button', { name: '改期', exact: true }).click()
    await chooseSlot(passer, dear)
    await page.getByText('需补差价 ¥30', { exact: true }).waitFor()
    await page.getByRole('button', { name: '下一步' }).click()
    await page.getByText('补差价支付成功后立即改期').waitFor()
    await shoot(page, 'move-due-sheet')
    await page.getByRole('button', { name: /^去补差价 ¥/ }).click()
    await page.getByText('需补差价', { exact: true }).waitFor()
    await page.getByRole('timer').first().waitFor()
    await shoot(page, 'move-payment')
    // Pages opened since the first payment must not have restyled this one.
    const row = await page.locator('.methods__row').first().boundingBox()
    expect(row?.height).toBeGreaterThanOrEqual(60)
    expect(await rowOf(orderId)).toMatchObject({ slot_id: from.id })
    await page.getByRole('radio', { name: /^支付宝/ }).click()
    await page.getByRole('button', { name: /^支付宝 ¥/ }).click()
    await payAtPage(passer)
    await page.getByText('改期与取消').waitFor()
    await heard(page, '改期成功')
    await page.getByText(span(dear)).first().waitFor()
    expect(orderIdOf(page)).toBe(orderId)
    expect(await rowOf(orderId)).toMatchObject({ slot_id: dear.id, state: 'confirmed' })
    await page.evaluate(() => history.back())
    await page.waitForTimeout(600)
    expect(page.url().startsWith(street.world.url)).toBe(true)
  },
  STORY_MS,
)

test(
  '补差价前放弃：原预约不变；订单页可继续支付或放弃',
  async () => {
    const { passer, page, from, orderId } = await paidPasser(8)
    const dear = await street.slot(lecture, 9, 9, { inDays: 3, priceFen: 9900 })
    await page.getByRole('button', { name: '改期', exact: true }).click()
    await chooseSlot(passer, dear)
    await page.getByRole('button', { name: '下一步' }).click()
    await page.getByRole('button', { name: /^去补差价 ¥/ }).click()
    await page.getByText('需补差价', { exact: true }).waitFor()
    await page.goto(`${street.world.url}/pages/order/index?id=${orderId}`)
    await page.getByText('改期待补差价').waitFor()
    await shoot(page, 'order-open-move')
    await page.getByRole('button', { name: '继续支付' }).click()
    await page.getByText('需补差价', { exact: true }).waitFor()
    await page.getByRole('button', { name: '放弃改期' }).click()
    await heard(page, '已放弃改期，原预约不变')
    await page.getByText('改期与取消').waitFor()
    await page.getByText('改期待补差价').waitFor({ state: 'detached' })
    expect(await rowOf(orderId)).toMatchObject({ slot_id: from.id, state: 'confirmed' })
    expect(await taken(dear)).toBe(0)
  },
  STORY_MS,
)

test.each([
  { how: '', hour: 10, delayMs: 0 },
  // The page it came back to has read the end before the browser has gone down to ours.
  { how: '（返回时网络慢）', hour: 19, delayMs: 4000 },
])(
  '付款时新时段刚被约满：原预约不变，差价全额退回，页面说清楚$how',
  async ({ hour, delayMs }) => {
    const { passer, page, from, orderId } = await paidPasser(hour)
    const dear = await street.slot(lecture, hour + 1, 1, { inDays: 3, priceFen: 9900 })
    await page.getByRole('button', { name: '改期', exact: true }).click()
    await chooseSlot(passer, dear)
    await page.getByRole('button', { name: '下一步' }).click()
    await page.getByRole('button', { name: /^去补差价 ¥/ }).click()
    await page.getByRole('radio', { name: /^支付宝/ }).click()
    await page.getByRole('button', { name: /^支付宝 ¥/ }).click()
    await page.waitForURL(/gateway\.do/)
    await registeredOrder(await signIn(street.world), dear.id)
    await page.route(/payment\/index\?id=[^&]+&move=[^&]+$/, async (route) => {
      await new Promise((resolve) => setTimeout(resolve, delayMs))
      await route.continue()
    })
    await page.getByText('确认支付').click()
    await page.getByText('改期未完成，原预约不变').waitFor()
    // Here to stay, on our own page and not on one that the browser is still leaving.
    await page.waitForURL(/&move=[^&]+$/)
    await page.waitForLoadState('networkidle')
    await page.getByText('改期未完成，原预约不变').waitFor()
    await shoot(page, 'move-failed')
    await page.getByRole('button', { name: '查看订单' }).click()
    await page.getByText('改期未成功，差价全额退回').waitFor()
    await page.getByText('退款进度').scrollIntoViewIfNeeded()
    await shoot(page, 'order-move-refund')
    expect(await rowOf(orderId)).toMatchObject({ slot_id: from.id, state: 'confirmed' })
  },
  STORY_MS,
)

test(
  '看着的时候被别人约满：就地说明，换一个时段；离开始不到一天收取费用，先说清楚',
  async () => {
    const { passer, page, orderId } = await paidPasser(12)
    const last = await street.slot(lecture, 13, 1, { inDays: 3 })
    const other = await street.slot(lecture, 14, 9, { inDays: 3 })
    await sql`update slots set bookable_until = now() + interval '4 hours',
      starts_at = now() + interval '5 hours', ends_at = now() + interval '6 hours' where id = (select slot_id from orders where id = ${orderId})`.execute(
      street.world.database.db,
    )
    await page.getByRole('button', { name: '改期', exact: true }).click()
    await chooseSlot(passer, last)
    await page.getByText(/需补差价 ¥/).waitFor()
    await page.getByRole('button', { name: '下一步' }).click()
    await registeredOrder(await signIn(street.world), last.id)
    await page.getByRole('button', { name: /^去补差价 ¥/ }).click()
    await page.getByText('该时段已约满，请选择其他时段').waitFor()
    await shoot(page, 'move-full')
    await chooseSlot(passer, other)
    await page.getByRole('button', { name: '下一步' }).click()
    // 20 % of the 49 yuan that were paid, and nothing else: the price is the same.
    await page.getByRole('dialog').getByText('需补金额').waitFor()
    await page.getByRole('button', { name: '去补差价 ¥9.80' }).waitFor()
    await shoot(page, 'move-fee-sheet')
  },
  STORY_MS,
)

test(
  '答复丢了再问一次：同一个改期编号，只改一次',
  async () => {
    const { passer, page, orderId } = await paidPasser(15)
    const to = await street.slot(lecture, 16, 9, { inDays: 3 })
    const asked: string[] = []
    await passer.context.route(/\/v1\/moves\/[^/]+$/, async (route) => {
      asked.push(route.request().url())
      if (asked.length > 2) return route.continue()
      await route.fetch()
      await route.abort()
    })
    await page.getByRole('button', { name: '改期', exact: true }).click()
    await chooseSlot(passer, to)
    await page.getByRole('button', { name: '下一步' }).click()
    await page.getByRole('button', { name: '确认改期' }).click()
    await page.getByText('改期与取消').waitFor()
    expect(asked).toHaveLength(3)
    expect(new Set(asked).size).toBe(1)
    expect(await rowOf(orderId)).toMatchObject({ slot_id: to.id })
    const { rows } = await street.world.database.pool.query(
      'select count(*)::int as moves from moves where order_id = $1',
      [orderId],
    )
    expect(rows).toEqual([{ moves: 1 }])
  },
  STORY_MS,
)

test(
  '预约页：价格不同的时段标出自己的价格，确认弹窗也是这个价格',
  async () => {
    const passer = await street.passer()
    const { page } = passer
    const dear = await street.slot(lecture, 17, 9, { priceFen: 8800 })
    await page.goto(`${street.world.url}/pages/booking/index?id=${lecture}`)
    const tile = await chooseSlot(passer, dear)
    await tile.getByText('¥88').waitFor()
    await shoot(page, 'booking-price')
    await page.getByRole('button', { name: '立即预约' }).click()
    await page.getByRole('dialog').getByText('88', { exact: true }).waitFor()
  },
  STORY_MS,
)
