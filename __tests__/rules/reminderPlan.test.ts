/**
 * Which reminders an order gets (B8): every sequence of what may happen to an order leads to exactly
 * the right ones. What is right is said a second time here, from the whole history at once, knowing
 * nothing of rows that are planned, dropped and taken up again.
 */
import { type OrderEvent, type OrderState, orderMoves, orderStates } from '@jiyue/contract/order'
import { type ReminderKindName, reminderKinds } from '@jiyue/contract/reminder'
import { minuteMs } from '@jiyue/contract/time'
import fc from 'fast-check'
import {
  type OrderNow,
  planReminders,
  replan,
  type WrittenReminder,
  whyNot,
} from '../../server/reminder/plan.ts'

const hour = 60 * minuteMs
const start = Date.parse('2026-11-22T04:00:00Z')

interface Change {
  at: number
  state: OrderState
  slot: number
  /** Its slot falls through (M9). */
  disrupted?: boolean
}

/** When each slot begins, ms; slot 0 is the first. */
type Slots = readonly number[]

const orderAt = (slots: Slots, { state, slot, disrupted }: Change): OrderNow => ({
  id: 'order',
  state,
  slotId: `slot ${slot}`,
  startsAt: new Date(slots[slot] ?? 0),
  ...(disrupted && { disrupted }),
})

/** The server's way: rows, replanned at each change, looked at each `everyMs`. */
function sentBy(slots: Slots, changes: readonly Change[], everyMs: number) {
  const rows: WrittenReminder[] = []
  const sent: { kind: ReminderKindName; slot: string; at: number }[] = []
  const end = Math.max(...slots, ...changes.map(({ at }) => at)) + 24 * hour
  let next = 0
  let order: OrderNow | null = null
  for (let now = start; now <= end; now += everyMs) {
    for (; next < changes.length && (changes[next]?.at ?? 0) <= now; next++) {
      const change = changes[next] as Change
      order = orderAt(slots, change)
      const { add, drop, again } = replan(rows, order, new Date(change.at))
      for (const one of add)
        rows.push({ ...one, id: `${rows.length}`, state: 'planned', reason: null })
      for (const { id, reason } of drop)
        Object.assign(rows[Number(id)] as object, { state: 'unsent', reason })
      for (const { id, dueAt } of again)
        Object.assign(rows[Number(id)] as object, { state: 'planned', reason: null, dueAt })
    }
    for (const row of rows) {
      if (row.state !== 'planned' || (row.dueAt?.getTime() ?? 0) > now) continue
      const reason = whyNot(row.kind, row, order, new Date(now))
      Object.assign(row, reason ? { state: 'unsent', reason } : { state: 'sent' })
      if (!reason) sent.push({ kind: row.kind, slot: row.slotId ?? '', at: now })
    }
  }
  return { sent, rows }
}

/** The rule, from the history: what the order is at an instant decides, and once is once. */
function rightSends(slots: Slots, changes: readonly Change[], everyMs: number) {
  const right: string[] = []
  const tick = (at: number) => start + Math.ceil((at - start) / everyMs) * everyMs
  const at = (instant: number) => changes.filter((one) => one.at <= instant).at(-1)
  const confirmed = changes.find(({ state, disrupted }) => state === 'confirmed' && !disrupted)
  // A move tells the new time: of the first one nothing is said after it.
  if (confirmed && at(tick(confirmed.at)) === confirmed) {
    right.push(`confirmed slot ${confirmed.slot}`)
  }
  slots.forEach((startsAt, slot) => {
    for (const kind of ['day_before', 'hours_before'] as const) {
      const due = startsAt - reminderKinds[kind].minutesBefore * minuteMs
      // It stood there when it was due, and stands there when it is looked at: who comes (back) after
      // that is like who books the same day.
      const last = at(tick(due))
      if (last?.state === 'confirmed' && !last.disrupted && last.slot === slot && last.at <= due)
        right.push(`${kind} slot ${slot}`)
    }
  })
  return right.sort()
}

const minutes = (most: number) => fc.integer({ min: 0, max: most })

/**
 * A life: any walk through the table of states, from held on; moved about among three slots, any of
 * which may fall through, and then nobody comes back to it.
 */
const life = fc
  .record({
    slots: fc.tuple(minutes(6000), minutes(6000), minutes(6000)),
    steps: fc.array(
      fc.record({
        after: fc.oneof(minutes(3), minutes(1500)),
        pick: fc.nat(),
        slot: fc.integer({ min: 0, max: 2 }),
        falls: fc.boolean(),
      }),
      { minLength: 1, maxLength: 9 },
    ),
  })
  .map(({ slots, steps }) => {
    let now: Change = { at: start, state: 'held', slot: 0 }
    const changes = [now]
    const fallen = new Set<number>()
    for (const { after, pick, slot, falls } of steps) {
      const at = now.at + (1 + after) * minuteMs
      const events = Object.keys(orderMoves[now.state]) as OrderEvent[]
      const event = events[pick % events.length]
      if (now.state === 'confirmed' && !now.disrupted && falls && pick % 4 === 0) {
        fallen.add(now.slot)
        now = { ...now, at, disrupted: true }
      } else if (!event) break
      else if (event === 'move') {
        if (slot === now.slot || fallen.has(slot)) continue
        now = { at, state: 'confirmed', slot }
      } else now = { ...now, at, state: orderMoves[now.state][event] as OrderState }
      changes.push(now)
    }
    return { slots: slots.map((one) => start + one * minuteMs), changes }
  })

test('任何次序的订单变化，都只发出恰好应发的提醒', () => {
  fc.assert(
    fc.property(life, fc.constantFrom(1, 5, 13), ({ slots, changes }, every) => {
      const { sent, rows } = sentBy(slots, changes, every * minuteMs)
      const told = sent.map(({ kind, slot }) => `${kind} ${slot}`).sort()
      expect(told).toEqual(rightSends(slots, changes, every * minuteMs))
      // Nothing is left over, and what was not sent says why.
      expect(rows.filter(({ state }) => state === 'planned')).toEqual([])
      expect(
        rows.filter(({ state, reason }) => (state === 'unsent') !== (reason !== null)),
      ).toEqual([])
    }),
    { numRuns: 1000 },
  )
})

test('the walks come by every state, by late money, corrections and slots that fall through', () => {
  const walks = fc.sample(life, { numRuns: 1000, seed: 1 })
  const seen = new Set(
    walks.flatMap(({ changes }) =>
      changes.slice(1).map(({ state, disrupted, slot }, at) => {
        const before = changes[at] as Change
        if (disrupted && !before.disrupted) return 'falls through'
        return slot === before.slot ? `${before.state} ${state}` : 'moves'
      }),
    ),
  )
  const all = orderStates.flatMap((state) =>
    Object.entries(orderMoves[state]).map(([event, next]) =>
      event === 'move' ? 'moves' : `${state} ${next}`,
    ),
  )
  expect([...all, 'falls through'].filter((one) => !seen.has(one))).toEqual([])
})

test('without taking dropped ones up again, coming back to a slot would stay silent', () => {
  const slots = [start + 100 * hour, start + 300 * hour]
  const changes: Change[] = [
    { at: start, state: 'confirmed', slot: 0 },
    { at: start + hour, state: 'confirmed', slot: 1 },
    { at: start + 2 * hour, state: 'confirmed', slot: 0 },
  ]
  expect(sentBy(slots, changes, minuteMs).sent.map(({ kind }) => kind)).toEqual([
    'confirmed',
    'day_before',
    'hours_before',
  ])
  const kept = replan([], orderAt(slots, changes[0] as Change), new Date(start)).add
  const dropped = { state: 'unsent', reason: 'moved' } as const
  const rows = kept.map((one, at): WrittenReminder => ({ ...one, id: `${at}`, ...dropped }))
  const back = replan(rows, orderAt(slots, changes[2] as Change), new Date(start + 2 * hour))
  expect(back.add).toEqual([])
  expect(back.again.map(({ id }) => rows[Number(id)]?.kind)).toEqual(['day_before', 'hours_before'])
})

test('the plan: at once, a day before, two hours before; what has passed is left out', () => {
  const kinds = (hours: number) =>
    planReminders(
      { id: 'order', state: 'confirmed', slotId: 'slot', startsAt: new Date(start + hours * hour) },
      new Date(start),
    ).map(({ kind }) => kind)
  expect(kinds(72)).toEqual(['confirmed', 'day_before', 'hours_before'])
  expect(kinds(24)).toEqual(['confirmed', 'day_before', 'hours_before'])
  expect(kinds(23.9)).toEqual(['confirmed', 'hours_before'])
  expect(kinds(1.9)).toEqual(['confirmed'])
})

test('in which state a kind makes sense is a table, and every cell is asked', () => {
  const row = { slotId: 'slot', dueAt: new Date(start) }
  for (const name of Object.keys(reminderKinds) as ReminderKindName[]) {
    const { states } = reminderKinds[name] as { states: readonly OrderState[] | null }
    for (const state of orderStates) {
      const said = whyNot(name, row, { state, slotId: 'slot' }, new Date(start))
      expect([name, state, said === null]).toEqual([name, state, states?.includes(state) ?? true])
    }
  }
})

test('too late, and after the end of what it offers, nothing is said', () => {
  const late = (name: ReminderKindName, minutesLate: number, until?: number) =>
    whyNot(
      name,
      {
        slotId: null,
        dueAt: new Date(start),
        untilAt: until === undefined ? null : new Date(until),
      },
      null,
      new Date(start + minutesLate * minuteMs),
    )
  expect(late('hours_before', 60)).toBeNull()
  expect(late('hours_before', 61)).toBe('too_late')
  expect(late('offered', 5, start + 6 * minuteMs)).toBeNull()
  expect(late('offered', 6, start + 6 * minuteMs)).toBe('too_late')
})
