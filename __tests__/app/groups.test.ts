/** A party that no single slot holds, booked over several by one tap, as people see it (B6). */
import { randomUUID } from 'node:crypto'
import { lecture } from '../../server/demo/world.ts'
import { BUILD_MS } from '../hosts/build.ts'
import { must, signIn } from '../world.ts'
import {
  openService,
  openStreet,
  type Passer,
  type Size,
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

/** Five people before two slots that hold three and two, to the sheet that books both. */
async function fiveBefore(size: Size, hour: number) {
  const passer = await street.passer(size)
  const { page } = passer
  const near = await street.slot(lecture, hour, 3)
  const next = await street.slot(lecture, hour + 1, 2)
  await openService(street, passer, lecture)
  await (await tileOf(page, near)).click()
  const party = page.getByRole('textbox', { name: /同行人数/ }).or(page.getByLabel(/同行人数，人/))
  await party.first().fill('5')
  await party.first().blur()
  await page.getByText('人数超出限制，建议分时段预约').waitFor()
  await page.getByText('一次预约以上 2 个时段').scrollIntoViewIfNeeded()
  await shoot(page, 'group-hint')
  await page.getByText('一次预约以上 2 个时段').click()
  await page.getByText('确认预约 2 个时段').waitFor()
  await shoot(page, 'group-confirm')
  return { passer, page, near, next }
}

async function seatsOf({ phone }: Passer, ...slots: { id: string }[]): Promise<number[]> {
  const rows = await street.world.database.db
    .selectFrom('orders')
    .innerJoin('users', 'users.id', 'orders.user_id')
    .select(['orders.slot_id', 'orders.party'])
    .where('users.phone_index', '=', street.world.parts.seal.index('phone', phone))
    .where('orders.state', '=', 'held')
    .execute()
  return slots.map(({ id }) => rows.find(({ slot_id }) => slot_id === id)?.party ?? 0)
}

test(
  '多人同行：人数超出时一次预约两个时段，全部锁定，订单页依次继续报名',
  async () => {
    const { passer, page, near, next } = await fiveBefore('phone', 3)
    await page.getByRole('button', { name: '全部预约' }).click()
    await signInBySms(street, passer)
    await heard(page, '时段已全部锁定，请依次完成报名')
    await page.getByRole('button', { name: '继续报名' }).nth(1).waitFor()
    await shoot(page, 'group-orders')
    expect(await seatsOf(passer, near, next)).toEqual([3, 2])
  },
  STORY_MS,
)

test(
  '确认前其中一个时段被约满：一个也不锁定，说明原因',
  async () => {
    const { passer, page, near, next } = await fiveBefore('tablet', 5)
    const rival = await signIn(street.world)
    await must(rival.call, 'putOrder', {
      params: { id: randomUUID() },
      body: { slotId: next.id, party: 2 },
    })
    await page.getByRole('button', { name: '全部预约' }).click()
    await signInBySms(street, passer)
    await page.getByText('该时段已约满，请选择其他时段').waitFor()
    await shoot(page, 'group-refused')
    expect(await seatsOf(passer, near, next)).toEqual([0, 0])
  },
  STORY_MS,
)
