/**
 * What people ask for beyond a free slot, on the compiled bundles in the WeChat and the Alipay host:
 * the waiting list 候补 (B11), a party over several slots (B6), a time outside the offer (B5 X7).
 */
import { randomUUID } from 'node:crypto'
import { addDays, dayOf, instantOf } from '@jiyue/contract/time'
import { must, signIn, signInOwner } from '../world.ts'
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
    '约满的时段点一下加入候补，有人取消时名额自动保留，接着报名',
    async () => {
      const slot = await journey.slot(617, { capacity: 1 })
      const rival = await signIn(journey.world)
      const params = { id: randomUUID() }
      await must(rival.call, 'putOrder', { params, body: { slotId: slot.id, party: 1 } })
      const phone = await journey.phoneOf()
      await phone.tap('亲子沟通讲座')
      await phone.tap('明日')
      await phone.tap(slot.time)
      await phone.see('目前没有人候补，您将排在第一位')
      await phone.tap('加入候补')
      await phone.see('您排在第一位')
      // The system ends the app; the place is the server's.
      await phone.kill()
      await phone.tap('订单')
      await phone.see('候补中')
      await must(rival.call, 'cancelOrder', { params })
      await phone.tap('继续报名')
      await phone.at('pages/registration/index')
      await phone.see('名额已为您保留')
    },
    JOURNEY_MS,
  )

  test(
    '多人同行：人数超出时一次预约两个时段，全部锁定',
    async () => {
      const near = await journey.slot(677, { capacity: 3 })
      const next = await journey.slot(737, { capacity: 2 })
      const phone = await journey.phoneOf()
      await phone.tap('亲子沟通讲座')
      await phone.tap('明日')
      await phone.tap(near.time)
      await phone.type('同行人数', '5')
      await phone.see('人数超出限制，建议分时段预约')
      await phone.tap('一次预约以上 2 个时段')
      await phone.tap('全部预约')
      await phone.at('pages/orders/index')
      await phone.see('继续报名')
      const rows = await journey.world.database.db
        .selectFrom('orders')
        .select(['slot_id', 'party', 'state'])
        .where('slot_id', 'in', [near.id, next.id])
        .orderBy('party', 'desc')
        .execute()
      expect(rows).toEqual([
        { slot_id: near.id, party: 3, state: 'held' },
        { slot_id: next.id, party: 2, state: 'held' },
      ])
    },
    JOURNEY_MS,
  )

  test(
    '自定义时段申请：商家另提时间，页面立即看到，预约专属时段',
    async () => {
      const day = addDays(dayOf(Date.now()), 20)
      const phone = await journey.phoneOf()
      await phone.tap('亲子沟通讲座')
      await phone.tap('申请自定义时段')
      await phone.choose('希望的日期', day)
      await phone.choose('开始时间', '10:30')
      await phone.type('备注', `${host} 希望安排在上午`)
      await phone.tap('提交申请')
      await phone.see('待商家回复')
      const { call } = await signInOwner(journey.world)
      const { negotiations } = await must(call, 'listConsoleNegotiations', {})
      const [mine] = negotiations
      expect(mine).toMatchObject({
        note: `${host} 希望安排在上午`,
        startsAt: new Date(instantOf(day, 630)).toISOString(),
      })
      const slotId = randomUUID()
      await must(call, 'putNegotiationAnswer', {
        params: { id: mine?.id ?? '' },
        body: {
          answer: 'offer',
          slotId,
          startsAt: new Date(instantOf(day, 840)).toISOString(),
          endsAt: new Date(instantOf(day, 960)).toISOString(),
          staffId: null,
          branchId: null,
          roomId: null,
          priceFen: null,
          reason: '下午可以',
        },
      })
      await phone.see('商家提议其他时间')
      await phone.tap('预约此时段')
      await phone.tap('确认预约', 1)
      await phone.at('pages/registration/index')
      const order = await journey.world.database.db
        .selectFrom('orders')
        .select('state')
        .where('slot_id', '=', slotId)
        .executeTakeFirstOrThrow()
      expect(order.state).toBe('held')
    },
    JOURNEY_MS,
  )
})
