/** What goes wrong on real streets: double taps, lost answers, no network, time running out. */
import type { OrderCard } from '@jiyue/contract/schema/wire'
import { lecture } from '../../server/demo/world.ts'
import { BUILD_MS } from '../hosts/build.ts'
import { registeredOrder, signIn } from '../world.ts'
import {
  book,
  openService,
  openStreet,
  orderIdOf,
  type Passer,
  type Street,
  shoot,
  signInBySms,
  tileOf,
} from './street.ts'
import { heard } from './toasts.ts'

const STORY_MS = 300_000

let street: Street
beforeAll(async () => {
  street = await openStreet()
}, BUILD_MS)
afterAll(() => street?.close())

/** The person's orders, as the server has them. */
async function ordersOf({ page }: Passer): Promise<OrderCard[]> {
  return page.evaluate(async () => {
    const { token } = JSON.parse(JSON.parse(localStorage.getItem('session') ?? '{}').data)
    const reply = await fetch('/v1/orders', { headers: { authorization: `Bearer ${token}` } })
    return (await reply.json()).orders
  })
}

/** Moves the end of a hold, as time would. */
function holdEnds(orderId: string, inSeconds: number) {
  return street.world.database.pool.query(
    "update orders set held_until = clock_timestamp() + $2 * interval '1 second' where id = $1",
    [orderId, inSeconds],
  )
}

test(
  '余位在一秒内变化，约满变红，不用刷新',
  async () => {
    const passer = await street.passer()
    const { page } = passer
    const slot = await street.slot(lecture, 6, 3)
    await openService(street, passer, lecture)
    const tile = await tileOf(page, slot)
    await tile.getByText('余3').waitFor()
    const other = await signIn(street.world)
    await registeredOrder(other, slot.id, 2)
    await tile.getByText('余1').waitFor()
    const last = await signIn(street.world)
    await registeredOrder(last, slot.id, 1)
    await tile.getByText('已约满').waitFor()
    await shoot(page, 'full')
  },
  STORY_MS,
)

test(
  '人数超过余位：说明原因，并给出加起来够坐的最近时段',
  async () => {
    const passer = await street.passer()
    const { page } = passer
    const near = await street.slot(lecture, 3, 2)
    await street.slot(lecture, 4, 4)
    await openService(street, passer, lecture)
    await (await tileOf(page, near)).click()
    const party = page
      .getByRole('textbox', { name: /同行人数/ })
      .or(page.getByLabel(/同行人数，人/))
    await party.first().fill('5')
    await party.first().blur()
    await page.getByText('人数超出限制，建议分时段预约').waitFor()
    await page.getByText('一次预约以上 2 个时段').waitFor()
    await expect(
      page.getByRole('button', { name: '立即预约' }).getAttribute('aria-disabled'),
    ).resolves.toBe('true')
  },
  STORY_MS,
)

test(
  '答复在路上丢了：同一个编号再问一次，名额只占一个',
  async () => {
    const passer = await street.passer()
    const { page, context } = passer
    const slot = await street.slot(lecture, 5, 9)
    const asked: string[] = []
    await context.route(/\/v1\/orders\/[^/]+$/, async (route) => {
      if (route.request().method() !== 'PUT') return route.continue()
      asked.push(route.request().url())
      // The first two requests arrive, their answers do not.
      if (asked.length > 2) return route.continue()
      await route.fetch()
      await route.abort()
    })
    await openService(street, passer, lecture)
    await book(page, slot)
    await signInBySms(street, passer)
    await page.getByText('网络信号弱，正在努力加载中').waitFor()
    await page.getByText('名额已为您保留').waitFor()
    expect(asked).toHaveLength(3)
    expect(new Set(asked).size).toBe(1)
    expect(await ordersOf(passer)).toHaveLength(1)
    const { rows } = await street.world.database.pool.query(
      'select taken from slots where id = $1',
      [slot.id],
    )
    expect(rows).toEqual([{ taken: 1 }])
  },
  STORY_MS,
)

test(
  '没有网络：说明情况，内容不消失；网络回来自动补上',
  async () => {
    const passer = await street.passer()
    const { page, context } = passer
    await page.goto(street.world.url)
    await page.getByText('家庭保洁').waitFor()
    await context.setOffline(true)
    await page.getByText('网络信号弱，正在努力加载中').waitFor()
    await page.getByText('家庭保洁').waitFor()
    await shoot(page, 'offline')
    await context.setOffline(false)
    await page.getByText('网络信号弱，正在努力加载中').waitFor({ state: 'detached' })
  },
  STORY_MS,
)

test(
  '填到一半离开再回来：每一项、步骤和倒计时都在',
  async () => {
    const passer = await street.passer()
    const { page } = passer
    const slot = await street.slot(lecture, 7, 9)
    await openService(street, passer, lecture)
    await book(page, slot)
    await signInBySms(street, passer)
    await page.getByRole('textbox', { name: '姓名' }).fill('林小满')
    await page.getByRole('textbox', { name: '手机号' }).fill('1380013')
    await page.getByRole('textbox', { name: '身份证号' }).focus()
    await page.getByText('请输入 11 位有效手机号').waitFor()
    await page.getByRole('textbox', { name: '手机号' }).fill('+86 138-0013 8000')
    await page.getByRole('textbox', { name: '身份证号' }).fill('11010519491231002x')
    await page.getByText('已自动保存').waitFor()
    await page.waitForTimeout(600)
    const left = await page.getByRole('timer').first().innerText()
    await page.reload()
    await page.getByRole('textbox', { name: '姓名' }).waitFor()
    await expect(page.getByRole('textbox', { name: '姓名' }).inputValue()).resolves.toBe('林小满')
    await expect(page.getByRole('textbox', { name: '手机号' }).inputValue()).resolves.toBe(
      '13800138000',
    )
    await expect(page.getByRole('textbox', { name: '身份证号' }).inputValue()).resolves.toMatch(
      /^11010519491231002x$/i,
    )
    expect((await page.getByRole('timer').first().innerText()) <= left).toBe(true)
    // Going home says that it is kept, and home offers the way back.
    await page
      .locator('.taro-navigation-bar-home, .taro-navigation-bar-back')
      .filter({ visible: true })
      .first()
      .click()
    await heard(page, '您的报名信息已保存，下次进入可继续填写')
    await page.getByText('继续报名').first().waitFor()
    await shoot(page, 'unfinished')
  },
  STORY_MS,
)

test(
  '名额过期：提示重新选择，填过的内容带进新的预约',
  async () => {
    const passer = await street.passer()
    const { page } = passer
    const slot = await street.slot(lecture, 8, 9)
    await openService(street, passer, lecture)
    await book(page, slot)
    await signInBySms(street, passer)
    await page.getByRole('textbox', { name: '姓名' }).fill('林小满')
    await page.getByRole('textbox', { name: '手机号' }).fill('13800138000')
    await page.getByRole('textbox', { name: '身份证号' }).focus()
    await page.getByText('已自动保存').waitFor()
    const lapsed = orderIdOf(page)
    await holdEnds(lapsed, 20)
    await page.reload()
    await page.getByRole('textbox', { name: '姓名' }).waitFor()
    await page.getByText('该时段已失效，请重新选择时段').waitFor()
    await shoot(page, 'gone')
    await page.getByRole('button', { name: '重新选择时段' }).click()
    await page.locator('.slots__tile').first().waitFor()
    await book(page, slot)
    await page.getByText('名额已为您保留').waitFor()
    expect(orderIdOf(page)).not.toBe(lapsed)
    await expect(page.getByRole('textbox', { name: '姓名' }).inputValue()).resolves.toBe('林小满')
  },
  STORY_MS,
)
