/**
 * The funnel (M4 X6): every figure once more, to the unit, from the single looks and the orders' own
 * event log, by code that shares nothing with the report.
 */
import { randomUUID } from 'node:crypto'
import { looksAtOnce, looksPerVisit, oldestLookMs } from '@jiyue/contract/funnel'
import type { Look } from '@jiyue/contract/schema/funnel'
import type { Reply } from '@jiyue/contract/schema/wire'
import { addDays, type Day, dayMs, dayOf, instantOf } from '@jiyue/contract/time'
import fc from 'fast-check'
import { sql } from 'kysely'
import { cleaning, lecture, venue } from '../../server/demo/world.ts'
import { erasePerson } from '../../server/privacy/erase.ts'
import { forgetLooks } from '../../server/visits/visits.ts'
import { publishForm } from '../forms.ts'
import { newSlot } from '../races/setting.ts'
import { caller, must, openWorld, signIn, signInOwner, type World } from '../world.ts'
import { text } from './forming.ts'

let world: World
let owner: Awaited<ReturnType<typeof signInOwner>>
let userId: string
/** A slot of each service. */
const slots = {} as Record<string, string>
const services = [lecture, cleaning, venue]
const fieldIds = ['name', 'phone', 'wish', 'gone']
const db = () => world.database.db
const today = dayOf(Date.now())

beforeAll(async () => {
  world = await openWorld()
  owner = await signInOwner(world)
  userId = (await signIn(world)).userId
  for (const serviceId of services)
    slots[serviceId] = await newSlot(db(), { serviceId, capacity: 9 })
  const fields = [text('name'), text('phone', { kind: 'phone' }), text('wish', { step: 1 })]
  for (const serviceId of [lecture, cleaning])
    await publishForm(world, serviceId, fields, ['基础信息', '特殊需求'])
}, 60_000)
afterAll(() => world?.close())

/** How an order went on; `open`: its clock still runs. */
const fates = ['held', 'held open', 'registered', 'registered open', 'paid', 'cancelled'] as const
type Fate = (typeof fates)[number]

/** An order of somebody's with its own event log. */
async function order(serviceId: string, fate: Fate): Promise<string> {
  const id = randomUUID()
  const state = { paid: 'confirmed', cancelled: 'cancelled' }[fate as string] ?? fate.split(' ')[0]
  const minutes = fate.endsWith('open') ? 20 : -20
  await sql`insert into orders (id, number, user_id, service_id, slot_id, party, state, held_until,
      form_version, quote, payable_fen, created_at, confirmed_at)
    values (${id}, ${id}, ${userId}, ${serviceId}, ${slots[serviceId]}, 1, ${state},
      ${/held|registered/.test(fate) ? new Date(Date.now() + minutes * 60_000) : null}, 1, '{}', 100,
      now(), ${fate === 'paid' ? new Date() : null})`.execute(db())
  const log = { held: ['hold'], registered: ['hold', 'register'] }[fate.split(' ')[0] as string]
  // Cancelled after it was paid: that it was paid stays true.
  for (const what of log ?? ['hold', 'register', 'confirm', ...(fate === 'paid' ? [] : ['cancel'])])
    await sql`insert into events (order_id, what, by, at) values (${id}, ${what}, 'user', now())`.execute(
      db(),
    )
  return id
}

const someOrder = fc.record({
  service: fc.nat(2),
  fate: fc.constantFrom(...fates),
  steps: fc.nat(3),
  fields: fc.array(fc.constantFrom(...fieldIds), { maxLength: 6 }),
})
const someVisit = fc.record({
  /** Hours before now, over four days and their midnights. */
  hoursAgo: fc.nat(4 * 24),
  looksAt: fc.uniqueArray(fc.nat(2), { minLength: 1 }),
  slots: fc.boolean(),
  slot: fc.boolean(),
  orders: fc.array(someOrder, { maxLength: 2 }),
  /** Whether it only goes on with an order that another visit made. */
  goesOn: fc.boolean(),
  /** Tells everything twice, as after an answer that was lost. */
  twice: fc.boolean(),
  /** Says that it held what was never an order. */
  lies: fc.boolean(),
})

/** Orders other visits go on with. */
const known: { id: string; serviceId: string }[] = []

async function live(visit: typeof someVisit extends fc.Arbitrary<infer V> ? V : never) {
  const looks: Record<string, unknown>[] = []
  for (const at of visit.looksAt) {
    const serviceId = services[at]
    looks.push({ kind: 'service', serviceId })
    if (visit.slots) looks.push({ kind: 'slots', serviceId })
    if (visit.slot) looks.push({ kind: 'slot', serviceId })
    if (visit.lies) looks.push({ kind: 'hold', serviceId, orderId: randomUUID() })
  }
  for (const { service, fate, steps, fields } of visit.orders) {
    const serviceId = services[service] as string
    const orderId = await order(serviceId, fate)
    known.push({ id: orderId, serviceId })
    looks.push({ kind: 'hold', serviceId, orderId })
    for (let step = 0; step < steps; step++) looks.push({ kind: 'step', serviceId, orderId, step })
    for (const fieldId of fields) looks.push({ kind: 'field', serviceId, orderId, fieldId })
  }
  const other = known[looks.length % (known.length || 1)]
  if (visit.goesOn && other) {
    const of = { serviceId: other.serviceId, orderId: other.id }
    looks.push({ kind: 'hold', ...of }, { kind: 'field', ...of, fieldId: 'wish' })
    // Of a service it is not of.
    looks.push({
      kind: 'hold',
      orderId: other.id,
      serviceId: services.find((s) => s !== of.serviceId),
    })
  }
  const numbered = looks.map(
    (look, n) => ({ ...look, n, agoMs: (looks.length - n) * 1000 }) as Look,
  )
  world.clock.aheadMs = -visit.hoursAgo * 3_600_000
  const id = randomUUID()
  for (let i = 0; i < (visit.twice ? 2 : 1); i++)
    for (let first = 0; first < numbered.length; first += looksAtOnce)
      await must(caller(world.url), 'putLooks', {
        params: { id },
        body: { looks: numbered.slice(first, first + looksAtOnce) },
      })
  world.clock.aheadMs = 0
}

interface Row {
  visit_id: string
  n: number
  service_id: string
  kind: string
  order_id: string | null
  step: number | null
  field_id: string | null
  at: Date
}

/** The figures, counted by hand from the rows as they lie there. */
async function byHand(from: Day, to: Day) {
  const looks = await db().selectFrom('looks').selectAll().execute()
  const orders = new Map(
    (
      await db().selectFrom('orders').select(['id', 'service_id', 'state', 'held_until']).execute()
    ).map((one) => [one.id, one]),
  )
  const events = await db().selectFrom('events').select(['order_id', 'what']).execute()
  const happened = (id: string, what: string) =>
    events.some((one) => one.order_id === id && one.what === what)
  const earlier = (a: Row, b: Row) =>
    a.at.getTime() - b.at.getTime() || (a.visit_id < b.visit_id ? -1 : 1) || a.n - b.n

  /** Whose an order is: the first visit that told of it, as one of its own service. */
  const madeBy = new Map<string, string>()
  for (const look of looks.filter(({ kind }) => kind === 'hold').sort(earlier)) {
    const of = orders.get(look.order_id ?? '')
    if (of && of.service_id === look.service_id && !madeBy.has(of.id))
      madeBy.set(of.id, look.visit_id)
  }

  const figures = (visits: Set<string>, serviceIds: string[]) => {
    const of = (visit: string) =>
      [...madeBy]
        .filter(([id, by]) => by === visit && serviceIds.includes(orders.get(id)?.service_id ?? ''))
        // Only of what this visit saw on these days.
        .filter(([id]) => cohort.get(orders.get(id)?.service_id ?? '')?.has(visit))
        .map(([id]) => id)
    const all = [...visits].map((visit) => {
      const own = of(visit)
      const seen = (kind: string) =>
        looks.some(
          (one) =>
            one.visit_id === visit &&
            one.kind === kind &&
            serviceIds.includes(one.service_id) &&
            cohort.get(one.service_id)?.has(visit),
        )
      const forms = looks.filter((one) => own.includes(one.order_id ?? ''))
      const touched = forms
        .filter(
          (one) => one.kind === 'field' && ['name', 'phone', 'wish'].includes(one.field_id ?? ''),
        )
        .sort(
          (a, b) =>
            a.at.getTime() - b.at.getTime() ||
            (a.visit_id < b.visit_id ? -1 : a.visit_id > b.visit_id ? 1 : a.n - b.n),
        )
      return {
        slots: seen('slots'),
        slot: seen('slot'),
        held: own.length > 0,
        registered: own.some((id) => happened(id, 'register')),
        paid: own.some((id) => happened(id, 'confirm')),
        open: own.some((id) => {
          const { state, held_until } = orders.get(id) ?? {}
          return (
            (state === 'held' || state === 'registered') &&
            (held_until?.getTime() ?? 0) > Date.now()
          )
        }),
        step: Math.max(-1, ...forms.map((one) => (one.kind === 'step' ? (one.step ?? 0) : -1))),
        touched: new Set(touched.map((one) => one.field_id)),
        last: touched.at(-1)?.field_id ?? null,
      }
    })
    const n = (fits: (one: (typeof all)[number]) => boolean) => all.filter(fits).length
    const gone = (one: (typeof all)[number]) => one.held && !one.registered && !one.open
    return {
      steps: {
        visits: all.length,
        sawSlots: n((one) => one.slots || one.slot || one.held),
        choseSlot: n((one) => one.slot || one.held),
        held: n((one) => one.held),
        registered: n((one) => one.registered),
        paid: n((one) => one.paid),
        registering: n((one) => one.held && !one.registered && one.open),
        paying: n((one) => one.registered && !one.paid && one.open),
      },
      form: {
        reached: [0, 1].map((step) => n((one) => one.registered || (one.held && one.step >= step))),
        left: [n((one) => gone(one) && one.step === 0), n((one) => gone(one) && one.step >= 1)],
        touched: ['name', 'phone', 'wish'].map((id) => n((one) => one.touched.has(id))),
        stopped: ['name', 'phone', 'wish'].map((id) => n((one) => gone(one) && one.last === id)),
        leftUnseen: n((one) => gone(one) && one.step < 0),
        leftUntouched: n((one) => gone(one) && one.step >= 0 && one.last === null),
      },
    }
  }

  const cohort = new Map<string, Set<string>>()
  for (const { kind, service_id, visit_id, at } of looks) {
    const day = dayOf(at.getTime())
    if (kind !== 'service' || day < from || day > to) continue
    cohort.set(service_id, (cohort.get(service_id) ?? new Set()).add(visit_id))
  }
  const everyone = new Set([...cohort.values()].flatMap((one) => [...one]))
  return {
    all: figures(everyone, services).steps,
    of: (id: string) => figures(cohort.get(id) ?? new Set(), [id]),
  }
}

const read = (from: Day, to: Day) => must(owner.call, 'getFunnel', { query: { from, to } })
const serviceOf = (funnel: Reply<'getFunnel'>, id: string) =>
  funnel.services.find(({ serviceId }) => serviceId === id)

test('a crowd of visits: every figure of any span of days is that of the single looks and events', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(someVisit, { minLength: 10, maxLength: 30 }), async (crowd) => {
      for (const visit of crowd) await live(visit)
      for (const [from, to] of [
        [addDays(today, -5), today],
        [addDays(today, -1), addDays(today, -1)],
        [addDays(today, -3), addDays(today, -2)],
      ] as const) {
        const [said, counted] = [await read(from, to), await byHand(from, to)]
        expect(said.all).toEqual(counted.all)
        for (const id of services) {
          const [of, hand] = [serviceOf(said, id), counted.of(id)]
          if (!of) {
            expect(hand.steps.visits).toBe(0)
            continue
          }
          expect(of).toMatchObject(hand.steps)
          if (id === venue) continue
          expect({
            reached: of.form.steps.map(({ reached }) => reached),
            left: of.form.steps.map(({ left }) => left),
            touched: of.form.fields.map(({ touched }) => touched),
            stopped: of.form.fields.map(({ left }) => left),
            leftUnseen: of.form.leftUnseen,
            leftUntouched: of.form.leftUntouched,
          }).toEqual(hand.form)
        }
      }
    }),
    { numRuns: 4 },
  )
  const { all, services: shown } = await read(addDays(today, -5), today)
  // Not a proof of nothing: people came, and were lost at every step.
  expect(all.visits).toBeGreaterThan(all.held)
  expect(all.held).toBeGreaterThan(all.registered)
  expect(all.registered).toBeGreaterThan(all.paid)
  expect(all.paid).toBeGreaterThan(0)
  for (const { form, held, registered, registering } of shown) {
    const sum = (list: { left: number }[]) => list.reduce((total, one) => total + one.left, 0)
    const gone = held - registered - registering
    expect(sum(form.steps) + form.leftUnseen).toBe(gone)
  }
}, 120_000)

describe('telling', () => {
  const tell = (looks: unknown[], id: string = randomUUID()) =>
    caller(world.url)('putLooks', { params: { id }, body: { looks: looks as Look[] } })
  const look = (more: object = {}) => ({
    n: 0,
    agoMs: 0,
    serviceId: lecture,
    kind: 'service',
    ...more,
  })
  const rowsOf = (id: string) =>
    db().selectFrom('looks').selectAll().where('visit_id', '=', id).execute()

  test('a batch told again, also by two nodes at once, counts once', async () => {
    const id = randomUUID()
    const looks = [look({ agoMs: 60_000 }), look({ n: 1, kind: 'slots' })]
    await Promise.all(Array.from({ length: 20 }, () => tell(looks, id)))
    const rows = await rowsOf(id)
    expect(rows.map(({ n, kind }) => [n, kind]).sort()).toEqual([
      [0, 'service'],
      [1, 'slots'],
    ])
    const [first, second] = rows.sort((a, b) => a.n - b.n)
    expect((second?.at.getTime() ?? 0) - (first?.at.getTime() ?? 0)).toBe(60_000)
    // The page of a service seen twice is one visit of it.
    await tell([look({ n: 2 })], id)
    expect(await rowsOf(id)).toHaveLength(2)
  })

  test('of batches told at the same time each is decided alone', async () => {
    const ids = [randomUUID(), randomUUID(), randomUUID()] as const
    const answers = await Promise.all([
      tell([look()], ids[0]),
      tell([look(), look({ n: 1, serviceId: randomUUID() })], ids[1]),
      tell([look()], ids[2]),
    ])
    expect(answers.map((one) => (one.ok ? 'ok' : one.code))).toEqual(['ok', 'not_found', 'ok'])
    expect(await rowsOf(ids[1])).toEqual([])
    expect(await rowsOf(ids[2])).toHaveLength(1)
  })

  test.each([
    ['none', []],
    ['too many', Array.from({ length: looksAtOnce + 1 }, (_, n) => look({ n }))],
    ['a number beyond a visit’s', [look({ n: looksPerVisit })]],
    ['one of the future', [look({ agoMs: -1 })]],
    ['one too old', [look({ agoMs: oldestLookMs + 1 })]],
    ['an unknown kind', [look({ kind: 'name' })]],
    [
      'words that were typed',
      [look({ kind: 'field', orderId: randomUUID(), fieldId: 'a', value: 'x' })],
    ],
    ['who it was', [look({ userId: randomUUID() })]],
    ['a hold without its order', [look({ kind: 'hold' })]],
  ])('%s: refused, nothing written', async (_, looks) => {
    const id = randomUUID()
    expect(await tell(looks, id)).toMatchObject({ code: 'malformed' })
    expect(await rowsOf(id)).toEqual([])
  })

  test('an order that a stranger’s visit made up, or of another service, is no hold', async () => {
    await sql`delete from looks`.execute(db())
    const mine = await order(lecture, 'paid')
    await tell([look(), look({ n: 1, kind: 'hold', orderId: mine })])
    await tell([look(), look({ n: 1, kind: 'hold', orderId: mine })])
    await tell([look(), look({ n: 1, kind: 'hold', orderId: randomUUID() })])
    await tell([
      look({ serviceId: venue }),
      look({ n: 1, serviceId: venue, kind: 'hold', orderId: mine }),
    ])
    expect((await read(addDays(today, -1), addDays(today, 1))).all).toMatchObject({
      visits: 4,
      held: 1,
      paid: 1,
    })
  })
})

test('looks go when the merchant’s days are over, whole days on their clock, and not before', async () => {
  await sql`delete from looks`.execute(db())
  const at = (ms: number) =>
    sql`insert into looks (visit_id, n, service_id, kind, at)
    values (${randomUUID()}, 0, ${lecture}, 'service', ${new Date(ms)})`.execute(db())
  const first = instantOf(addDays(today, -180))
  await at(first)
  await at(first - 1)
  await at(first - 400 * dayMs)
  expect(await forgetLooks(world.parts)).toBe(2)
  expect(await forgetLooks(world.parts)).toBe(0)
  const left = await db().selectFrom('looks').select('at').execute()
  expect(left.map((one) => one.at.getTime())).toEqual([first])
})

test('whoever is erased leaves a visit without their order', async () => {
  await sql`delete from looks`.execute(db())
  const person = await signIn(world)
  const orderId = await order(lecture, 'held')
  await sql`update orders set user_id = ${person.userId} where id = ${orderId}`.execute(db())
  await must(caller(world.url), 'putLooks', {
    params: { id: randomUUID() },
    body: {
      looks: [
        { n: 0, agoMs: 0, serviceId: lecture, kind: 'service' },
        { n: 1, agoMs: 0, serviceId: lecture, kind: 'hold', orderId },
        { n: 2, agoMs: 0, serviceId: lecture, kind: 'field', orderId, fieldId: 'name' },
      ],
    },
  })
  expect(await erasePerson(world.parts, person.userId)).toEqual({})
  const left = await db().selectFrom('looks').select(['kind', 'order_id']).execute()
  expect(left).toEqual([{ kind: 'service', order_id: null }])
  expect((await read(addDays(today, -1), addDays(today, 1))).all).toMatchObject({
    visits: 1,
    held: 0,
  })
})

test('a span that ends before it begins, or is longer than a year, is refused', async () => {
  for (const query of [
    { from: today, to: addDays(today, -1) },
    { from: addDays(today, -400), to: today },
  ])
    expect(await owner.call('getFunnel', { query })).toMatchObject({ code: 'malformed' })
})
