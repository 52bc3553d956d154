/** 推荐时段 (G6): never a slot that cannot be had, and each with a reason that is true. */
import type { OrderCard, Slot } from '@jiyue/contract/schema/wire'
import { instantOf } from '@jiyue/contract/time'
import fc from 'fast-check'
import { mostRecommended, recommendSlots } from '../../src/lib/recommend.ts'

const now = instantOf('2026-12-01', 8 * 60)
const iso = (day: string, minute: number) => new Date(instantOf(day, minute)).toISOString()
const open = (day: string) => ({ day, open: true, kind: 'workday' as const, name: null })
const days = ['2026-12-01', '2026-12-04', '2026-12-05', '2026-12-06'].map(open)

let ids = 0
function slot(day: string, hour: number, more: Partial<Slot> = {}): Slot {
  ids += 1
  const startsAt = iso(day, hour * 60)
  return {
    id: `slot ${ids}`,
    serviceId: 'service',
    startsAt,
    endsAt: iso(day, hour * 60 + 60),
    bookableUntil: startsAt,
    branchId: null,
    staffId: null,
    roomId: null,
    capacity: 1,
    left: 1,
    priceFen: 100,
    closed: false,
    busy: false,
    version: 1,
    ...more,
  }
}
function order(day: string, hour: number, more: Partial<OrderCard> = {}): OrderCard {
  ids += 1
  return {
    id: `order ${ids}`,
    state: 'completed',
    slot: {
      id: `past ${ids}`,
      startsAt: iso(day, hour * 60),
      endsAt: iso(day, hour * 60 + 60),
      staffId: null,
    },
    ...more,
  } as OrderCard
}
const staff = [
  { id: 'zhou', name: '周敏' },
  { id: 'liu', name: '刘芳' },
]
/** An order that this person was there for. */
const orderWith = (staffId: string, day: string, hour: number) => {
  const one = order(day, hour)
  return { ...one, slot: { ...one.slot, staffId } }
}
const reasons = (given: { orders: OrderCard[]; slots: Slot[]; party?: number }) =>
  recommendSlots({ days, now, staff, party: 1, ...given }).map(({ slot: { id }, reason }) => [
    id,
    reason,
  ])

test('the weekday and hour of before comes first, then the part of the day, then the quietest', () => {
  const saturday = slot('2026-12-05', 10)
  const morning = slot('2026-12-04', 9)
  const quiet = slot('2026-12-06', 15, { capacity: 10, left: 10 })
  const busy = slot('2026-12-06', 16, { capacity: 10, left: 1 })
  const orders = [order('2026-11-28', 10), order('2026-11-21', 10), order('2026-11-10', 9)]
  expect(reasons({ orders, slots: [busy, quiet, morning, saturday] })).toEqual([
    [saturday.id, '您常约周六 10:00'],
    [morning.id, '您常约上午'],
    [quiet.id, '预约的人少，更从容'],
  ])
})

test('once is no habit: it says so', () => {
  const saturday = slot('2026-12-05', 10)
  expect(reasons({ orders: [order('2026-11-28', 10)], slots: [saturday] })).toEqual([
    [saturday.id, '您上次约了周六 10:00'],
  ])
})

test('who was there before comes first, at the hour of before where they are free then', () => {
  const early = slot('2026-12-04', 9, { staffId: 'zhou' })
  const saturday = slot('2026-12-05', 10, { staffId: 'zhou' })
  const other = slot('2026-12-04', 8, { staffId: 'liu' })
  const past = [orderWith('zhou', '2026-11-28', 10), orderWith('zhou', '2026-11-20', 15)]
  const [first] = reasons({ orders: past, slots: [other, early, saturday] })
  expect(first).toEqual([saturday.id, '您常约周敏'])
  const [once] = reasons({ orders: past.slice(0, 1), slots: [other, early] })
  expect(once).toEqual([early.id, '上次由周敏服务'])
})

test('who was there before and has nothing free is not named; the one of fewer times is', () => {
  const past = [
    orderWith('zhou', '2026-11-28', 10),
    orderWith('zhou', '2026-11-21', 10),
    orderWith('liu', '2026-11-14', 10),
  ]
  const full = slot('2026-12-04', 9, { staffId: 'zhou', left: 0 })
  const free = slot('2026-12-06', 20, { staffId: 'liu' })
  expect(reasons({ orders: past, slots: [full, free] })).toEqual([[free.id, '上次由刘芳服务']])
  // Nobody the service has any more.
  const gone = slot('2026-12-06', 20, { staffId: 'gone' })
  const before = [orderWith('gone', '2026-11-28', 9)]
  expect(reasons({ orders: before, slots: [gone] })).toEqual([])
})

test('what was given up is no history', () => {
  const orders = [order('2026-11-28', 10, { state: 'cancelled' })]
  expect(reasons({ orders, slots: [slot('2026-12-05', 10)] })).toEqual([])
})

test('where all are as free, none is recommended for it', () => {
  const all = { capacity: 10, left: 10 }
  expect(
    reasons({ orders: [], slots: [slot('2026-12-04', 9, all), slot('2026-12-05', 9, all)] }),
  ).toEqual([])
})

test('never one that cannot be had: full, too small, past, shut, or had already', () => {
  const hour = fc.integer({ min: 0, max: 22 })
  const day = fc.constantFrom(...days.map((one) => one.day))
  const some = fc.record({
    day,
    hour,
    capacity: fc.integer({ min: 1, max: 10 }),
    taken: fc.integer({ min: 0, max: 10 }),
    closed: fc.boolean(),
    busy: fc.boolean(),
    mine: fc.boolean(),
    staffId: fc.constantFrom('zhou', 'liu', null),
  })
  fc.assert(
    fc.property(
      fc.array(some, { maxLength: 20 }),
      fc.integer({ min: 1, max: 4 }),
      (given, party) => {
        const slots = given.map(({ day, hour, capacity, taken, closed, busy, staffId }) =>
          slot(day, hour, { capacity, left: Math.max(0, capacity - taken), closed, busy, staffId }),
        )
        const orders = given.flatMap(({ day, hour, mine, staffId }, i) =>
          mine
            ? [order(day, hour, { state: 'confirmed', slot: slots[i] as Slot })]
            : [staffId ? orderWith(staffId, '2026-11-28', hour) : order('2026-11-28', hour)],
        )
        const found = recommendSlots({ orders, slots, days, staff, party, now })
        expect(found.length).toBeLessThanOrEqual(mostRecommended)
        expect(new Set(found.map(({ slot }) => slot.id)).size).toBe(found.length)
        for (const { slot, reason } of found) {
          expect(slot.left).toBeGreaterThanOrEqual(party)
          expect(slot.closed || slot.busy).toBe(false)
          expect(Date.parse(slot.bookableUntil)).toBeGreaterThan(now)
          expect(orders.some((one) => one.slot.id === slot.id)).toBe(false)
          expect(reason).not.toBe('')
          // Who is named has the slot, and was there before as often as it says.
          const named = staff.filter(({ name }) => reason.includes(name))[0]
          if (!named) continue
          expect(slot.staffId).toBe(named.id)
          const times = orders.filter((one) => one.slot.staffId === named.id).length
          expect(reason).toBe(times < 2 ? `上次由${named.name}服务` : `您常约${named.name}`)
        }
      },
    ),
  )
})
