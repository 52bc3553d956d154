/** Times outside the offer (B5 X7) on the real database: asked, answered, booked by one person only. */
import { randomUUID } from 'node:crypto'
import type { Input } from '@jiyue/contract/schema/wire'
import { addDays, dayOf, instantOf } from '@jiyue/contract/time'
import { sql } from 'kysely'
import { cleaning, lecture, loft, rooms, staff } from '../../server/demo/world.ts'
import { sendDue } from '../../server/reminder/deliver.ts'
import { newSlot } from '../races/setting.ts'
import {
  must,
  openWorld,
  type Person,
  signIn,
  signInOwner,
  somePhone,
  type World,
} from '../world.ts'
import { booked } from './moving.ts'
import { openEar } from './socket.ts'

let world: World
let owner: Awaited<ReturnType<typeof signInOwner>>
beforeAll(async () => {
  world = await openWorld()
  owner = await signInOwner(world)
})
afterAll(() => world.close())

const db = () => world.database.db
const hour = 3_600_000
/** The lecture's teacher. */
const teacher = staff.find(({ serviceIds }) => serviceIds.includes(lecture))?.id ?? ''

const cleaner = staff.find(({ serviceIds }) => serviceIds.includes(cleaning))?.id ?? ''
const hall = rooms.find(({ serviceIds }) => serviceIds.includes(lecture))?.id ?? ''

async function newStaff(serviceIds: string[]): Promise<string> {
  const body = { name: '白露', title: '讲师', profile: '细致守时', serviceIds }
  return (await must(owner.call, 'putStaff', { params: { id: randomUUID() }, body })).id
}

let days = 5
/** Ten in the morning of a day that no other test uses. */
function someMorning(): number {
  days += 1
  return instantOf(addDays(dayOf(Date.now()), days), 600)
}

async function asked({ starts = someMorning(), party = 2, serviceId = lecture } = {}) {
  const person = await signIn(world)
  const id = randomUUID()
  const body = { serviceId, startsAt: new Date(starts).toISOString(), party, note: '周末不方便' }
  const negotiation = await must(person.call, 'putNegotiation', { params: { id }, body })
  return { ...person, id, body, starts, negotiation }
}

type Asked = Awaited<ReturnType<typeof asked>>
type Offer = Extract<Input<'putNegotiationAnswer'>['body'], { answer: 'offer' }>

const offerOf = ({ starts }: Asked, change: Partial<Offer> = {}): Offer => ({
  answer: 'offer',
  slotId: randomUUID(),
  startsAt: new Date(starts).toISOString(),
  endsAt: new Date(starts + 2 * hour).toISOString(),
  staffId: null,
  branchId: null,
  roomId: null,
  priceFen: null,
  reason: null,
  ...change,
})

const answer = (one: Asked, body: Input<'putNegotiationAnswer'>['body']) =>
  owner.call('putNegotiationAnswer', { params: { id: one.id }, body })
const book = (person: Person, slotId: string, party = 2) =>
  person.call('putOrder', { params: { id: randomUUID() }, body: { slotId, party } })
const mine = async (person: Person) =>
  (await must(person.call, 'listNegotiations', {})).negotiations[0]

test('asked, and said again it is the same request', async () => {
  const one = await asked()
  expect(one.negotiation).toMatchObject({ state: 'asked', offer: null, note: '周末不方便' })
  expect(one.negotiation.endsAt).toBe(new Date(one.starts + 2 * hour).toISOString())
  const again = await one.call('putNegotiation', { params: { id: one.id }, body: one.body })
  expect(again).toMatchObject({ ok: true })
  const { negotiations } = await must(owner.call, 'listConsoleNegotiations', {})
  expect(negotiations.filter(({ id }) => id === one.id)).toHaveLength(1)
})

test('approved: a private slot at that time, for this person alone, bookable by them', async () => {
  const one = await asked()
  const offer = offerOf(one, { priceFen: 8800, reason: '可以安排' })
  expect(await answer(one, offer)).toMatchObject({ ok: true, value: { state: 'approved' } })
  expect(await mine(one)).toMatchObject({
    state: 'approved',
    reason: '可以安排',
    offer: { slotId: offer.slotId, priceFen: 8800 },
  })
  // Nobody else sees it or gets it, by whatever way.
  const other = await signIn(world)
  const day = dayOf(one.starts)
  const query = { from: day, to: day }
  const { slots } = await must(other.call, 'listSlots', { params: { id: lecture }, query })
  expect(slots.map(({ id }) => id)).not.toContain(offer.slotId)
  expect(await book(other, offer.slotId)).toMatchObject({ code: 'slot_gone' })
  const wait = { params: { id: randomUUID() }, body: { slotId: offer.slotId, party: 1 } }
  expect(await other.call('putWait', wait)).toMatchObject({ code: 'slot_gone' })
  expect(await book(one, offer.slotId)).toMatchObject({ ok: true })
  expect(await mine(one)).toMatchObject({ state: 'taken' })
  const desk = await must(owner.call, 'listConsoleSlots', { query })
  expect(desk.slots.find(({ id }) => id === offer.slotId)).toMatchObject({ left: 0, capacity: 2 })
})

test('another’s private slot is no place to move to', async () => {
  const one = await asked()
  const offer = offerOf(one)
  await answer(one, offer)
  const { person, order } = await booked(world, { party: 1, startsIn: 200 })
  const query = { slotId: offer.slotId }
  const quote = await person.call('getMoveQuote', { params: { id: order.id }, query })
  expect(quote).toMatchObject({ code: 'slot_gone' })
})

test('a counter-offer is another time; refused, it is closed and nobody gets it', async () => {
  const one = await asked()
  const later = one.starts + 24 * hour
  const offer = offerOf(one, {
    startsAt: new Date(later).toISOString(),
    endsAt: new Date(later + 2 * hour).toISOString(),
  })
  await answer(one, offer)
  expect(await mine(one)).toMatchObject({ state: 'countered', offer: { startsAt: offer.startsAt } })
  const gone = await must(one.call, 'deleteNegotiation', { params: { id: one.id } })
  expect(gone.state).toBe('refused')
  expect(await book(one, offer.slotId)).toMatchObject({ code: 'slot_closed' })
})

test('another counter-offer takes the first one’s place', async () => {
  const one = await asked()
  const [first, second] = [offerOf(one), offerOf(one)]
  await answer(one, first)
  expect(await answer(one, second)).toMatchObject({ ok: true, value: { state: 'countered' } })
  expect(await book(one, first.slotId)).toMatchObject({ code: 'slot_closed' })
  expect(await book(one, second.slotId)).toMatchObject({ ok: true })
  expect(await answer(one, offerOf(one))).toMatchObject({ code: 'negotiation_state' })
})

test('an offer ends by the merchant’s clock, with nothing running', async () => {
  const one = await asked()
  const offer = offerOf(one)
  await answer(one, offer)
  const { offer: shown } = (await mine(one)) ?? {}
  const minutes = (Date.parse(shown?.until ?? '') - Date.now()) / 60_000
  expect(minutes).toBeGreaterThan(1430)
  expect(minutes).toBeLessThanOrEqual(1440)
  await sql`update slots set bookable_until = now() where id = ${offer.slotId}`.execute(db())
  expect(await mine(one)).toMatchObject({ state: 'lapsed' })
  expect(await book(one, offer.slotId)).toMatchObject({ code: 'slot_past' })
})

test('an offer whose slot the merchant closes on the board is over', async () => {
  const one = await asked()
  const offer = offerOf(one)
  await answer(one, offer)
  const params = { id: offer.slotId }
  await must(owner.call, 'putClosure', { params, body: { reason: '老师生病' } })
  expect(await mine(one)).toMatchObject({ state: 'lapsed' })
  await must(owner.call, 'deleteClosure', { params })
  expect(await mine(one)).toMatchObject({ state: 'approved' })
})

test('a closed day and the horizon of everybody else do not close a private slot', async () => {
  const starts = instantOf(addDays(dayOf(Date.now()), 60), 600)
  await sql`update days set open = false where day = ${dayOf(starts)}`.execute(db())
  const one = await asked({ starts })
  const offer = offerOf(one)
  await answer(one, offer)
  expect(await book(one, offer.slotId)).toMatchObject({ ok: true })
})

test('staff who are taken at that hour are refused, with no slot left behind', async () => {
  const one = await asked()
  const busy = await newSlot(db(), {
    serviceId: lecture,
    capacity: 2,
    staffId: teacher,
    startsIn: (one.starts - Date.now()) / hour + 1,
  })
  await book(await signIn(world), busy)
  const offer = offerOf(one, { staffId: teacher })
  expect(await answer(one, offer)).toMatchObject({ code: 'staff_busy' })
  const rows = await db().selectFrom('slots').select('id').where('id', '=', offer.slotId).execute()
  expect(rows).toEqual([])
  expect(await mine(one)).toMatchObject({ state: 'asked', offer: null })
})

test('a private slot keeps its room: one that is taken is refused, and what it takes is taken', async () => {
  const one = await asked()
  const startsIn = (one.starts - Date.now()) / hour + 1
  const lessons = { serviceId: lecture, capacity: 2, roomId: hall, startsIn }
  const busy = await newSlot(db(), lessons)
  const order = { params: { id: randomUUID() } }
  const early = await signIn(world)
  await must(early.call, 'putOrder', { ...order, body: { slotId: busy, party: 1 } })
  const refused = offerOf(one, { roomId: hall })
  expect(await answer(one, refused)).toMatchObject({ code: 'room_busy' })
  expect(
    await db().selectFrom('slots').select('id').where('id', '=', refused.slotId).execute(),
  ).toEqual([])
  await must(early.call, 'cancelOrder', order)

  const offer = offerOf(one, { roomId: hall })
  expect(await answer(one, offer)).toMatchObject({
    ok: true,
    value: { offer: { roomName: '报告厅' } },
  })
  expect(await mine(one)).toMatchObject({ offer: { roomName: '报告厅' } })
  // Two things in one room at the same hour: the private one is booked, the public one is not.
  await must(one.call, 'putOrder', {
    params: { id: randomUUID() },
    body: { slotId: offer.slotId, party: 2 },
  })
  expect(await book(await signIn(world), busy, 1)).toMatchObject({ code: 'room_busy' })
})

test('a private slot keeps the buffers of its service, before the next one of the same person', async () => {
  // Near enough for the public slots beside it to be bookable at any hour of today.
  const starts = instantOf(addDays(dayOf(Date.now()), 5), 600)
  const one = await asked({ starts, serviceId: cleaning, party: 1 })
  const offer = offerOf(one, { staffId: cleaner })
  expect(await answer(one, offer)).toMatchObject({ ok: true })
  // The demo's cleaners need half an hour to the next door.
  const after = (minutes: number) =>
    newSlot(db(), {
      serviceId: lecture,
      capacity: 1,
      staffId: cleaner,
      startsIn: (one.starts - Date.now()) / hour + 2 + minutes / 60,
    })
  const [soon, later] = [await after(20), await after(31)]
  expect(await book(one, offer.slotId, 1)).toMatchObject({ ok: true })
  expect(await book(await signIn(world), soon, 1)).toMatchObject({ code: 'staff_busy' })
  expect(await book(await signIn(world), later, 1)).toMatchObject({ ok: true })
})

test('a private slot inside another slot’s buffer is refused', async () => {
  const starts = instantOf(addDays(dayOf(Date.now()), 4), 600)
  const one = await asked({ starts, serviceId: cleaning, party: 1 })
  // By hand, with no schedule behind it; it ends 20 minutes before.
  const slotId = await newSlot(db(), {
    serviceId: cleaning,
    capacity: 1,
    staffId: cleaner,
    startsIn: (one.starts - Date.now()) / hour - 2,
    hours: 5 / 3,
  })
  await must((await signIn(world)).call, 'putOrder', {
    params: { id: randomUUID() },
    body: { slotId, party: 1 },
  })
  expect(await answer(one, offerOf(one, { staffId: cleaner }))).toMatchObject({
    code: 'staff_busy',
  })
})

test('nobody who has retired, and no room of another service, is offered', async () => {
  const one = await asked()
  const gone = await newStaff([lecture])
  await must(owner.call, 'putStaffRetirement', { params: { id: gone } })
  const offers: [Partial<Offer>, string][] = [
    [{ staffId: gone }, 'staffId'],
    [{ staffId: cleaner }, 'staffId'],
    [{ roomId: loft }, 'roomId'],
  ]
  for (const [change, path] of offers)
    expect(await answer(one, offerOf(one, change))).toMatchObject({
      code: 'invalid_fields',
      fields: [{ path }],
    })
  expect(await mine(one)).toMatchObject({ state: 'asked', offer: null })
})

test('two private offers of one person for one hour: only one can be taken', async () => {
  const starts = someMorning()
  const [one, other] = [await asked({ starts }), await asked({ starts })]
  const [a, b] = [offerOf(one, { staffId: teacher }), offerOf(other, { staffId: teacher })]
  for (const [who, offer] of [[one, a] as const, [other, b] as const])
    expect(await answer(who, offer)).toMatchObject({ ok: true })
  const answers = await Promise.all([book(one, a.slotId), book(other, b.slotId)])
  expect(answers.map((said) => (said.ok ? 'held' : said.code)).sort()).toEqual([
    'held',
    'staff_busy',
  ])
})

test('declined: the reason reaches the person as a message, once, and their screen at once', async () => {
  const one = await asked()
  const phone = somePhone()
  await db()
    .updateTable('users')
    .set({ phone_sealed: world.parts.seal.seal(phone) })
    .where('id', '=', one.userId)
    .execute()
  const ear = await openEar(world.url)
  ear.say({ type: 'sign_in', token: one.token })
  ear.say({ type: 'follow', topics: [`inbox:${one.userId}`] })
  await ear.settled()
  const body = { answer: 'decline' as const, reason: '当天没有老师' }
  const from = ear.heard.length
  await answer(one, body)
  await ear.hears((frame) => frame.type === 'hint', from)
  expect(await answer(one, body)).toMatchObject({ ok: true, value: { state: 'declined' } })
  await sendDue(world.parts)
  await sendDue(world.parts)
  const texts = world.sandbox.admin.outbox(phone)
  expect(texts).toHaveLength(1)
  expect(JSON.stringify(texts)).toContain('当天没有老师')
  await ear.close()
})

test('withdrawn: no answer is possible any more', async () => {
  const one = await asked()
  const gone = await must(one.call, 'deleteNegotiation', { params: { id: one.id } })
  expect(gone.state).toBe('withdrawn')
  expect(await answer(one, offerOf(one))).toMatchObject({ code: 'negotiation_state' })
})

test('two answers at once: one of them is the answer', async () => {
  const one = await asked()
  const offers = [offerOf(one), offerOf(one)]
  const said = await Promise.all([
    answer(one, { answer: 'decline', reason: '不方便' }),
    ...offers.map((offer) => answer(one, offer)),
  ])
  expect(said.some(({ ok }) => ok)).toBe(true)
  const open = await db()
    .selectFrom('slots')
    .select('id')
    .where(
      'id',
      'in',
      offers.map(({ slotId }) => slotId),
    )
    .where('closed_reason', 'is', null)
    .execute()
  expect(open.length).toBeLessThanOrEqual(1)
  const { state } = (await mine(one)) ?? {}
  expect(open.length).toBe(state === 'declined' ? 0 : 1)
})

test('another’s request is not found', async () => {
  const one = await asked({ serviceId: cleaning, party: 1 })
  const stranger = await signIn(world)
  expect(await stranger.call('deleteNegotiation', { params: { id: one.id } })).toMatchObject({
    code: 'not_found',
  })
  expect(await mine(stranger)).toBeUndefined()
})
