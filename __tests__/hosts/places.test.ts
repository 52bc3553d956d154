/**
 * On-site services on the compiled bundles (B3): whether they come to a place is said before booking,
 * by the host's own map; the staff member is chosen, and booked once.
 */
import { randomUUID } from 'node:crypto'
import { addDays, clockText, dayOf, instantOf } from '@jiyue/contract/time'
import { cleaning, staff } from '../../server/demo/world.ts'
import { mapAnswers, openAnswer } from '../../server/registration/answers.ts'
import { must, signInOwner, somePhone } from '../world.ts'
import { BUILD_MS } from './build.ts'
import { JOURNEY_MS, type Journey, openJourney } from './journey.ts'

const near = {
  name: '龙华会',
  address: '上海市龙腾大道 2001 号',
  latitude: 31.18,
  longitude: 121.46,
}
const far = { name: '陈家镇', address: '上海市崇明区陈家镇', latitude: 31.52, longitude: 121.83 }

/** A cleaning of one staff member tomorrow, at a time no other slot of theirs has. */
async function slotOf({ world }: Journey, staffId: string, minute: number) {
  const day = addDays(dayOf(Date.now()), 1)
  const { db } = world.database
  await db
    .updateTable('days')
    .set({ open: true, by_merchant: true })
    .where('day', '=', day)
    .execute()
  await db.deleteFrom('slots').where('staff_id', '=', staffId).execute()
  const startsAt = instantOf(day, minute)
  const [from, to] = [startsAt, startsAt + 3_600_000]
  const owner = await signInOwner(world)
  const at = { startsAt: new Date(from).toISOString(), endsAt: new Date(to).toISOString() }
  const body = { serviceId: cleaning, ...at, capacity: 1, staffId, branchId: null }
  await must(owner.call, 'putSlot', { params: { id: randomUUID() }, body })
  return `${clockText(from)}–${clockText(to)}`
}

describe.each(['weapp', 'alipay'] as const)('%s', (host) => {
  let journey: Journey
  beforeAll(async () => {
    journey = await openJourney(host)
  }, BUILD_MS)
  afterAll(() => journey.close())
  afterEach(() => journey.hangUp())

  test(
    '上门服务：在地图上选地址，先知道能不能上门；指定服务人员，约好后这个人不再可约',
    async () => {
      const liu = staff.find(({ name }) => name === '刘芳')?.id as string
      const time = await slotOf(journey, liu, 619)
      let place: typeof near | null = null
      const phone = await journey.phoneOf('pay', { onChoosePlace: () => place })
      await phone.tap('家庭保洁')
      await phone.type('输入您所在的区或地址', '崇明区')
      await phone.see('不在所列的区；门店附近也可上门，请在地图上选择确认')
      // The map closed without a choice changes nothing.
      await phone.tap('在地图上选择')
      await phone.settled()
      await phone.see('不在所列的区')
      place = far
      await phone.tap('在地图上选择')
      await phone.see('该地址不在服务范围内，请更换地址')
      place = near
      await phone.tap('在地图上选择')
      await phone.see('距徐汇店 2.4 公里，在服务范围内，可上门')

      await phone.tap('明日')
      await phone.tap('刘芳')
      await phone.tap(time)
      await phone.tap('立即预约')
      await phone.see('取消规则')
      await phone.tap('确认预约', 1)
      await phone.at('pages/registration/index')
      await phone.type('联系人', '王晓')
      await phone.type('手机号', somePhone())
      place = far
      await phone.tap('在地图上选择')
      await phone.see('该地址不在服务范围内，请更换地址')
      place = near
      await phone.tap('在地图上选择')
      await phone.see('距徐汇店 2.4 公里')
      await phone.tap('下一步')
      await phone.tap('60–120 ㎡')
      await phone.tap('提交报名')
      await phone.at('pages/payment/index')

      const { db } = journey.world.database
      const order = await db
        .selectFrom('orders')
        .innerJoin('slots', 'slots.id', 'orders.slot_id')
        .innerJoin('registrations', 'registrations.order_id', 'orders.id')
        .select(['staff_id', 'taken', 'answers'])
        .where('staff_id', '=', liu)
        .executeTakeFirstOrThrow()
      expect(order.taken).toBe(1)
      const { name, latitude, longitude } = near
      const { seal } = journey.world.parts
      const answers = mapAnswers(order.answers, (value) => openAnswer(seal, value))
      expect(answers.address).toEqual({
        region: [],
        detail: '上海市龙腾大道 2001 号 龙华会',
        spot: { name, latitude, longitude },
      })

      const other = await journey.phoneOf()
      await other.tap('家庭保洁')
      await other.tap('明日')
      await other.tap('刘芳')
      await other.see('已约满')
    },
    JOURNEY_MS,
  )
})
