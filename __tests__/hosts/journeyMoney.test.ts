/** After the first payment, on the compiled bundles: moving, proofs, receipts (B9 P9 P10 P11). */
import { readFileSync } from 'node:fs'
import path from 'node:path'
import { sql } from 'kysely'
import { must, signInOwner, until } from '../world.ts'
import { BUILD_MS } from './build.ts'
import { JOURNEY_MS, type Journey, openJourney } from './journey.ts'
import type { OpenedApp } from './openApp.ts'

/** Any real JPEG will do as a screenshot; the server looks at the bytes, not at what they show. */
const screenshot = readFileSync(
  path.join(__dirname, '../../server/demo/photos/lecture-1.large.jpg'),
)

describe.each(['weapp', 'alipay'] as const)('%s', (host) => {
  let journey: Journey
  beforeAll(async () => {
    journey = await openJourney(host)
  }, BUILD_MS)
  afterAll(() => journey.close())
  afterEach(() => journey.hangUp())

  const db = () => journey.world.database.db

  /** Paid, and on the order's page. */
  async function paid(phone: OpenedApp, time: string): Promise<void> {
    await journey.hold(phone, time)
    await journey.fillForm(phone)
    await phone.tap('提交报名')
    await phone.at('pages/payment/index')
    await phone.tap(`${journey.wallet} ¥49`)
    await phone.see('缴费成功')
    await phone.tap('查看订单')
    await phone.see('改期与取消')
  }

  const orderAt = (slotId: string) =>
    db()
      .selectFrom('orders')
      .select(['id', 'state', 'payable_fen'])
      .where('slot_id', '=', slotId)
      .executeTakeFirst()

  test(
    '改到便宜的时段：先看到规则和差额，确认后回到订单页，退款进度看得到',
    async () => {
      // Free by the rule, whatever the hour: the service's own rule is a day.
      await sql`insert into rules values ('cancelFreeHours', 0) on conflict (key) do update set value = 0`.execute(
        db(),
      )
      const from = await journey.slot(613)
      const to = await journey.slot(673, { priceFen: 3000 })
      const phone = await journey.phoneOf()
      await paid(phone, from.time)
      await phone.see('可免费改期')
      const { depth } = phone.page()
      await phone.tap('改期', 1)
      await phone.at('pages/move/index')
      await phone.tap('明日')
      await phone.see('当前时段')
      await phone.tap(to.time)
      await phone.see('将退回 ¥39')
      await phone.tap('下一步')
      await phone.see('确认后立即改期，差额原路退回')
      await phone.tap('确认改期', 1)
      await phone.at('pages/order/index')
      await phone.see('改期成功')
      await phone.see('退款进度')
      await phone.see('改期退还差价')
      await phone.see('¥39')
      await phone.see(to.time)
      // Back on the page it came from, not on a second one above it.
      expect(phone.page().depth).toBe(depth)
      expect(await orderAt(to.id)).toMatchObject({ state: 'confirmed', payable_fen: 1000 })
      expect(await orderAt(from.id)).toBeUndefined()
    },
    JOURNEY_MS,
  )

  test(
    '改到更贵的时段：在钱包里补差价，成功后立即改期',
    async () => {
      const from = await journey.slot(733)
      const to = await journey.slot(793, { priceFen: 9900 })
      const phone = await journey.phoneOf()
      await paid(phone, from.time)
      await phone.tap('改期', 1)
      await phone.tap('明日')
      await phone.tap(to.time)
      await phone.see('需补差价 ¥30')
      await phone.tap('下一步')
      await phone.see('补差价支付成功后立即改期')
      await phone.tap('去补差价 ¥30')
      await phone.at('pages/payment/index')
      await phone.tap(`${journey.wallet} ¥30`)
      await phone.at('pages/order/index')
      await phone.see('改期成功')
      await phone.see(to.time)
      expect(await orderAt(to.id)).toMatchObject({ state: 'confirmed', payable_fen: 7900 })
    },
    JOURNEY_MS,
  )

  test(
    '钱包里取消补差价：原预约不变，可以放弃改期',
    async () => {
      const from = await journey.slot(853)
      const to = await journey.slot(913, { priceFen: 9900 })
      let outcome: 'pay' | 'cancel' = 'pay'
      const phone = await journey.phoneOf(() => outcome)
      await paid(phone, from.time)
      outcome = 'cancel'
      await phone.tap('改期', 1)
      await phone.tap('明日')
      await phone.tap(to.time)
      await phone.see('需补差价 ¥30')
      await phone.tap('下一步')
      await phone.tap('去补差价 ¥30')
      await phone.tap(`${journey.wallet} ¥30`)
      await phone.see('支付已取消，原预约不变')
      await phone.tap('放弃改期')
      await phone.at('pages/order/index')
      await phone.see('已放弃改期，原预约不变')
      await phone.see('改期与取消')
      await phone.gone('改期待补差价')
      expect(await orderAt(from.id)).toMatchObject({ state: 'confirmed' })
      expect(await orderAt(to.id)).toBeUndefined()
    },
    JOURNEY_MS,
  )

  test(
    '取消预约：金额先说清楚，退款看得到',
    async () => {
      const slot = await journey.slot(1093)
      const phone = await journey.phoneOf()
      await paid(phone, slot.time)
      await phone.see('现在取消免费，将原路退回 ¥49')
      await phone.tap('取消预约')
      await phone.see('确定取消预约？')
      await phone.tap('确定取消')
      await phone.see('退款进度')
      await phone.see('取消预约退款')
      await phone.see('已提交退款，预计 3 个工作日内原路退回')
      expect(await orderAt(slot.id)).toMatchObject({ state: 'cancelled' })
    },
    JOURNEY_MS,
  )

  test(
    '已付款未确认：选截图上传，审核中；未通过看到原因；通过后预约成立',
    async () => {
      const slot = await journey.slot(973)
      const phone = await journey.phoneOf('cancel', { onChoosePicture: () => screenshot })
      await journey.hold(phone, slot.time)
      await journey.fillForm(phone)
      await phone.tap('提交报名')
      await phone.tap(`${journey.wallet} ¥49`)
      await phone.see('支付已取消')
      const order = await orderAt(slot.id)
      await sql`update payments set created_at = created_at - interval '11 minutes' where order_id = ${order?.id}`.execute(
        db(),
      )
      await phone.kill(`pages/order/index?id=${order?.id}`)
      await phone.see('已付款但未确认？')
      await phone.tap('上传支付凭证')
      await phone.at('pages/payment/proof')
      await phone.see('49.00')
      await phone.tap('提交凭证')
      await phone.see('请先选择支付账单的截图')
      await phone.tap('选择截图')
      await phone.see('更换截图')
      await phone.tap('提交凭证')
      await phone.at('pages/order/index')
      await phone.see('凭证已提交，商家核对后会通知您')
      await phone.see('审核中')
      const proof = await db()
        .selectFrom('proofs')
        .selectAll()
        .where('order_id', '=', order?.id ?? '')
        .executeTakeFirstOrThrow()
      expect(proof).toMatchObject({ paid_fen: 4900, state: 'submitted' })
      const owner = await signInOwner(journey.world)
      await must(owner.call, 'putDecision', {
        params: { id: proof.id },
        body: { decision: 'approve', paidFen: 4900, transactionId: null, reason: '' },
      })
      await phone.see('已预约')
      await phone.see('已通过')
    },
    JOURNEY_MS,
  )

  test(
    '下载支付凭证：取回 PDF 并打开；凭证码可在小程序里核对',
    async () => {
      const slot = await journey.slot(1033)
      const opened: { bytes: Buffer; type: string }[] = []
      const phone = await journey.phoneOf('pay', { onOpenDocument: (one) => opened.push(one) })
      await paid(phone, slot.time)
      await phone.tap('下载支付凭证')
      await until('the document', async () => opened.length > 0)
      expect(opened.map(({ type }) => type)).toEqual(['pdf'])
      expect(opened[0]?.bytes.subarray(0, 5).toString()).toBe('%PDF-')
      const order = await orderAt(slot.id)
      const { code } = await db()
        .selectFrom('receipts')
        .select('code')
        .where('order_id', '=', order?.id ?? '')
        .executeTakeFirstOrThrow()
      await phone.kill('pages/receipt/index')
      await phone.type('例如 7K2M 9PQR 3XYZ 4ABC', code.toLowerCase())
      await phone.tap('验证')
      await phone.see('凭证有效')
      await phone.see('上海禾悦生活服务有限公司')
    },
    JOURNEY_MS,
  )
})
