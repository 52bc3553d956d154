/**
 * Messages on the compiled bundles (B8 B10): the host's own messages by consent, the question of the
 * day before, the code for the desk.
 */
import { randomUUID } from 'node:crypto'
import { sendDue } from '../../server/reminder/deliver.ts'
import { must, signInOwner, until } from '../world.ts'
import { BUILD_MS } from './build.ts'
import { JOURNEY_MS, type Journey, openJourney } from './journey.ts'

describe.each(['weapp', 'alipay'] as const)('%s', (host) => {
  let journey: Journey
  beforeAll(async () => {
    journey = await openJourney(host)
  }, BUILD_MS)
  afterAll(() => journey.close())
  afterEach(() => journey.hangUp())

  const db = () => journey.world.database.db

  /** Somebody pays for a lecture; asked whether we may write, they say yes to the platform. */
  async function paid(minute: number) {
    const { admin } = journey.world.sandbox
    const person = randomUUID()
    const asked: string[][] = []
    const slot = await journey.slot(minute)
    const phone = await journey.phoneOf('pay', {
      loginCode: () => admin.code(host, person),
      onSubscribe(templates) {
        asked.push(templates)
        for (const id of templates) admin.consent(person, id, host)
        return true
      },
    })
    await journey.hold(phone, slot.time)
    await journey.fillForm(phone)
    await phone.tap('提交报名')
    await phone.see(`${journey.wallet} ¥49`)
    // Which templates may be asked for is read by then; a faster tap pays unasked.
    await phone.settled()
    await phone.tap(`${journey.wallet} ¥49`)
    await phone.see('缴费成功')
    const order = await db()
      .selectFrom('orders')
      .select(['id', 'user_id', 'slot_id'])
      .where('slot_id', '=', slot.id)
      .executeTakeFirstOrThrow()
    return { phone, order, person, asked }
  }

  /** The day before has come, whatever the hour of this run is. */
  async function remindNow(order: { id: string; user_id: string; slot_id: string }) {
    await db()
      .insertInto('reminders')
      .values({
        id: randomUUID(),
        user_id: order.user_id,
        order_id: order.id,
        slot_id: order.slot_id,
        kind: 'day_before',
        once: `${order.id} ${order.slot_id}`,
        due_at: new Date(),
      })
      .onConflict((conflict) =>
        conflict.columns(['kind', 'once', 'user_id']).doUpdateSet({ due_at: new Date() }),
      )
      .execute()
    await sendDue(journey.world.parts)
  }

  test(
    '支付后征得订阅授权，前一天收到平台消息，打开订单即可确认参与',
    async () => {
      const { phone, order, person, asked } = await paid(1290)
      await until('three consents', async () => {
        const rows = await db()
          .selectFrom('consents')
          .select('template')
          .where('user_id', '=', order.user_id)
          .where('answer', '=', 'accept')
          .execute()
        return rows.length === 3
      })
      expect(asked.map((ids) => ids.length)).toEqual([3])
      await phone.tap('查看订单')
      await phone.see('核销码')
      await remindNow(order)
      const told = journey.world.sandbox.admin.outbox(person)
      expect(told.map(({ channel }) => channel)).toContain(host === 'weapp' ? 'wechat' : 'alipay')
      expect(told.some(({ text }) => text.includes('请点击确认参与或取消'))).toBe(true)
      await phone.see('是否确认参与？')
      await phone.tap('确认参与')
      await phone.see('您已确认参与，请按时到场')
    },
    JOURNEY_MS,
  )

  test(
    '前一天的提醒里说不参加：看清退款再取消，名额放开，钱原路退回',
    async () => {
      const { phone, order } = await paid(1300)
      await phone.tap('查看订单')
      await phone.see('核销码')
      await remindNow(order)
      await phone.see('是否确认参与？')
      await phone.tap('不参加了')
      await phone.see('确定取消预约？')
      await phone.tap('确定取消')
      await phone.see('已取消')
      const { taken } = await db()
        .selectFrom('slots')
        .select('taken')
        .where('id', '=', order.slot_id)
        .executeTakeFirstOrThrow()
      const refund = await db()
        .selectFrom('refunds')
        .innerJoin('payments', 'payments.id', 'refunds.payment_id')
        .select(['refunds.amount_fen', 'refunds.reason'])
        .where('payments.order_id', '=', order.id)
        .executeTakeFirstOrThrow()
      // How much goes back depends on the hour of this run: the rule's own tests say it.
      expect([taken, refund.reason, refund.amount_fen > 0]).toEqual([0, 'cancelled', true])
    },
    JOURNEY_MS,
  )

  test(
    '出示核销码，前台核销后页面自己变为已完成',
    async () => {
      const { phone, order } = await paid(1310)
      await phone.tap('查看订单')
      await phone.see('核销码')
      const { code } = await until('the code', () =>
        db()
          .selectFrom('check_in_codes')
          .select('code')
          .where('order_id', '=', order.id)
          .executeTakeFirst(),
      )
      await phone.see(`${code.slice(0, 4)} ${code.slice(4)}`)
      const { call: owner } = await signInOwner(journey.world)
      const found = await must(owner, 'findCheckIn', { params: { code } })
      expect(found.order.id).toBe(order.id)
      await must(owner, 'checkIn', { params: { id: order.id }, body: { early: true } })
      await phone.see('服务已完成，感谢您的信任')
    },
    JOURNEY_MS,
  )
})
