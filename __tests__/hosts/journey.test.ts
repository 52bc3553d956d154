/**
 * The main story on the compiled bundles: from home to 缴费成功, in the WeChat and the Alipay host,
 * against the real server and the sandbox. The wallet pays at the sandbox's cashier.
 */
import { randomUUID } from 'node:crypto'
import { addDays, clockText, dayOf, instantOf } from '@jiyue/contract/time'
import { lecture } from '../../server/demo/world.ts'
import {
  lectureAnswers,
  must,
  openWorld,
  registeredOrder,
  signIn,
  signInOwner,
  until,
  type World,
} from '../world.ts'
import { BUILD_MS, builtFront } from './build.ts'
import { type OpenedApp, openApp } from './openApp.ts'

/** Long enough for a whole journey on a busy machine. */
const JOURNEY_MS = 90_000

describe.each(['weapp', 'alipay'] as const)('%s', (host) => {
  let dist: string
  let world: World

  beforeAll(async () => {
    dist = await builtFront(host)
    world = await openWorld()
  }, BUILD_MS)
  afterAll(() => world.close())
  afterEach(() => {
    for (const phone of phones.splice(0)) phone.close()
  })

  const phones: OpenedApp[] = []
  const wallet = { weapp: '微信支付', alipay: '支付宝' }[host]

  /** A phone of a new person; `outcome` is what they do in the wallet. */
  async function phoneOf(outcome: 'pay' | 'cancel' = 'pay'): Promise<OpenedApp> {
    const person = randomUUID()
    const phone = await openApp({
      host,
      dist,
      api: world.url,
      loginCode: () => world.sandbox.admin.code(host, person),
      onPay: (params) => pay(params, outcome),
    })
    phones.push(phone)
    return phone
  }

  async function pay(params: Record<string, string>, outcome: 'pay' | 'cancel') {
    const { url } = world.sandbox
    const cashier = { weapp: '/cashier/wechat/jsapi/pay', alipay: '/cashier/alipay/pay' }[host]
    const appid = world.sandbox.credentials.wechat.appid
    const response = await fetch(url + cashier, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ ...params, appid, outcome }),
    })
    if (!response.ok) throw new Error(`cashier: ${response.status} ${await response.text()}`)
    return outcome === 'pay' ? 'paid' : 'cancelled'
  }

  /** A lecture tomorrow at a time no other slot has. */
  async function tomorrowsSlot(minute: number, capacity = 3) {
    const day = addDays(dayOf(Date.now()), 1)
    await world.database.db
      .updateTable('days')
      .set({ open: true, by_merchant: true })
      .where('day', '=', day)
      .execute()
    const startsAt = instantOf(day, minute)
    const id = randomUUID()
    const owner = await signInOwner(world)
    await must(owner.call, 'putSlot', {
      params: { id },
      body: {
        serviceId: lecture,
        startsAt: new Date(startsAt).toISOString(),
        endsAt: new Date(startsAt + 3_600_000).toISOString(),
        capacity,
        staffId: null,
        branchId: null,
      },
    })
    return { id, time: `${clockText(startsAt)}–${clockText(startsAt + 3_600_000)}` }
  }

  async function holdSlot(phone: OpenedApp, time: string): Promise<void> {
    await phone.tap('亲子沟通讲座')
    await phone.tap('明日')
    await phone.tap(time)
    await phone.tap('立即预约')
    await phone.see('取消规则')
    await phone.tap('确认预约', 1)
    await phone.see('预约时段已锁定，15 分钟内完成报名即可保留，报名后有 30 分钟缴费时间')
  }

  async function fillForm(phone: OpenedApp, answers = lectureAnswers()): Promise<void> {
    await phone.type('姓名', answers.name)
    await phone.type('手机号', answers.phone)
    await phone.type('身份证号', answers.idCard)
    await phone.tap(answers.age)
  }

  test(
    '从首页到缴费成功',
    async () => {
      const slot = await tomorrowsSlot(613)
      const phone = await phoneOf()
      await phone.see('亲子沟通讲座')
      await holdSlot(phone, slot.time)
      await fillForm(phone)
      await phone.tap('提交报名')
      await phone.at('pages/payment/index')
      await phone.see('新人立减')
      await phone.see('¥49')
      await phone.see('支付过程加密，信息不会泄露')
      await phone.tap(`${wallet} ¥49`)
      await phone.see('缴费成功')
      await phone.see('上海禾悦生活服务有限公司')
      await phone.tap('查看订单')
      await phone.see('已预约')
      const order = await world.database.db
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
      const slot = await tomorrowsSlot(733)
      const phone = await phoneOf()
      await holdSlot(phone, slot.time)
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
    '填到一半被系统关闭，再打开从原处继续，一个字不丢',
    async () => {
      const slot = await tomorrowsSlot(853)
      const phone = await phoneOf()
      await holdSlot(phone, slot.time)
      await phone.type('姓名', '周小棠')
      await phone.kill()
      await phone.see('继续报名')
      await phone.tap('继续报名')
      await phone.see('周小棠')
      await fillForm(phone)
      await phone.tap('提交报名')
      await phone.at('pages/payment/index')
    },
    JOURNEY_MS,
  )

  test(
    '钱包里取消，名额仍在，可再次支付',
    async () => {
      const slot = await tomorrowsSlot(973)
      const phone = await phoneOf('cancel')
      await holdSlot(phone, slot.time)
      await fillForm(phone)
      await phone.tap('提交报名')
      await phone.tap(`${wallet} ¥49`)
      await phone.see('支付已取消')
      const { state } = await world.database.db
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
      const slot = await tomorrowsSlot(1033)
      const phone = await phoneOf()
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
      const orders = await world.database.db
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
      const slot = await tomorrowsSlot(1093, 1)
      const phone = await phoneOf()
      await phone.tap('亲子沟通讲座')
      await phone.tap('明日')
      await phone.see(slot.time)
      const rival = await signIn(world)
      await registeredOrder(rival, slot.id)
      await phone.see('已约满')
    },
    JOURNEY_MS,
  )

  test(
    '名额过期，回到选时段，填过的内容还在',
    async () => {
      const [first, second] = [await tomorrowsSlot(1153), await tomorrowsSlot(1213)]
      const phone = await phoneOf()
      await holdSlot(phone, first.time)
      await phone.type('姓名', '何一诺')
      await world.database.db
        .updateTable('orders')
        .set({ held_until: new Date() })
        .where('slot_id', '=', first.id)
        .execute()
      await phone.kill()
      await until('expired', async () => {
        const row = await world.database.db
          .selectFrom('orders')
          .select('held_until')
          .where('slot_id', '=', first.id)
          .executeTakeFirst()
        return row !== undefined && (row.held_until === null || row.held_until <= new Date())
      })
      const order = await world.database.db
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
