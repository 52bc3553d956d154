/**
 * Power cuts in the middle of the journey: kill -9 of the server and of PostgreSQL. What was answered
 * stays; what was not heard is asked again under the same id and is done once; the order tells the
 * step to go on with.
 */
import { randomUUID } from 'node:crypto'
import { setTimeout as pause } from 'node:timers/promises'
import type { Result } from '@jiyue/contract/client'
import type { Order } from '@jiyue/contract/schema/wire'
import { sql } from 'kysely'
import { lecture } from '../../server/demo/world.ts'
import { stepOf } from '../../src/flow.ts'
import { newSlot, seatsTaken } from '../races/setting.ts'
import {
  caller,
  lectureAnswers,
  must,
  type Person,
  payAtCashier,
  until,
  type World,
} from '../world.ts'
import { type Programs, startPrograms } from './programs.ts'

jest.setTimeout(300_000)

let programs: Programs
let mei: Person
beforeAll(async () => {
  programs = await startPrograms()
  await sql`insert into rules values ('ordersPerUser', 1000)`.execute(programs.db.db)
  mei = await signIn('小梅')
})
afterAll(() => programs.close())

async function signIn(person: string): Promise<Person> {
  const { code } = await admin('codes', { host: 'weapp', person })
  const body = { host: 'weapp' as const, code: String(code) }
  const { token, user } = await must(caller(programs.url), 'createSession', { body })
  return { call: caller(programs.url, token), token, userId: user.id }
}

async function admin(what: string, body: object): Promise<Record<string, unknown>> {
  const response = await fetch(`${programs.sandboxUrl}/admin/${what}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  })
  if (!response.ok) throw new Error(await response.text())
  return (await response.json()) as Record<string, unknown>
}

const newLecture = (capacity = 9) => newSlot(programs.db.db, { serviceId: lecture, capacity })

/** Asks until an answer comes; what was not heard is repeated as it was, as a phone does. */
async function persist<T>(ask: () => Promise<Result<T>>): Promise<Result<T>> {
  const end = Date.now() + 120_000
  for (;;) {
    const result = await ask()
    const silent = !result.ok && (result.unheard || result.code === 'unavailable')
    if (!silent || Date.now() > end) return result
    await pause(100)
  }
}

async function persistently<T>(ask: () => Promise<Result<T>>): Promise<T> {
  const result = await persist(ask)
  if (!result.ok) throw new Error(result.code)
  return result.value
}

const read = (id: string) => persistently(() => mei.call('getOrder', { params: { id } }))
const stepNow = (order: Order) => stepOf(order, Date.parse(order.now)).step

/** Kills the server `ms` after `ask` was sent, starts it again, and asks the same once more. */
async function cutDuring<T>(ms: number, ask: () => Promise<Result<T>>) {
  const cut = ask()
  await pause(ms)
  await programs.kill()
  const heard = await cut
  await programs.start()
  return { heard, again: await persistently(ask) }
}

const hold = (slotId: string, id: string) => () =>
  mei.call('putOrder', { params: { id }, body: { slotId, party: 1 } })

async function registered(): Promise<Order> {
  const id = randomUUID()
  await persistently(hold(await newLecture(), id))
  const body = { formVersion: 1, values: lectureAnswers() }
  return persistently(() => mei.call('putRegistration', { params: { id }, body }))
}

const pay = (orderId: string, id: string) => () =>
  mei.call('createPayment', {
    params: { id: orderId },
    body: { id, method: 'wechat' as const, scene: 'weapp' as const },
  })

describe('the server is killed', () => {
  test('after the hold: the same seat, the same end, and it goes on with the form', async () => {
    const [slotId, id] = [await newLecture(), randomUUID()]
    const held = await persistently(hold(slotId, id))
    const values = { name: { value: '林小满', at: new Date().toISOString() } }
    await must(mei.call, 'putDraft', { params: { id }, body: { values, step: 0 } })
    await programs.kill()
    await programs.start()
    const after = await read(id)
    expect({ ...after, now: '' }).toEqual({ ...held, now: '' })
    expect(stepNow(after)).toBe('registration')
    const draft = await must(mei.call, 'getDraft', { params: { id } })
    expect(draft.values.name?.value).toBe('林小满')
    expect(await seatsTaken(programs.db.db, slotId)).toBe(1)
  })

  test('while a crowd is tapping: every seat that was answered is there, none twice', async () => {
    const slotId = await newLecture(200)
    const ids = Array.from({ length: 60 }, () => randomUUID())
    const taps = ids.map((id) => hold(slotId, id)())
    await pause(25)
    await programs.kill()
    const heard = await Promise.all(taps)
    await programs.start()
    const answered = ids.filter((_, i) => heard[i]?.ok)
    const rows = await programs.db.db
      .selectFrom('orders')
      .select('id')
      .where('slot_id', '=', slotId)
      .execute()
    expect(rows.map((row) => row.id)).toEqual(expect.arrayContaining(answered))
    const again = await Promise.all(ids.map((id) => persist(hold(slotId, id))))
    expect(again.every((one) => one.ok)).toBe(true)
    expect(await seatsTaken(programs.db.db, slotId)).toBe(60)
  })

  test('while somebody gives their seat back: no place in the line is lost, the first is told once', async () => {
    const [slotId, id] = [await newLecture(1), randomUUID()]
    await persistently(hold(slotId, id))
    const line = await Promise.all(['小竹', '小松'].map(signIn))
    const ids = [randomUUID(), randomUUID()]
    const join = (place: number) => () =>
      (line[place] as Person).call('putWait', {
        params: { id: ids[place] ?? '' },
        body: { slotId, party: 1 },
      })
    await persistently(join(0))
    await cutDuring(1, join(1))
    await cutDuring(3, () => mei.call('cancelOrder', { params: { id } }))
    const places = await Promise.all(
      line.map((person) => persistently(() => person.call('listWaits', {}))),
    )
    expect(places.map(({ waits: [one] }) => [one?.id, one?.state, one?.ahead])).toEqual([
      [ids[0], 'offered', null],
      [ids[1], 'waiting', 0],
    ])
    expect(await seatsTaken(programs.db.db, slotId)).toBe(1)
    const told = async () => {
      const { rows } = await sql<{ order_id: string }>`
        select order_id from reminders where kind = 'offered' and slot_id = ${slotId}`.execute(
        programs.db.db,
      )
      return rows.map(({ order_id }) => order_id)
    }
    await until('the message', async () => (await told()).length > 0)
    expect(await told()).toEqual([ids[0]])
  })

  test.each([2, 15, 40])(
    '%d ms into submitting the form: registered once, and it goes on with paying',
    async (ms) => {
      const id = randomUUID()
      await persistently(hold(await newLecture(), id))
      const body = { formVersion: 1, values: lectureAnswers() }
      const { heard, again } = await cutDuring(ms, () =>
        mei.call('putRegistration', { params: { id }, body }),
      )
      if (heard.ok) expect(again.heldUntil).toBe(heard.value.heldUntil)
      expect(again.state).toBe('registered')
      expect(stepNow(await read(id))).toBe('payment')
      const events = await programs.db.db
        .selectFrom('events')
        .select('what')
        .where('order_id', '=', id)
        .orderBy('id')
        .execute()
      expect(events.map((event) => event.what)).toEqual(['hold', 'register'])
    },
  )

  test.each([2, 30])(
    '%d ms into opening the payment: one trade, and it can be paid',
    async (ms) => {
      const [order, id] = [await registered(), randomUUID()]
      const { again } = await cutDuring(ms, pay(order.id, id))
      expect(again.id).toBe(id)
      expect(stepNow(await read(order.id))).toBe('payment')
      await payAtCashier({ sandbox: { url: programs.sandboxUrl } } as World, again.params)
      await becomes(order.id, 'confirmed')
      const payments = await programs.db.db
        .selectFrom('payments')
        .select('state')
        .where('order_id', '=', order.id)
        .execute()
      expect(payments).toEqual([{ state: 'succeeded' }])
    },
  )

  test('paid while it is down and every notice lost: the sweep finds the money after the start', async () => {
    const order = await registered()
    const payment = await persistently(pay(order.id, randomUUID()))
    await programs.kill()
    await admin('faults', { call: 'wechat.notice', fault: 'drop', times: null })
    await payAtCashier({ sandbox: { url: programs.sandboxUrl } } as World, payment.params)
    await programs.start()
    await becomes(order.id, 'confirmed')
    await admin('faults/clear', {})
    const facts = await programs.db.db
      .selectFrom('facts')
      .select(['heard_by', 'verdict'])
      .where('payment_id', '=', payment.id)
      .where('verdict', '=', 'confirmed')
      .execute()
    expect(facts).toEqual([{ heard_by: 'query', verdict: 'confirmed' }])
    expect(stepNow(await read(order.id))).toBe('order')
  })
})

/** Waits for a state without asking the server about the payment, which would help it along. */
async function becomes(orderId: string, state: string): Promise<void> {
  const end = Date.now() + 120_000
  for (;;) {
    const row = await programs.db.db
      .selectFrom('orders')
      .select('state')
      .where('id', '=', orderId)
      .executeTakeFirst()
    if (row?.state === state) return
    if (Date.now() > end) throw new Error(`${orderId} is ${row?.state}, not ${state}`)
    await pause(50)
  }
}

describe('PostgreSQL is killed', () => {
  async function crash(): Promise<void> {
    const before = programs.postgres.pid
    process.kill(before, 'SIGKILL')
    const end = Date.now() + 120_000
    while (programs.postgres.pid === before) {
      if (Date.now() > end) throw new Error('PostgreSQL did not come back')
      await pause(50)
    }
  }

  test('while a crowd is tapping: every answered seat is there, and the server goes on by itself', async () => {
    const slotId = await newLecture(200)
    const ids = Array.from({ length: 60 }, () => randomUUID())
    const taps = ids.map((id) => hold(slotId, id)())
    await pause(30)
    await crash()
    const heard = await Promise.all(taps)
    for (const one of heard) {
      // Never a fault of ours in the answer: done, or "try again".
      if (!one.ok) expect(one.code).toBe('unavailable')
    }
    const again = await Promise.all(ids.map((id) => persist(hold(slotId, id))))
    expect(again.every((one) => one.ok)).toBe(true)
    for (const [i, one] of heard.entries()) {
      const same = again[i]
      if (one.ok) expect(same?.ok && same.value.number).toBe(one.value.number)
    }
    expect(await seatsTaken(programs.db.db, slotId)).toBe(60)
    // The bus comes back, if later than the taps; one, not one for each try.
    const buses = async () => {
      const { rows } = await sql<{ n: number }>`select count(*)::int as n from pg_stat_activity
        where application_name = 'jiyue-bus'`.execute(programs.db.db)
      return rows[0]?.n ?? 0
    }
    await until('the bus', buses)
    await pause(1500)
    expect(await buses()).toBe(1)
  })

  test('between registering and paying: nothing is asked twice, the journey ends confirmed', async () => {
    const order = await registered()
    await crash()
    const after = await read(order.id)
    expect([after.state, stepNow(after), after.payableFen]).toEqual([
      'registered',
      'payment',
      order.payableFen,
    ])
    const id = randomUUID()
    const opening = pay(order.id, id)()
    await pause(10)
    await crash()
    await opening
    const payment = await persistently(pay(order.id, id))
    await payAtCashier({ sandbox: { url: programs.sandboxUrl } } as World, payment.params)
    await becomes(order.id, 'confirmed')
  })
})
