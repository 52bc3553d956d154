/**
 * Delivery info (facts 6.1): what a mini-program was paid for and has given is told to WeChat, once
 * is enough and lost answers do no harm; what WeChat does not take becomes an alarm.
 */
import { randomUUID } from 'node:crypto'
import type { Scene } from '@jiyue/contract/payment'
import { sql } from 'kysely'
import { lecture } from '../../server/demo/world.ts'
import { missUnattended } from '../../server/payment/complete.ts'
import { alarmDeliveries } from '../../server/payment/deliveryList.ts'
import { connectPlatforms } from '../../server/platforms/connect.ts'
import { deliverDue } from '../../server/sweep/sweep.ts'
import { newSlot } from '../races/setting.ts'
import {
  must,
  openWorld,
  payAtCashier,
  registeredOrder,
  signIn,
  signInOwner,
  until,
  type World,
} from '../world.ts'
import {
  arm,
  byId,
  hour,
  minute,
  openPayment,
  type Paid,
  paidOrder,
  pass,
  second,
  secondsTo,
} from './refundSetting.ts'

let world: World
/** What went over the wire to WeChat's open platform, as it went. */
let sent: { path: string; body: Record<string, unknown> }[] = []
beforeAll(async () => {
  world = await openWorld()
  world.parts.platforms = connectPlatforms(world.sandbox.credentials, { fetch: watched })
  await sql`insert into rules values ('ordersPerUser', 1000)`.execute(db())
})
afterAll(() => world.close())
afterEach(async () => {
  world.sandbox.admin.clearFaults()
  world.clock.aheadMs = 0
  await db().deleteFrom('deliveries').execute()
  sent = []
  jest.restoreAllMocks()
})

const db = () => world.database.db
const watched: typeof fetch = (input, init) => {
  const { pathname } = new URL(String(input))
  if (/(upload_shipping_info|stable_token)$/.test(pathname))
    sent.push({ path: pathname, body: JSON.parse(String(init?.body)) })
  return fetch(input, init)
}
const uploads = () => sent.filter(({ path }) => path.endsWith('upload_shipping_info'))
const rowsOf = (orderId: string) =>
  db()
    .selectFrom('deliveries')
    .innerJoin('payments', 'payments.id', 'deliveries.payment_id')
    .selectAll('deliveries')
    .where('payments.order_id', '=', orderId)
    .execute()
async function theRow({ order }: Paid) {
  const rows = await rowsOf(order.id)
  if (rows.length !== 1) throw new Error(`${rows.length} deliveries`)
  return rows[0] as (typeof rows)[number]
}
/** A session is short, and time passes here. */
const owner = async () => (await signInOwner(world)).call
const checkIn = async (orderId: string) =>
  must(await owner(), 'checkIn', { ...byId(orderId), body: { early: true } })
const listed = async () => (await must(await owner(), 'listDeliveries', {})).deliveries
/** Somebody came: their order is over, its delivery info is owed. */
async function given(): Promise<Paid> {
  const paid = await paidOrder(world, 'wechat')
  await checkIn(paid.order.id)
  await pass(world, second)
  return paid
}

describe('what is owed', () => {
  test('an order that is checked in owes it; WeChat gets our number, who paid, what and when', async () => {
    const paid = await given()
    expect(await theRow(paid)).toMatchObject({
      payment_id: paid.paymentId,
      state: 'waiting',
      tries: 0,
      sent_at: null,
    })
    await deliverDue(world.parts)
    const { subject } = await db()
      .selectFrom('identities')
      .select('subject')
      .where('user_id', '=', paid.person.userId)
      .executeTakeFirstOrThrow()
    expect(uploads().map(({ body }) => body)).toEqual([
      {
        order_key: {
          order_number_type: 1,
          mchid: world.sandbox.credentials.wechatPay.mchid,
          out_trade_no: paid.tradeNo,
        },
        // No branch, nothing handed over.
        logistics_type: 3,
        delivery_mode: 1,
        shipping_list: [{ item_desc: paid.order.service.name }],
        upload_time: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}\+08:00$/),
        payer: { openid: subject },
      },
    ])
    expect(await theRow(paid)).toMatchObject({
      state: 'sent',
      due_at: null,
      failure: null,
      sent_at: expect.any(Date),
    })
    expect(await listed()).toEqual([])
    await pass(world, 48 * hour)
    await deliverDue(world.parts)
    expect(uploads()).toHaveLength(1)
  })

  test('where people come to a branch it is told as picked up there', async () => {
    const paid = await paidOrder(world, 'wechat')
    await sql`update slots set branch_id = (select id from branches order by name limit 1)
      where id = ${paid.order.slot.id}`.execute(db())
    await checkIn(paid.order.id)
    await deliverDue(world.parts)
    expect(uploads()[0]?.body).toMatchObject({ logistics_type: 4 })
    expect((await theRow(paid)).state).toBe('sent')
  })

  test('an order whose person never came owes it too: its money is kept', async () => {
    const paid = await paidOrder(world, 'wechat')
    await sql`update slots set starts_at = starts_at - interval '30 days',
      ends_at = ends_at - interval '30 days', bookable_until = bookable_until - interval '30 days'
      where id = ${paid.order.slot.id}`.execute(db())
    await missUnattended(world.parts)
    expect((await must(paid.person.call, 'getOrder', byId(paid.order.id))).state).toBe('missed')
    expect(await theRow(paid)).toMatchObject({ state: 'waiting' })
  })

  test('cancelled late, a fee stays: it owes it, or WeChat would keep the fee frozen', async () => {
    const [late, early] = [await paidOrder(world, 'wechat'), await paidOrder(world, 'wechat')]
    await sql`update slots set starts_at = now() + interval '3 hours', ends_at = now() + interval '5 hours',
      bookable_until = now() + interval '3 hours' where id = ${late.order.slot.id}`.execute(db())
    for (const { person, order } of [late, early])
      await must(person.call, 'cancelOrder', byId(order.id))
    expect(await theRow(late)).toMatchObject({ state: 'waiting' })
    expect(await rowsOf(early.order.id)).toEqual([])
  })

  test('what is given back whole, free orders and Alipay owe nothing', async () => {
    const [alipay, refunded] = [await paidOrder(world, 'alipay'), await paidOrder(world, 'wechat')]
    await must(await owner(), 'putRefund', {
      ...byId(randomUUID()),
      body: { orderId: refunded.order.id, amountFen: refunded.payableFen, note: '活动取消' },
    })
    const slotId = await newSlot(db(), { serviceId: lecture, capacity: 9 })
    await db().updateTable('slots').set({ price_fen: 0 }).where('id', '=', slotId).execute()
    const person = await signIn(world)
    const free = await registeredOrder(person, slotId)
    const { params } = await openPayment(person, free.id, 'wechat')
    expect(params).toEqual({ way: 'none' })
    for (const id of [alipay.order.id, refunded.order.id, free.id]) {
      await checkIn(id)
      expect(await rowsOf(id)).toEqual([])
    }
  })

  test('WeChat paid outside the mini-program owes nothing: its list knows no such payment', async () => {
    const scene: Scene = 'desktop'
    const person = await signIn(world)
    const order = await registeredOrder(
      person,
      await newSlot(db(), { serviceId: lecture, capacity: 9 }),
    )
    const id = randomUUID()
    await must(person.call, 'createPayment', {
      ...byId(order.id),
      body: { id, method: 'wechat', scene },
    })
    expect(world.sandbox.admin.payLate('wechat', id.replaceAll('-', ''))).toBe(true)
    await until('confirmed', async () => {
      return (await must(person.call, 'getOrder', byId(order.id))).state === 'confirmed'
    })
    await checkIn(order.id)
    expect(await rowsOf(order.id)).toEqual([])
  })

  test('a moved order owes it for both its payments', async () => {
    const paid = await paidOrder(world, 'wechat')
    const slotId = await newSlot(db(), { serviceId: lecture, capacity: 9, startsIn: 96 })
    await db().updateTable('slots').set({ price_fen: 9900 }).where('id', '=', slotId).execute()
    const { dueFen, refundFen } = await must(paid.person.call, 'getMoveQuote', {
      ...byId(paid.order.id),
      query: { slotId },
    })
    const { move } = await must(paid.person.call, 'putMove', {
      ...byId(randomUUID()),
      body: { orderId: paid.order.id, slotId, dueFen, refundFen },
    })
    const more = await must(paid.person.call, 'createPayment', {
      ...byId(paid.order.id),
      body: { id: randomUUID(), method: 'wechat', scene: 'weapp', moveId: move.id },
    })
    await payAtCashier(world, more.params)
    await until('moved', async () => {
      const { slot } = await must(paid.person.call, 'getOrder', byId(paid.order.id))
      return slot.id === slotId
    })
    await checkIn(paid.order.id)
    await pass(world, second)
    await deliverDue(world.parts)
    const rows = await rowsOf(paid.order.id)
    expect(rows.map(({ payment_id }) => payment_id).sort()).toEqual(
      [paid.paymentId, more.id].sort(),
    )
    expect(rows.map(({ state }) => state)).toEqual(['sent', 'sent'])
  })
})

test('order and duty are written together: without the one there is not the other', async () => {
  const paid = await paidOrder(world, 'wechat')
  await sql`create function no_room() returns trigger language plpgsql as
    $$ begin raise exception 'no room'; end $$`.execute(db())
  await sql`create trigger no_room before insert on deliveries
    for each row execute function no_room()`.execute(db())
  const refused = await (await owner())('checkIn', {
    ...byId(paid.order.id),
    body: { early: true },
  })
  await sql`drop function no_room cascade`.execute(db())
  expect(refused).toMatchObject({ ok: false, code: 'internal' })
  const state = async () => (await must(paid.person.call, 'getOrder', byId(paid.order.id))).state
  expect([await state(), await rowsOf(paid.order.id)]).toEqual(['confirmed', []])
  await checkIn(paid.order.id)
  expect([await state(), await rowsOf(paid.order.id)]).toMatchObject(['completed', [{}]])
})

describe('what goes wrong', () => {
  test('WeChat has not heard of the payment yet: again in half a minute, slower after that', async () => {
    const paid = await given()
    arm(world, 'wechat.shipping', 'notYet')
    const waits: (number | null)[] = []
    for (let turns = 0; turns < 8; turns++) {
      await deliverDue(world.parts)
      const row = await theRow(paid)
      expect(row).toMatchObject({
        state: 'waiting',
        tries: turns + 1,
        failure: '10060001 支付单不存在',
      })
      waits.push(secondsTo(world, row.due_at))
      await pass(world, (waits.at(-1) ?? 0) * second + second)
    }
    expect(waits).toEqual([30, 60, 60, 300, 600, 1800, 3600, 3600])
    world.sandbox.admin.clearFaults()
    await deliverDue(world.parts)
    expect(await theRow(paid)).toMatchObject({ state: 'sent', failure: null })
  })

  test.each(['busy', 'status500'])('%s: again later, nothing is lost', async (fault) => {
    const paid = await given()
    arm(world, 'wechat.shipping', fault, 1)
    await deliverDue(world.parts)
    expect((await theRow(paid)).state).toBe('waiting')
    await pass(world, minute)
    await deliverDue(world.parts)
    expect((await theRow(paid)).state).toBe('sent')
  })

  test('its answer is lost, once or twice: WeChat has it, and it ends as told', async () => {
    for (const losses of [1, 2]) {
      sent = []
      const paid = await given()
      arm(world, 'wechat.shipping', 'dropAfterCommit', losses)
      for (let turns = 0; turns <= losses; turns++) {
        await deliverDue(world.parts)
        await pass(world, 2 * minute)
      }
      expect(uploads()).toHaveLength(losses + 1)
      expect(await theRow(paid)).toMatchObject({ state: 'sent', failure: null })
    }
  })

  test('the token was replaced elsewhere: renewed once, in the same turn', async () => {
    // A fresh token, three days from now, that nobody has used up yet.
    await given()
    await pass(world, 72 * hour)
    await deliverDue(world.parts)
    world.clock.aheadMs = 0
    const paid = await given()
    await pass(world, 72 * hour + minute)
    const { appid, secret } = world.sandbox.credentials.wechat
    const forced = await fetch(`${world.sandbox.url}/cgi-bin/stable_token`, {
      method: 'POST',
      body: JSON.stringify({
        grant_type: 'client_credential',
        appid,
        secret,
        force_refresh: true,
      }),
      headers: { 'content-type': 'application/json' },
    })
    expect(await forced.json()).toMatchObject({ access_token: expect.any(String) })
    sent = []
    await deliverDue(world.parts)
    expect(sent.map(({ path }) => path)).toEqual([
      '/wxa/sec/order/upload_shipping_info',
      '/cgi-bin/stable_token',
      '/wxa/sec/order/upload_shipping_info',
    ])
    expect((await theRow(paid)).state).toBe('sent')
  })

  test('refused for good: waits for a person, who sets it right and has it uploaded again', async () => {
    const logged = jest.spyOn(world.parts.log, 'error')
    const paid = await given()
    const { userId } = paid.person
    const { subject } = await db()
      .selectFrom('identities')
      .select('subject')
      .where('user_id', '=', userId)
      .executeTakeFirstOrThrow()
    const set = (to: string) =>
      db().updateTable('identities').set({ subject: to }).where('user_id', '=', userId).execute()
    await set('oSomebodyElse')
    await deliverDue(world.parts)
    expect(await theRow(paid)).toMatchObject({ state: 'failed', due_at: null })
    expect(await listed()).toMatchObject([
      {
        id: paid.paymentId,
        orderId: paid.order.id,
        orderNumber: paid.order.number,
        serviceName: paid.order.service.name,
        amountFen: paid.payableFen,
        state: 'failed',
        failure: '10060003 支付者与支付单不一致',
        tries: 1,
        late: false,
      },
    ])
    expect(logged).toHaveBeenCalledWith(
      expect.objectContaining({ payment: paid.paymentId, code: '10060003' }),
      expect.stringContaining('a person is needed'),
    )
    await pass(world, 24 * hour)
    await deliverDue(world.parts)
    expect(uploads()).toHaveLength(1)
    await set(subject)
    await must(await owner(), 'retryDelivery', byId(paid.paymentId))
    await deliverDue(world.parts)
    expect((await theRow(paid)).state).toBe('sent')
    // Tapped once more, it stays told.
    await must(await owner(), 'retryDelivery', byId(paid.paymentId))
    await deliverDue(world.parts)
    expect(uploads()).toHaveLength(2)
  })

  test('who paid is not known any more: a person is needed, nothing is sent', async () => {
    const paid = await given()
    await db().deleteFrom('identities').where('user_id', '=', paid.person.userId).execute()
    await deliverDue(world.parts)
    expect(await theRow(paid)).toMatchObject({
      state: 'failed',
      failure: 'no_payer openid unknown',
    })
    expect(uploads()).toEqual([])
  })

  test('several processes share the work: each payment is uploaded once', async () => {
    const all = [await given(), await given(), await given()]
    await Promise.all([deliverDue(world.parts), deliverDue(world.parts), deliverDue(world.parts)])
    expect(uploads()).toHaveLength(all.length)
    for (const paid of all) expect((await theRow(paid)).state).toBe('sent')
  })
})

test('older than the rule it is late: marked, counted, and logged as an error until it is told', async () => {
  const logged = jest.spyOn(world.parts.log, 'error')
  const gauge = async () =>
    /^jiyue_deliveries_late (\d+)$/m.exec(await (await fetch(`${world.url}/metrics`)).text())?.[1]
  const paid = await given()
  arm(world, 'wechat.shipping', 'notYet')
  await deliverDue(world.parts)
  await pass(world, 23 * hour)
  expect([await alarmDeliveries(world.parts), await gauge()]).toEqual([0, '0'])
  expect(await listed()).toMatchObject([{ late: false }])
  await pass(world, 2 * hour)
  expect([await alarmDeliveries(world.parts), await gauge()]).toEqual([1, '1'])
  expect(await listed()).toMatchObject([{ id: paid.paymentId, state: 'waiting', late: true }])
  expect(logged).toHaveBeenCalledWith(
    { count: 1, oldest: (await theRow(paid)).since },
    expect.stringContaining('late'),
  )
  world.sandbox.admin.clearFaults()
  await deliverDue(world.parts)
  expect([await alarmDeliveries(world.parts), await gauge()]).toEqual([0, '0'])
  expect(logged).toHaveBeenCalledTimes(1)
})
