/**
 * What people ask for beyond a free slot, on the compiled bundles in the WeChat and the Alipay host:
 * the waiting list 候补 (B11), a party over several slots (B6), a time outside the offer (B5 X7).
 */
import { randomUUID } from 'node:crypto'
import type { TemplateName } from '@jiyue/contract/reminder'
import { addDays, dayOf, instantOf } from '@jiyue/contract/time'
import { sendDue } from '../../server/reminder/deliver.ts'
import { must, signIn, signInOwner, until } from '../world.ts'
import { BUILD_MS } from './build.ts'
import { JOURNEY_MS, type Journey, openJourney } from './journey.ts'

describe.each(['weapp', 'alipay'] as const)('%s', (host) => {
  let journey: Journey
  beforeAll(async () => {
    journey = await openJourney(host)
  }, BUILD_MS)
  afterAll(() => journey.close())
  afterEach(() => journey.hangUp())

  /** Somebody new who says yes to the host's messages, and which templates they were asked for. */
  async function phoneAsked() {
    const asked: string[][] = []
    const phone = await journey.phoneOf('pay', {
      onSubscribe(templates) {
        asked.push(templates)
        return true
      },
    })
    return { phone, asked }
  }

  /** Those they allowed, once the server knows. */
  const allowed = (template: TemplateName) =>
    until('the consent', () =>
      journey.world.database.db
        .selectFrom('consents')
        .select(['template', 'answer'])
        .where('template', '=', template)
        .where('host', '=', host)
        .executeTakeFirst(),
    )

  test(
    '约满的时段点一下加入候补，同时征得名额提醒的授权；有人取消时名额自动保留，接着报名',
    async () => {
      const slot = await journey.slot(617, { capacity: 1 })
      const rival = await signIn(journey.world)
      const params = { id: randomUUID() }
      await must(rival.call, 'putOrder', { params, body: { slotId: slot.id, party: 1 } })
      const { phone, asked } = await phoneAsked()
      await phone.tap('亲子沟通讲座')
      await phone.tap('明日')
      await phone.tap(slot.time)
      await phone.see('目前没有人候补，您将排在第一位')
      await phone.settled()
      await phone.tap('加入候补')
      await phone.see('您排在第一位')
      expect(await allowed('todo')).toEqual({ template: 'todo', answer: 'accept' })
      expect(asked.map((ids) => ids.length)).toEqual([1])
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
      await phone.see('时段已全部锁定，请依次完成报名')
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
    '自定义时段申请：提交时征得回复提醒的授权；商家另提时间，标签栏出现未读，读后消失，预约专属时段',
    async () => {
      const day = addDays(dayOf(Date.now()), 20)
      const { phone, asked } = await phoneAsked()
      await phone.tap('亲子沟通讲座')
      await phone.tap('申请自定义时段')
      await phone.choose('希望的日期', day)
      await phone.choose('开始时间', '10:30')
      await phone.type('备注', `${host} 希望安排在上午`)
      await phone.settled()
      await phone.tap('提交申请')
      await phone.see('待商家回复')
      expect(await allowed('booking')).toEqual({ template: 'booking', answer: 'accept' })
      expect(asked.map((ids) => ids.length)).toEqual([1])
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
      // The message about it is unread, on the tab bar of every tab page, until it is looked at.
      await sendDue(journey.world.parts)
      await phone.back()
      await phone.see('我的 · 1')
      await phone.tap('订单')
      await phone.see('我的 · 1')
      await phone.tap('我的')
      await phone.see('1 条未读')
      await phone.tap('消息')
      await phone.see('商家已回复您的申请')
      await phone.back()
      await phone.gone('1 条未读')
      await phone.gone('我的 · 1')
      await phone.tap('首页')
      await phone.tap('亲子沟通讲座')
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
