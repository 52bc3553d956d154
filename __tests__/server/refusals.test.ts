/**
 * Every refusal of every endpoint, over real HTTP. The names are `<endpoint> refuses <code>`; the
 * last test fails when contract/api.ts declares a code that has none. Newer areas have their rows in
 * `refusals/<area>.ts`, on the setting of `refusals/setting.ts`; an endpoint's harmless input stands
 * in `refusals/inputs.ts`.
 */
import { randomUUID } from 'node:crypto'
import { PassThrough } from 'node:stream'
import { type Endpoint, type EndpointName, endpoints, everywhere } from '@jiyue/contract/api'
import type { RefusalCode } from '@jiyue/contract/refusals'
import { type Input, wire } from '@jiyue/contract/schema/wire'
import { sql } from 'kysely'
import { pino } from 'pino'
import { buildApp } from '../../server/app.ts'
import { openPool } from '../../server/db/pool.ts'
import { cleaning, lecture, loft, staff, venue } from '../../server/demo/world.ts'
import { freshDatabase } from '../db.ts'
import { newSlot } from '../races/setting.ts'
import { lectureAnswers, must, send, signIn, somePhone, type World } from '../world.ts'
import { auditorRefusals } from './refusals/auditor.ts'
import { billsRefusals } from './refusals/bills.ts'
import { byHandRefusals } from './refusals/byHand.ts'
import { contactRefusals } from './refusals/contacts.ts'
import { disruptionRefusals } from './refusals/disruptions.ts'
import { feedbackRefusals } from './refusals/feedback.ts'
import { formRefusals } from './refusals/forms.ts'
import { funnelRefusals } from './refusals/funnel.ts'
import { groupRefusals } from './refusals/groups.ts'
import { someInput, wish, wrongParams } from './refusals/inputs.ts'
import { messagesRefusals } from './refusals/messages.ts'
import { movesRefusals } from './refusals/moves.ts'
import { negotiationRefusals } from './refusals/negotiations.ts'
import { peopleRefusals } from './refusals/people.ts'
import { privacyRefusals } from './refusals/privacy.ts'
import { proofsRefusals } from './refusals/proofs.ts'
import { queueRefusals } from './refusals/queue.ts'
import { receiptsRefusals } from './refusals/receipts.ts'
import { refundsRefusals } from './refusals/refunds.ts'
import { resourceRefusals } from './refusals/resources.ts'
import { scheduleRefusals } from './refusals/schedules.ts'
import {
  ask,
  byId,
  cancelled,
  confirmed,
  db,
  endsIn,
  expectRefusal,
  heldOrder,
  hour,
  mei,
  owner,
  pay,
  paying,
  proven,
  type Refusing,
  refuses,
  registered,
  submit,
  take,
  wechat,
  world,
} from './refusals/setting.ts'
import { slotRefusals } from './refusals/slots.ts'
import { waitRefusals } from './refusals/waits.ts'
import { wordingRefusals } from './refusals/wording.ts'

describe('signing in', () => {
  refuses('createSession', 'code_wrong', () =>
    ask(null, 'createSession', { body: { host: 'h5', phone: somePhone(), code: '123456' } }),
  )
  refuses('createSession', 'sign_in_failed', () =>
    ask(null, 'createSession', { body: { host: 'weapp', code: 'nobody gave this' } }),
  )
  refuses('createConsoleSession', 'password_wrong', () =>
    ask(null, 'createConsoleSession', { body: { name: 'owner', password: '猜一下' } }),
  )
})

describe('booking', () => {
  const someDay = { from: '2026-10-01', to: '2026-10-02' }
  refuses('getService', 'not_found', () => ask(null, 'getService', byId()))
  refuses('listSlots', 'not_found', () => ask(null, 'listSlots', { ...byId(), query: someDay }))

  refuses('putOrder', 'order_id_reused', async () => {
    const slotId = await newSlot(db(), { serviceId: lecture, capacity: 9 })
    return take(mei, slotId, 1, await heldOrder(mei))
  })
  refuses('putOrder', 'slot_gone', () => take(mei, randomUUID()))
  refuses('putOrder', 'slot_past', async () =>
    take(mei, await newSlot(db(), { serviceId: lecture, capacity: 9, startsIn: -1 })),
  )
  refuses('putOrder', 'slot_closed', async () => take(mei, await closedSlot()))
  refuses('putOrder', 'party_invalid', async () =>
    take(mei, await newSlot(db(), { serviceId: lecture, capacity: 9 }), 6),
  )
  refuses('putOrder', 'limit_reached', async () =>
    limited(await newSlot(db(), { serviceId: lecture, capacity: 9 })),
  )
  refuses('putOrder', 'held_too_often', async () => {
    const person = await signIn(world)
    const slotId = await newSlot(db(), { serviceId: lecture, capacity: 9 })
    for (let times = 0; times < 5; times++) {
      const { params } = byId()
      await must(person.call, 'putOrder', { params, body: { slotId, party: 1 } })
      await must(person.call, 'cancelOrder', { params })
    }
    return take(person, slotId)
  })
  refuses('putOrder', 'staff_busy', async () => take(mei, await busySlot()))
  refuses('putOrder', 'room_busy', async () => take(mei, await occupiedSlot()))
  refuses('putOrder', 'slot_full', async () => take(mei, await fullSlot()))
  refuses('putOrder', 'party_too_large', async () =>
    take(mei, await newSlot(db(), { serviceId: lecture, capacity: 3 }), 4),
  )
})

async function closedSlot(startsIn?: number): Promise<string> {
  const id = await newSlot(db(), { serviceId: lecture, capacity: 9, ...(startsIn && { startsIn }) })
  await sql`update slots set closed_reason = '讲师请假' where id = ${id}`.execute(db())
  return id
}

/** Somebody whose one allowed order is taken asks for `slot`. */
async function limited(slot: string, party = 1): Promise<Refusing> {
  const person = await signIn(world)
  await heldOrder(person)
  await sql`update rules set value = 1 where key = 'ordersPerUser'`.execute(db())
  try {
    return await take(person, slot, party)
  } finally {
    await sql`update rules set value = 1000 where key = 'ordersPerUser'`.execute(db())
  }
}

let days = 4
/** A slot whose staff member another service has taken at that hour. */
async function busySlot(capacity = 9): Promise<string> {
  const staffId = staff.find((one) => one.serviceIds.length === 2)?.id as string
  days += 1
  const startsIn = days * 24
  const other = await newSlot(db(), { serviceId: venue, capacity: 60, staffId, startsIn })
  const slot = await newSlot(db(), {
    serviceId: lecture,
    capacity,
    staffId,
    startsIn: startsIn + 1,
  })
  const { params } = byId()
  await must((await signIn(world)).call, 'putOrder', { params, body: { slotId: other, party: 8 } })
  return slot
}

/** A slot whose room another service has taken at that hour. */
async function occupiedSlot(capacity = 9, staffId?: string): Promise<string> {
  days += 1
  const startsIn = days * 24
  const roomId = loft
  const other = await newSlot(db(), { serviceId: venue, capacity: 60, roomId, startsIn })
  const slot = await newSlot(db(), {
    serviceId: lecture,
    capacity,
    roomId,
    ...(staffId && { staffId }),
    startsIn: startsIn + 1,
  })
  const { params } = byId()
  await must((await signIn(world)).call, 'putOrder', { params, body: { slotId: other, party: 8 } })
  return slot
}

/** As `occupiedSlot`, and its staff member is taken at that hour as well. */
async function busyAndOccupied(): Promise<string> {
  const staffId = staff.find((one) => one.serviceIds.length === 2)?.id as string
  const slot = await occupiedSlot(9, staffId)
  const elsewhere = await newSlot(db(), {
    serviceId: venue,
    capacity: 60,
    staffId,
    startsIn: days * 24 + 1,
  })
  await must((await signIn(world)).call, 'putOrder', {
    ...byId(),
    body: { slotId: elsewhere, party: 8 },
  })
  return slot
}

async function fullSlot(capacity = 1): Promise<string> {
  const slotId = await newSlot(db(), { serviceId: lecture, capacity })
  await must((await signIn(world)).call, 'putOrder', {
    ...byId(),
    body: { slotId, party: capacity },
  })
  return slotId
}

describe('orders', () => {
  refuses('getOrder', 'not_found', () => ask(mei.token, 'getOrder', byId()))
  refuses('cancelOrder', 'not_found', () => ask(mei.token, 'cancelOrder', byId()))
  refuses('cancelOrder', 'order_state', async () => {
    const id = await heldOrder(mei)
    await endsIn(id, 0)
    return ask(mei.token, 'cancelOrder', byId(id))
  })
  refuses('cancelOrder', 'payment_pending', async () => {
    const { orderId } = await paying(mei)
    world.sandbox.admin.fault('wechat.close', 'status500', null)
    return ask(mei.token, 'cancelOrder', byId(orderId))
  })
  const called = { reason: '恶意占位', refund: 'whole' as const }
  const callOff = (id: string = randomUUID()) =>
    ask(owner.token, 'putCancellation', { ...byId(id), body: called })
  refuses('putCancellation', 'not_found', () => callOff())
  refuses('putCancellation', 'order_state', async () => {
    const id = await heldOrder(mei)
    await endsIn(id, 0)
    return callOff(id)
  })
  refuses('putCancellation', 'payment_pending', async () => {
    const { orderId } = await paying(mei)
    world.sandbox.admin.fault('wechat.close', 'status500', null)
    return callOff(orderId)
  })
})

describe('registration', () => {
  const draft = { values: {}, step: 0 }
  refuses('getDraft', 'not_found', () => ask(mei.token, 'getDraft', byId()))
  refuses('putDraft', 'not_found', () => ask(mei.token, 'putDraft', { ...byId(), body: draft }))
  refuses('putDraft', 'order_state', async () =>
    ask(mei.token, 'putDraft', { ...byId(await registered(mei)), body: draft }),
  )
  refuses('putRegistration', 'not_found', () => submit(mei, randomUUID()))
  refuses('putRegistration', 'form_changed', async () =>
    ask(mei.token, 'putRegistration', {
      ...byId(await heldOrder(mei)),
      body: { formVersion: 2, values: lectureAnswers() },
    }),
  )
  refuses('putRegistration', 'invalid_fields', async () =>
    submit(mei, await heldOrder(mei), { ...lectureAnswers(), phone: '123' }),
  )
  refuses('putRegistration', 'outside_area', async () =>
    submit(mei, await heldOrder(mei, cleaning), farAway),
  )
  refuses('putRegistration', 'hold_expired', async () => {
    const id = await heldOrder(mei)
    await endsIn(id, 0)
    return submit(mei, id)
  })
  refuses('putRegistration', 'order_state', async () => submit(mei, await cancelled(mei)))
  refuses('putRegistration', 'already_registered', async () => {
    const { second, answers } = await samePhoneTwice()
    return submit(mei, second, answers)
  })
})

const farAway = {
  name: '王女士',
  phone: '13900001111',
  address: { region: ['上海市', '上海市', '崇明区'], detail: '陈家镇 1 号' },
  size: '60 ㎡ 以下',
}

/** Two held orders of one slot, the first registered with `answers`. */
async function samePhoneTwice() {
  const slotId = await newSlot(db(), { serviceId: lecture, capacity: 9 })
  const [first, second] = [byId().params.id, byId().params.id]
  for (const id of [first, second])
    await must(mei.call, 'putOrder', { ...byId(id), body: { slotId, party: 1 } })
  const answers = lectureAnswers()
  const body = { formVersion: 1, values: answers }
  await must(mei.call, 'putRegistration', { ...byId(first), body })
  return { second, answers }
}

describe('payment', () => {
  refuses('createPayment', 'not_found', () => pay(mei, randomUUID()))
  refuses('createPayment', 'payment_id_reused', async () => {
    const { payment } = await paying(mei)
    return pay(mei, await registered(mei), wechat(payment.id))
  })
  refuses('createPayment', 'not_registered', async () => pay(mei, await heldOrder(mei)))
  refuses('createPayment', 'already_paid', async () => pay(mei, await confirmed(mei)))
  refuses('createPayment', 'hold_expired', async () => {
    const id = await registered(mei)
    await endsIn(id, 0)
    return pay(mei, id)
  })
  refuses('createPayment', 'order_state', async () => pay(mei, await cancelled(mei)))
  refuses('createPayment', 'payment_too_late', async () => {
    const id = await registered(mei)
    await endsIn(id, 30_000) // the seat still waits for the provider's last word
    return pay(mei, id)
  })
  refuses('createPayment', 'method_not_offered', async () =>
    pay(mei, await registered(mei), { id: randomUUID(), method: 'alipay', scene: 'weapp' }),
  )
  refuses('createPayment', 'payment_pending', async () => {
    const { orderId } = await paying(mei)
    world.sandbox.admin.fault('wechat.close', 'status500', null)
    return pay(mei, orderId)
  })
  refuses('createPayment', 'gateway_refused', async () => {
    const [orderId, id] = [await registered(mei), randomUUID()]
    await useUpTradeNo(id)
    return pay(mei, orderId, wechat(id))
  })
  refuses('createPayment', 'unavailable', async () => {
    const orderId = await registered(mei)
    world.sandbox.admin.fault('wechat.order', 'status500', null)
    return pay(mei, orderId)
  })
  refuses('getPayment', 'not_found', () => ask(mei.token, 'getPayment', byId()))
})

/** The provider knows a trade of this number with another amount already, so it refuses ours. */
async function useUpTradeNo(paymentId: string): Promise<void> {
  const opened = await world.parts.gateways.wechat.prepare(
    {
      tradeNo: paymentId.replaceAll('-', ''),
      amountFen: 1,
      description: '别的交易',
      expiresAt: new Date(Date.now() + hour),
      scene: 'desktop',
      clientIp: '127.0.0.1',
    },
    new Date(),
  )
  expect(opened.ok).toBe(true)
}

describe('console', () => {
  refuses('getConsoleOrder', 'not_found', () => ask(owner.token, 'getConsoleOrder', byId()))
  refuses('checkIn', 'not_found', () =>
    ask(owner.token, 'checkIn', { ...byId(), body: { early: false } }),
  )
  refuses('checkIn', 'order_state', async () =>
    ask(owner.token, 'checkIn', { ...byId(await heldOrder(mei)), body: { early: false } }),
  )
  refuses('putSlot', 'slot_id_reused', async () => {
    const id = await newSlot(db(), { serviceId: lecture, capacity: 1 })
    return addSlot(wish(), id)
  })
  refuses('putSlot', 'invalid_fields', () => addSlot(wish({ startsIn: -2 })))
  refuses('putSlot', 'not_found', () => addSlot({ ...wish(), serviceId: randomUUID() }))
  refuses('putSlot', 'slot_overlaps', async () => {
    const staffId = lecturer()
    await newSlot(db(), { serviceId: lecture, capacity: 1, staffId, startsIn: 900 })
    return addSlot({ ...wish({ startsIn: 901 }), staffId })
  })
  refuses('putCapacity', 'not_found', () =>
    ask(owner.token, 'putCapacity', { ...byId(), body: { capacity: 2 } }),
  )
  refuses('putCapacity', 'capacity_taken', async () =>
    ask(owner.token, 'putCapacity', { ...byId(await fullSlot(2)), body: { capacity: 1 } }),
  )
  refuses('putClosure', 'not_found', () =>
    ask(owner.token, 'putClosure', { ...byId(), body: { reason: '讲师请假' } }),
  )
  refuses('deleteClosure', 'not_found', () => ask(owner.token, 'deleteClosure', byId()))
})

const lecturer = () => staff.find((one) => one.serviceIds[0] === lecture)?.id as string

const addSlot = (body: Input<'putSlot'>['body'], id: string = randomUUID()) =>
  ask(owner.token, 'putSlot', { ...byId(id), body })

describe('where two apply, the earlier in the contract answers', () => {
  const rows: [EndpointName, RefusalCode, RefusalCode, () => Promise<Refusing>][] = [
    [
      'putOrder',
      'order_id_reused',
      'slot_gone',
      async () => take(mei, randomUUID(), 1, await heldOrder(mei)),
    ],
    ['putOrder', 'slot_past', 'slot_closed', async () => take(mei, await closedSlot(-1))],
    ['putOrder', 'slot_closed', 'party_invalid', async () => take(mei, await closedSlot(), 6)],
    ['putOrder', 'party_invalid', 'limit_reached', async () => limited(await fullSlot(), 6)],
    ['putOrder', 'limit_reached', 'staff_busy', async () => limited(await busySlot())],
    ['putOrder', 'limit_reached', 'slot_full', async () => limited(await fullSlot())],
    ['putOrder', 'staff_busy', 'party_too_large', async () => take(mei, await busySlot(1), 2)],
    ['putOrder', 'staff_busy', 'room_busy', async () => take(mei, await busyAndOccupied())],
    ['putOrder', 'room_busy', 'party_too_large', async () => take(mei, await occupiedSlot(1), 2)],
    ['putOrder', 'slot_full', 'party_too_large', async () => take(mei, await fullSlot(), 2)],
    [
      'putRegistration',
      'form_changed',
      'invalid_fields',
      async () =>
        ask(mei.token, 'putRegistration', {
          ...byId(await heldOrder(mei)),
          body: { formVersion: 2, values: {} },
        }),
    ],
    [
      'putRegistration',
      'invalid_fields',
      'outside_area',
      async () => submit(mei, await heldOrder(mei, cleaning), { ...farAway, phone: '1' }),
    ],
    [
      'putRegistration',
      'outside_area',
      'hold_expired',
      async () => {
        const id = await heldOrder(mei, cleaning)
        await endsIn(id, 0)
        return submit(mei, id, farAway)
      },
    ],
    [
      'putRegistration',
      'hold_expired',
      'already_registered',
      async () => {
        const { second, answers } = await samePhoneTwice()
        await endsIn(second, 0)
        return submit(mei, second, answers)
      },
    ],
    [
      'putRegistration',
      'order_state',
      'already_registered',
      async () => {
        const { second, answers } = await samePhoneTwice()
        await must(mei.call, 'cancelOrder', byId(second))
        return submit(mei, second, answers)
      },
    ],
    [
      'createPayment',
      'payment_id_reused',
      'not_registered',
      async () => {
        const { payment } = await paying(mei)
        return pay(mei, await heldOrder(mei), wechat(payment.id))
      },
    ],
    [
      'createPayment',
      'not_registered',
      'method_not_offered',
      async () =>
        pay(mei, await heldOrder(mei), { id: randomUUID(), method: 'alipay', scene: 'weapp' }),
    ],
    [
      'createPayment',
      'payment_too_late',
      'method_not_offered',
      async () => {
        const id = await registered(mei)
        await endsIn(id, 30_000)
        return pay(mei, id, { id: randomUUID(), method: 'alipay', scene: 'weapp' })
      },
    ],
    [
      'createPayment',
      'payment_too_late',
      'payment_pending',
      async () => {
        const { orderId } = await paying(mei)
        await endsIn(orderId, 30_000)
        world.sandbox.admin.fault('wechat.close', 'status500', null)
        return pay(mei, orderId)
      },
    ],
    [
      'createPayment',
      'method_not_offered',
      'payment_pending',
      async () => {
        const { orderId } = await paying(mei)
        world.sandbox.admin.fault('wechat.close', 'status500', null)
        return pay(mei, orderId, { id: randomUUID(), method: 'alipay', scene: 'weapp' })
      },
    ],
    [
      'cancelOrder',
      'order_state',
      'payment_pending',
      async () => {
        const { orderId } = await paying(mei)
        await endsIn(orderId, 0)
        world.sandbox.admin.fault('wechat.close', 'status500', null)
        return ask(mei.token, 'cancelOrder', byId(orderId))
      },
    ],
    [
      'putSlot',
      'slot_id_reused',
      'invalid_fields',
      async () =>
        addSlot(wish({ startsIn: -2 }), await newSlot(db(), { serviceId: lecture, capacity: 1 })),
    ],
    [
      'putSlot',
      'invalid_fields',
      'not_found',
      () => addSlot({ ...wish({ startsIn: -2 }), serviceId: randomUUID() }),
    ],
    [
      'putSlot',
      'not_found',
      'slot_overlaps',
      async () => {
        const staffId = lecturer()
        await newSlot(db(), { serviceId: lecture, capacity: 1, staffId, startsIn: 950 })
        return addSlot({ ...wish({ startsIn: 950 }), staffId, branchId: randomUUID() })
      },
    ],
  ]

  test.each(rows)('%s: %s before %s', async (name, first, second, how) => {
    const declared = endpoints[name].refusals as readonly RefusalCode[]
    expect(declared.indexOf(first)).toBeLessThan(declared.indexOf(second))
    expectRefusal(await how(), first)
  })
})

describe('the queue', queueRefusals)
describe('the waiting list', waitRefusals)
describe('what messages say', wordingRefusals)
describe('a group', groupRefusals)
describe('times outside the offer', negotiationRefusals)
describe('the disruption desk', disruptionRefusals)
describe('what people tell', feedbackRefusals)
describe('the funnel', funnelRefusals)

describe('money after the first payment', () => {
  peopleRefusals()
  movesRefusals()
  proofsRefusals()
  receiptsRefusals()
  refundsRefusals()
  byHandRefusals()
  billsRefusals()
})

describe('the auditor', auditorRefusals)

describe('forms and what fills them', () => {
  formRefusals()
  contactRefusals()
  privacyRefusals()
})

describe('messages', () => {
  messagesRefusals()
})

describe('moving slots', slotRefusals)

describe('schedules', () => {
  scheduleRefusals()
  resourceRefusals()
})

/** What it answers stands in the settings of the process. */
const withoutDatabase: readonly EndpointName[] = ['getWechatSignIn']

const names = Object.keys(endpoints) as EndpointName[]
const guarded = names.filter((name) => endpoints[name].who !== 'anyone')
const withBody = names.filter((name) => 'body' in wire[name])
const askAny = (token: string | null, name: EndpointName, url?: string, more: object = {}) =>
  ask(token, name, { ...someInput(name), ...more } as never, url)
const tokenFor = (name: EndpointName) =>
  ({ anyone: null, user: mei.token, merchant: owner.token })[endpoints[name].who]
const tokenAgainst = (name: EndpointName) =>
  endpoints[name].who === 'user' ? owner.token : mei.token

describe('who calls', () => {
  for (const name of guarded) {
    refuses(name, 'unauthenticated', () => askAny(null, name))
    refuses(name, 'forbidden', () => askAny(tokenAgainst(name), name))
  }
  test('who calls is asked before what they send is read', async () => {
    for (const name of withBody.filter((one) => guarded.includes(one))) {
      expectRefusal(await askAny(null, name, world.url, { body: ['?'] }), 'unauthenticated')
      expectRefusal(await askAny(tokenAgainst(name), name, world.url, { body: 1 }), 'forbidden')
    }
  })
})

describe('what any endpoint may answer', () => {
  for (const name of withBody) {
    refuses(name, 'malformed', () => askAny(tokenFor(name), name, world.url, { body: ['?'] }))
    refuses(name, 'too_large', () =>
      askAny(tokenFor(name), name, world.url, {
        body: { text: '长'.repeat(Math.ceil((largest(name) + 1) / 3)) },
      }),
    )
  }
  for (const name of names.filter((one) => 'params' in wire[one] && !withBody.includes(one)))
    refuses(name, 'malformed', () => askAny(tokenFor(name), name, world.url, wrongParams))

  describe('on a bad day', () => {
    let calm: string
    let away: string
    let broken: string
    const closing: (() => Promise<unknown>)[] = []
    beforeAll(async () => {
      // One request a minute; a database that is gone; a database without its tables.
      // Its log takes every request: then nothing is handed over uncounted (decision 041).
      calm = await openApp(world.parts.db, 1, pino({ level: 'debug' }, new PassThrough().resume()))
      const gone = new URL(world.database.url)
      gone.port = '1'
      away = await openApp(pool(gone.href), 100_000)
      const empty = await freshDatabase()
      await sql`drop schema public cascade`.execute(empty.db)
      broken = await openApp(pool(empty.url), 100_000)
    })
    afterAll(async () => {
      for (const close of closing.reverse()) await close()
    })

    function pool(url: string) {
      const opened = openPool(url, { name: 'bad day', report: () => {} })
      closing.push(opened.close)
      return opened.db
    }

    async function openApp(
      over: World['parts']['db'],
      requestsPerMinute: number,
      log: World['parts']['log'] = world.parts.log,
    ) {
      const options = { log, requestsPerMinute }
      const app = await buildApp({ ...world.parts, db: over }, options)
      closing.push(() => app.close())
      return app.listen({ host: '127.0.0.1', port: 0 })
    }

    for (const name of names) {
      // Signing out of nowhere and listing by memory are no exceptions: everything reads the database.
      if (!withoutDatabase.includes(name)) {
        refuses(name, 'unavailable', () => askAny(tokenFor(name), name, away, databaseFirst(name)))
        refuses(name, 'internal', () => askAny(tokenFor(name), name, broken, databaseFirst(name)))
      }
      refuses(name, 'too_many_requests', async () => {
        const token = tokenFor(name)
        await send(calm, { method: 'GET', path: '/v1/services', ...(token && { token }) })
        await askAny(token, hasOwnLimit(name) ? name : 'listServices', calm)
        return askAny(token, name, calm)
      })
    }

    test('texts with sign-in codes: thirty a minute from one address, whatever the numbers', async () => {
      const usual = await openApp(world.parts.db, 1200)
      const statuses: number[] = []
      for (let i = 0; i < 31; i++) {
        const answer = await askAny(null, 'sendSignInCode', usual, { body: { phone: somePhone() } })
        statuses.push(answer.status)
      }
      expect(statuses).toEqual([...Array(30).fill(200), 429])
    })

    test('a made-up token opens no fresh count of tries to sign in', async () => {
      for (const name of names.filter(isSigningIn)) {
        const { method, path } = endpoints[name]
        const { body } = someInput(name)
        const statuses = []
        for (const token of ['a', 'b', 'c'])
          statuses.push((await send(calm, { method, path, body, token })).status)
        expect([name, ...statuses.slice(1)]).toEqual([name, 429, 429])
      }
    })
  })
})

/** What a stranger may try again and again: limited by address, each on its own. */
const isSigningIn = (name: EndpointName) =>
  endpoints[name].who === 'anyone' && endpoints[name].method === 'POST'

const hasOwnLimit = (name: EndpointName) =>
  isSigningIn(name) || (endpoints[name] as Endpoint).perMinute !== undefined

const largest = (name: EndpointName) => (endpoints[name] as Endpoint).bodyBytes ?? 128 * 1024

/** The mini-program's sign-in asks the host first: the phone's asks the database. */
function databaseFirst(name: EndpointName): object {
  if (name !== 'createSession') return {}
  return { body: { host: 'h5', phone: '13900003333', code: '000000' } }
}

test('every code of every endpoint has its test', () => {
  const declared = names.flatMap((name) => {
    const { who, refusals: own } = endpoints[name]
    const rights = who === 'anyone' ? [] : ['unauthenticated', 'forbidden']
    const shared = everywhere.filter(
      (code) =>
        (code !== 'malformed' || Object.keys(wire[name]).some((key) => /params|body/.test(key))) &&
        (code !== 'too_large' || withBody.includes(name)) &&
        (!['unavailable', 'internal'].includes(code) || !withoutDatabase.includes(name)),
    )
    return [...own, ...rights, ...shared].map((code) => `${name} refuses ${code}`)
  })
  expect(declared.filter((one) => !proven.has(one))).toEqual([])
  expect(declared.length).toBeGreaterThan(150)
})
