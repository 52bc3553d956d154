/**
 * Where and whom, on H5 (B3 G6): the browser's position says whether an on-site service comes, its
 * people show their faces, and who was there before is recommended.
 */
import { randomUUID } from 'node:crypto'
import type { Call } from '@jiyue/contract/client'
import { addDays, dayOf, instantOf } from '@jiyue/contract/time'
import sharp from 'sharp'
import { cleaning, lecture, staff } from '../../server/demo/world.ts'
import { BUILD_MS } from '../hosts/build.ts'
import { must, signInOwner } from '../world.ts'
import {
  book,
  openService,
  openStreet,
  orderIdOf,
  paidLecture,
  payAtPage,
  registerLecture,
  type Street,
  shootAll,
  tileOf,
} from './street.ts'
import { heard } from './toasts.ts'

const STORY_MS = 300_000

let street: Street
let owner: Call
beforeAll(async () => {
  street = await openStreet()
  owner = (await signInOwner(street.world)).call
}, BUILD_MS)
afterAll(() => street?.close())

/** As satellites say it: two kilometres from 徐汇店, and at the far end of 崇明. */
const near = { latitude: 31.182, longitude: 121.456 }
const far = { latitude: 31.522, longitude: 121.825 }

/** A new cleaner, with a portrait or without one. */
async function newCleaner(name: string, photo: string | null) {
  const body = { name, title: '保洁师', profile: '从业 3 年，细致守时。', serviceIds: [cleaning] }
  const params = { id: randomUUID() }
  const portrait = photo === null ? null : { base64: photo }
  return must(owner, 'putStaff', { params, body: { ...body, photo: portrait } })
}

/** A lecture of theirs tomorrow, from this minute of the day on. */
function lectureBy(staffId: string, minute: number) {
  const startsAt = instantOf(addDays(dayOf(Date.now()), 1), minute)
  return must(owner, 'putSlot', {
    params: { id: randomUUID() },
    body: {
      serviceId: lecture,
      startsAt: new Date(startsAt).toISOString(),
      endsAt: new Date(startsAt + 3_600_000).toISOString(),
      capacity: 2,
      staffId,
      branchId: null,
    },
  })
}

test(
  '上门服务：用浏览器的位置判断能不能上门；服务人员有照片显示照片，没有显示姓氏',
  async () => {
    const picture = await sharp({
      create: { width: 500, height: 700, channels: 3, background: '#cfe3d4' },
    })
      .jpeg()
      .toBuffer()
    const bai = await newCleaner('白露', picture.toString('base64'))
    await newCleaner('谷雨', null)
    const passer = await street.passer()
    const { page, context } = passer
    await openService(street, passer, cleaning)

    // Nothing is guessed where the browser does not say where it is.
    await page.getByText('用我现在的位置').click()
    await heard(page, '未能获取位置，请在系统设置中允许')
    await context.grantPermissions(['geolocation'])
    await context.setGeolocation(near)
    await page.getByText('用我现在的位置').click()
    await page.getByText(/距徐汇店 .*，在服务范围内，可上门/).waitFor()

    const faces = page.getByRole('radiogroup', { name: '服务人员' })
    await faces.getByText('白露').click()
    await page.getByText('从业 3 年，细致守时。').waitFor()
    // H5 draws a picture as an <img>; its address is that of this very portrait.
    const shown = page.locator(`.staff img[src$="${bai.photo}"]`)
    await shown.waitFor()
    expect(await shown.evaluate((img: HTMLImageElement) => img.naturalWidth)).toBe(320)
    await shootAll(page, 'staff-photo')
    await faces.getByText('谷雨').click()
    await page.locator('.staff .face__initial', { hasText: '谷' }).waitFor()
    expect(await page.locator('.staff img').count()).toBe(0)
    await shootAll(page, 'staff-initial')

    const other = await street.passer()
    await other.context.grantPermissions(['geolocation'])
    await other.context.setGeolocation(far)
    await openService(street, other, cleaning)
    await other.page.getByText('用我现在的位置').click()
    await other.page.getByText('该地址不在服务范围内，请更换地址').waitFor()
  },
  STORY_MS,
)

test(
  '指定服务人员：只看她的时段，报名缴费后订单上是她',
  async () => {
    const params = { id: randomUUID() }
    const body = { name: '沈一苇', title: '讲师', profile: '十年亲子课程', serviceIds: [lecture] }
    const hers = await must(owner, 'putStaff', { params, body: { ...body, photo: null } })
    const slot = await lectureBy(hers.id, 390)
    const passer = await street.passer()
    const { page } = passer
    await openService(street, passer, lecture)
    await page.getByRole('radiogroup', { name: '服务人员' }).getByText('沈一苇').click()
    await page.getByText('十年亲子课程').waitFor()
    await tileOf(page, slot)
    expect(await page.locator('.slots__tile').count()).toBe(1)
    await book(page, slot)
    await registerLecture(street, passer)
    await page.getByRole('button', { name: /^微信支付 ¥/ }).click()
    await payAtPage(passer)
    await page.getByText('缴费成功').first().waitFor()
    const order = await street.world.database.db
      .selectFrom('orders')
      .select(['state', 'slot_id'])
      .where('id', '=', orderIdOf(page))
      .executeTakeFirstOrThrow()
    expect(order).toEqual({ state: 'confirmed', slot_id: slot.id })
    await page.goto(`${street.world.url}/pages/order/index?id=${orderIdOf(page)}`)
    await page.getByText('沈一苇').first().waitFor()
    await shootAll(page, 'staff-order')
  },
  STORY_MS,
)

test(
  '推荐时段：上次服务的老师有空时，先推荐这位老师的时段，并说明原因，点一下即可预约',
  async () => {
    const teacher = staff.find(({ name }) => name === '顾以宁')
    const slot = await lectureBy(teacher?.id ?? '', 300)
    const passer = await street.passer()
    await paidLecture(street, passer, slot)
    await openService(street, passer, lecture)
    const { page } = passer
    const found = page.getByRole('button', { name: /，上次由顾以宁服务$/ })
    await found.scrollIntoViewIfNeeded()
    await shootAll(page, 'recommended')
    await found.click()
    await page.getByText('立即预约', { exact: true }).click()
    await page.getByText('取消规则', { exact: false }).first().waitFor()
    await page.getByRole('dialog').getByText('顾以宁').waitFor()
    await page.getByRole('button', { name: '确认预约' }).click()
    await page.waitForURL(/pages\/registration\/index/)
    await page.getByRole('textbox', { name: '姓名' }).waitFor()
    const held = await street.world.database.db
      .selectFrom('orders')
      .innerJoin('slots', 'slots.id', 'orders.slot_id')
      .select(['slots.staff_id', 'orders.state'])
      .where('orders.state', '=', 'held')
      .execute()
    expect(held).toEqual([{ staff_id: teacher?.id, state: 'held' }])
  },
  STORY_MS,
)
