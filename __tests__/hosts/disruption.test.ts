/** 紧急通知 on the compiled bundles (M9): the order hears it, leads to the choices, and moves for free. */
import { randomUUID } from 'node:crypto'
import { endDisrupted, tellDisrupted } from '../../server/disruption/follow.ts'
import { must, signInOwner } from '../world.ts'
import { BUILD_MS } from './build.ts'
import { JOURNEY_MS, type Journey, openJourney } from './journey.ts'

describe.each(['weapp', 'alipay'] as const)('%s', (host) => {
  let journey: Journey
  beforeAll(async () => {
    journey = await openJourney(host)
  }, BUILD_MS)
  afterAll(() => journey.close())
  afterEach(() => journey.hangUp())

  test(
    '时段取消后订单页自己提示，选另一时段改期，不收费用',
    async () => {
      const { db } = journey.world.database
      const slot = await journey.slot(1290)
      const choice = await journey.slot(1130, { inDays: 2 })
      const phone = await journey.phoneOf('pay')
      await journey.hold(phone, slot.time)
      await journey.fillForm(phone)
      await phone.tap('提交报名')
      await phone.tap(`${journey.wallet} ¥49`)
      await phone.see('缴费成功')
      await phone.tap('查看订单')
      await phone.see('预约已生效，请按时参加')
      const { call: owner } = await signInOwner(journey.world)
      await must(owner, 'putDisruption', {
        params: { id: randomUUID() },
        body: {
          slotIds: [slot.id],
          reason: '讲师突发疾病',
          note: null,
          choiceIds: [choice.id],
          fallback: 'refund',
          deadlineAt: new Date(Date.now() + 1_800_000).toISOString(),
          coupon: null,
        },
      })
      await tellDisrupted(journey.world.parts)
      await endDisrupted(journey.world.parts)
      await phone.tap('查看并选择')
      await phone.see('该时段无法提供服务')
      await phone.tap('余 3 个名额')
      // What it costs is asked first; the button waits for that.
      await phone.settled()
      await phone.tap('改到此时段')
      await phone.see('确认后立即改期')
      await phone.tap('确认改期', 1)
      await phone.see('改期成功')
      await phone.see('预约已生效，请按时参加')
      const order = await db
        .selectFrom('orders')
        .select(['state', 'slot_id'])
        .where('slot_id', '=', choice.id)
        .executeTakeFirst()
      expect(order).toEqual({ state: 'confirmed', slot_id: choice.id })
    },
    JOURNEY_MS,
  )
})
