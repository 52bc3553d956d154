/**
 * A world with phones of one host in it: the compiled bundle, the real server, the sandbox as the
 * vendor. `openJourney(host)` in beforeAll, `close()` in afterAll, `hangUp()` after each test.
 */
import { randomUUID } from 'node:crypto'
import { setTimeout as pause } from 'node:timers/promises'
import { addDays, clockText, dayOf, instantOf } from '@jiyue/contract/time'
import { lecture } from '../../server/demo/world.ts'
import { lectureAnswers, must, openWorld, signInOwner, type World } from '../world.ts'
import { builtFront } from './build.ts'
import type { Outside } from './device.ts'
import { type OpenedApp, openApp } from './openApp.ts'

/** Long enough for a whole journey on a busy machine. */
export const JOURNEY_MS = 180_000

export type JourneyHost = 'weapp' | 'alipay'

type Outcome = 'pay' | 'cancel'

export interface Journey {
  world: World
  /** The compiled front. */
  dist: string
  /** What the pay button says. */
  wallet: string
  /** A phone of a new person; `outcome` is what they do in the wallet. */
  phoneOf(outcome?: Outcome | (() => Outcome), outside?: Outside): Promise<OpenedApp>
  /** A lecture tomorrow (or later) at a time no other slot has. */
  slot(
    minute: number,
    more?: { capacity?: number; priceFen?: number; inDays?: number },
  ): Promise<{ id: string; time: string }>
  /** Home to the registration of a held slot of tomorrow. */
  hold(phone: OpenedApp, time: string): Promise<void>
  fillForm(phone: OpenedApp, answers?: ReturnType<typeof lectureAnswers>): Promise<void>
  hangUp(): void
  close(): Promise<void>
}

export async function openJourney(host: JourneyHost): Promise<Journey> {
  const dist = await builtFront(host)
  const world = await openWorld()
  const phones: OpenedApp[] = []

  async function pay(params: Record<string, string>, outcome: Outcome) {
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

  return {
    world,
    dist,
    wallet: { weapp: '微信支付', alipay: '支付宝' }[host],

    async phoneOf(outcome = 'pay', outside = {}) {
      const person = randomUUID()
      const phone = await openApp({
        host,
        dist,
        api: world.url,
        loginCode: () => world.sandbox.admin.code(host, person),
        onPay: (params) => pay(params, typeof outcome === 'function' ? outcome() : outcome),
        ...outside,
      })
      phones.push(phone)
      return phone
    },

    async slot(minute, { capacity = 3, priceFen, inDays = 1 } = {}) {
      await clearOfMidnight()
      const day = addDays(dayOf(Date.now()), inDays)
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
          ...(priceFen !== undefined && { priceFen }),
        },
      })
      return { id, time: `${clockText(startsAt)}–${clockText(startsAt + 3_600_000)}` }
    },

    async hold(phone, time) {
      await phone.tap('亲子沟通讲座')
      await phone.tap('明日')
      await phone.tap(time)
      await phone.tap('立即预约')
      await phone.see('取消规则')
      await phone.tap('确认预约', 1)
      await phone.see('预约时段已锁定，15 分钟内完成报名即可保留，报名后有 30 分钟缴费时间')
    },

    async fillForm(phone, answers = lectureAnswers()) {
      await phone.type('姓名', answers.name)
      await phone.type('手机号', answers.phone)
      await phone.type('身份证号', answers.idCard)
      await phone.tap(answers.age)
    },

    hangUp() {
      for (const phone of phones.splice(0)) phone.close()
    },
    close: () => world.close(),
  }
}

/** Lets midnight pass where it is near: 明日 must be the same day when the phone taps it. */
async function clearOfMidnight(): Promise<void> {
  const left = instantOf(addDays(dayOf(Date.now()), 1)) - Date.now()
  if (left < 40_000) await pause(left)
}
