/**
 * The main story on the compiled bundles: from home to 缴费成功, in the WeChat and the Alipay host,
 * against the real server and the sandbox. The wallet pays at the sandbox's cashier.
 */
import { registeredOrder, signIn, until } from '../world.ts'
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
    '从首页到缴费成功',
    async () => {
      const slot = await journey.slot(613)
      const phone = await journey.phoneOf()
      await phone.see('亲子沟通讲座')
      await journey.hold(phone, slot.time)
      await journey.fillForm(phone)
      await phone.tap('提交报名')
      await phone.at('pages/payment/index')
      await phone.see('新人立减')
      await phone.see('¥49')
      await phone.see('支付过程加密，信息不会泄露')
      await phone.tap(`${journey.wallet} ¥49`)
      await phone.see('缴费成功')
      await phone.see('上海禾悦生活服务有限公司')
      await phone.tap('查看订单')
      await phone.see('已预约')
      const order = await journey.world.database.db
        .selectFrom('orders')
        .selectAll()
        .where('slot_id', '=', slot.id)
        .executeTakeFirstOrThrow()
      expect(order).toMatchObject({ state: 'confirmed', payable_fen: 4900 })
    },
    JOURNEY_MS,
  )

  test(
    '填错就地提示，改对即消失',
    async () => {
      const slot = await journey.slot(733)
      const phone = await journey.phoneOf()
      await journey.hold(phone, slot.time)
      await phone.type('手机号', '1380013')
      await phone.see('请输入 11 位有效手机号')
      await phone.type('身份证号', '110105194912310021')
      await phone.see('请输入有效身份证号')
      await phone.type('手机号', '138 0013 8000')
      await phone.gone('请输入 11 位有效手机号')
    },
    JOURNEY_MS,
  )

  test(
    '填到一半离开或被系统关闭，再打开从原处继续，一个字不丢',
    async () => {
      const slot = await journey.slot(853)
      const phone = await journey.phoneOf()
      await journey.hold(phone, slot.time)
      await phone.type('姓名', '周小棠')
      phone.back()
      await phone.see('您的报名信息已保存，下次进入可继续填写')
      await phone.tap('继续报名')
      await phone.see('周小棠')
      await phone.kill()
      await phone.see('继续报名')
      await phone.tap('继续报名')
      await phone.see('周小棠')
      await journey.fillForm(phone)
      await phone.tap('提交报名')
      await phone.at('pages/payment/index')
    },
    JOURNEY_MS,
  )

  test(
    '钱包里取消，名额仍在，可再次支付',
    async () => {
      const slot = await journey.slot(973)
      const phone = await journey.phoneOf('cancel')
      await journey.hold(phone, slot.time)
      await journey.fillForm(phone)
      await phone.tap('提交报名')
      await phone.tap(`${journey.wallet} ¥49`)
      await phone.see('支付已取消')
      const { state } = await journey.world.database.db
        .selectFrom('orders')
        .select('state')
        .where('slot_id', '=', slot.id)
        .executeTakeFirstOrThrow()
      expect(state).toBe('registered')
    },
    JOURNEY_MS,
  )

  test(
    '断网时点确认，恢复后只有一个订单',
    async () => {
      const slot = await journey.slot(1033)
      const phone = await journey.phoneOf()
      await phone.tap('亲子沟通讲座')
      await phone.tap('明日')
      await phone.tap(slot.time)
      await phone.tap('立即预约')
      await phone.see('取消规则')
      phone.network(false)
      await phone.tap('确认预约', 1)
      await phone.see('网络信号弱，正在努力加载中')
      phone.network(true)
      await phone.at('pages/registration/index')
      const orders = await journey.world.database.db
        .selectFrom('orders')
        .select('id')
        .where('slot_id', '=', slot.id)
        .execute()
      expect(orders).toHaveLength(1)
    },
    JOURNEY_MS,
  )

  test(
    '别人抢走最后一席，屏幕立刻变为已约满',
    async () => {
      const slot = await journey.slot(1093, { capacity: 1 })
      const phone = await journey.phoneOf()
      await phone.tap('亲子沟通讲座')
      await phone.tap('明日')
      await phone.see(slot.time)
      const rival = await signIn(journey.world)
      await registeredOrder(rival, slot.id)
      await phone.see('已约满')
    },
    JOURNEY_MS,
  )

  test(
    '名额过期，回到选时段，填过的内容还在',
    async () => {
      const [first, second] = [await journey.slot(1153), await journey.slot(1213)]
      const phone = await journey.phoneOf()
      await journey.hold(phone, first.time)
      await phone.type('姓名', '何一诺')
      await journey.world.database.db
        .updateTable('orders')
        .set({ held_until: new Date() })
        .where('slot_id', '=', first.id)
        .execute()
      await phone.kill()
      await until('expired', async () => {
        const row = await journey.world.database.db
          .selectFrom('orders')
          .select('held_until')
          .where('slot_id', '=', first.id)
          .executeTakeFirst()
        return row !== undefined && (row.held_until === null || row.held_until <= new Date())
      })
      const order = await journey.world.database.db
        .selectFrom('orders')
        .select('id')
        .where('slot_id', '=', first.id)
        .executeTakeFirstOrThrow()
      await phone.kill(`pages/registration/index?id=${order.id}`)
      await phone.see('该时段已失效，请重新选择时段')
      await phone.tap('重新选择时段')
      await phone.tap('明日')
      await phone.tap(second.time)
      await phone.tap('立即预约')
      await phone.tap('确认预约', 1)
      await phone.see('何一诺')
    },
    JOURNEY_MS,
  )
})
