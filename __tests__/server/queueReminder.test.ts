/** 预约提醒 (T5): who was turned away at a peak is told once, when it is over, and nobody else is. */
import { randomUUID } from 'node:crypto'
import { minuteMs } from '@jiyue/contract/time'
import { lecture, venue } from '../../server/demo/world.ts'
import { usualLimits } from '../../server/queue/admit.ts'
import { admitDue } from '../../server/queue/queue.ts'
import { tellDue } from '../../server/queue/reminder.ts'
import { newSlot } from '../races/setting.ts'
import { must, openWorld, type Person, signIn, somePhone, type World } from '../world.ts'

let world: World
beforeAll(async () => {
  world = await openWorld()
})
afterAll(() => world.close())
afterEach(async () => {
  Object.assign(world.limits, usualLimits)
  await admitDue(world.parts)
  world.sandbox.admin.clearFaults()
  await world.database.db.deleteFrom('queue_reminders').execute()
})

interface Asking extends Person {
  phone: string
}

/** Somebody whose phone number we know. */
async function withPhone(): Promise<Asking> {
  const person = await signIn(world)
  const phone = somePhone()
  await world.database.db
    .updateTable('users')
    .set({ phone_sealed: world.parts.seal.seal(phone) })
    .where('id', '=', person.userId)
    .execute()
  return { ...person, phone }
}

const ask = (person: Person, id = lecture) =>
  must(person.call, 'putQueueReminder', { params: { id } })
const textsTo = (person: Asking) => world.sandbox.admin.outbox(person.phone)
const rowsOf = (person: Person) =>
  world.database.db
    .selectFrom('queue_reminders')
    .select(['state', 'reason', 'channel'])
    .where('user_id', '=', person.userId)
    .execute()
const later = (minutes: number) => {
  world.clock.aheadMs += minutes * minuteMs
}

test('who has booked meanwhile needs no telling', async () => {
  const person = await withPhone()
  await ask(person)
  const slotId = await newSlot(world.database.db, { serviceId: lecture, capacity: 5 })
  await must(person.call, 'putOrder', { params: { id: randomUUID() }, body: { slotId, party: 1 } })
  later(3)
  await tellDue(world.parts)
  expect(textsTo(person)).toEqual([])
  expect(await rowsOf(person)).toEqual([{ state: 'unsent', reason: 'no_need', channel: null }])
})

test('told once, also when sweeps overlap and when asked three times', async () => {
  const person = await withPhone()
  for (let i = 0; i < 3; i++) expect(await ask(person)).toEqual({ reachable: true })
  await tellDue(world.parts)
  expect(textsTo(person)).toEqual([])
  later(3)
  await Promise.all([tellDue(world.parts), tellDue(world.parts), tellDue(world.parts)])
  expect(textsTo(person)).toHaveLength(1)
  expect(JSON.stringify(textsTo(person))).toContain('现在可以预约了')
  expect(await rowsOf(person)).toEqual([{ state: 'sent', reason: null, channel: 'sms' }])
})

test('nobody is told while people wait, nor before it has been calm for a while', async () => {
  const person = await withPhone()
  const waiting = await signIn(world)
  await ask(person)
  later(3)
  Object.assign(world.limits, { least: 0, most: 0 })
  const slotId = await newSlot(world.database.db, { serviceId: lecture, capacity: 5 })
  await waiting.call('putOrder', { params: { id: randomUUID() }, body: { slotId, party: 1 } })
  await tellDue(world.parts)
  expect(textsTo(person)).toEqual([])
  Object.assign(world.limits, usualLimits)
  expect(await admitDue(world.parts)).toBe(1)
  later(1.9)
  await tellDue(world.parts)
  expect(textsTo(person)).toEqual([])
  later(2.2)
  await tellDue(world.parts)
  expect(textsTo(person)).toHaveLength(1)
})

test('exactly those who asked, each for their service', async () => {
  const [asked, other, silent] = [await withPhone(), await withPhone(), await withPhone()]
  await ask(asked)
  await ask(other, venue)
  later(3)
  await tellDue(world.parts)
  expect(JSON.stringify(textsTo(asked))).toContain('讲座')
  expect(textsTo(other)).toHaveLength(1)
  expect(JSON.stringify(textsTo(other))).not.toContain('讲座')
  expect(textsTo(silent)).toEqual([])
})

test('after being told, a new wish is a new one', async () => {
  const person = await withPhone()
  await ask(person)
  later(3)
  await tellDue(world.parts)
  await ask(person)
  later(3)
  await tellDue(world.parts)
  expect(textsTo(person)).toHaveLength(2)
})

test('who cannot be reached is told so at once, and the row says why', async () => {
  const person = await signIn(world)
  expect(await ask(person)).toEqual({ reachable: false })
  later(3)
  await tellDue(world.parts)
  expect(await rowsOf(person)).toEqual([{ state: 'unsent', reason: 'no_consent', channel: null }])
})

test('a day later it would only confuse', async () => {
  const person = await withPhone()
  await ask(person)
  later(24 * 60 + 1)
  await tellDue(world.parts)
  expect(await rowsOf(person)).toEqual([{ state: 'unsent', reason: 'too_late', channel: null }])
})

test('a process that dies while it tells leaves one that is explained, not one told twice', async () => {
  const person = await withPhone()
  await ask(person)
  await world.database.db
    .updateTable('queue_reminders')
    .set({ state: 'sending' })
    .where('user_id', '=', person.userId)
    .execute()
  later(3)
  await tellDue(world.parts)
  expect(textsTo(person)).toEqual([])
  expect(await rowsOf(person)).toEqual([
    { state: 'unsent', reason: 'outcome_unknown', channel: null },
  ])
})
