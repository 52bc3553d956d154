/** A party that no single slot holds (B6): found whenever there is a way, and never a wrong one. Pure. */
import { groupMost, splitParty } from '@jiyue/contract/group'
import fc from 'fast-check'

const base = Date.parse('2026-11-29T02:00:00Z')
const slot = (id: string, hour: number, left: number) => ({
  id,
  startsAt: new Date(base + hour * 3_600_000).toISOString(),
  left,
})
const wantedAt = new Date(base).toISOString()
const shown = (parts: ReturnType<typeof splitParty>) =>
  parts.map(({ slot: { id }, party }) => [id, party])

const cases = fc.record({
  lefts: fc.array(fc.integer({ min: 0, max: 12 }), { maxLength: 40 }),
  hours: fc.array(fc.integer({ min: -72, max: 72 }), { minLength: 40, maxLength: 40 }),
  party: fc.integer({ min: 1, max: 40 }),
  min: fc.integer({ min: 1, max: 4 }),
  more: fc.integer({ min: 0, max: 10 }),
  most: fc.integer({ min: 1, max: 6 }),
})
type Case = typeof cases extends fc.Arbitrary<infer C> ? C : never
const slotsOf = ({ lefts, hours }: Case) =>
  lefts.map((left, i) => slot(`s${i}`, hours[i] ?? 0, left))
const ruleOf = ({ min, more, most }: Case) => ({ min, max: min + more, most })

/** The fewest slots that hold the party, by the roomiest ones; null when none do. */
function fewest(one: Case): number | null {
  const { min, max, most } = ruleOf(one)
  const rooms = one.lefts
    .map((left) => Math.min(left, max))
    .filter((room) => room >= min)
    .sort((a, b) => b - a)
  for (let count = 2; count <= Math.min(most, groupMost, rooms.length); count++) {
    const seats = rooms.slice(0, count).reduce((sum, room) => sum + room, 0)
    if (seats >= one.party && min * count <= one.party) return count
  }
  return null
}

test('all of the party has a place, nowhere more than is left or allowed, nowhere too few', () => {
  fc.assert(
    fc.property(cases, (one) => {
      const rule = ruleOf(one)
      const parts = splitParty(slotsOf(one), wantedAt, one.party, rule)
      if (parts.length === 0) return
      expect(parts.reduce((sum, { party }) => sum + party, 0)).toBe(one.party)
      for (const { slot: there, party } of parts) {
        expect(party).toBeLessThanOrEqual(Math.min(there.left, rule.max))
        expect(party).toBeGreaterThanOrEqual(rule.min)
      }
      expect(new Set(parts.map(({ slot: there }) => there.id)).size).toBe(parts.length)
    }),
    { numRuns: 300 },
  )
})

test('a way is found whenever there is one, and with the fewest slots', () => {
  fc.assert(
    fc.property(cases, (one) => {
      const parts = splitParty(slotsOf(one), wantedAt, one.party, ruleOf(one))
      expect(parts.length === 0 ? null : parts.length).toBe(fewest(one))
    }),
    { numRuns: 300 },
  )
})

test('of few slots, none that would do is nearer than the chosen ones', () => {
  const few = cases.map((one) => ({ ...one, lefts: one.lefts.slice(0, 7) }))
  fc.assert(
    fc.property(few, (one) => {
      const rule = ruleOf(one)
      const slots = slotsOf(one)
      const parts = splitParty(slots, wantedAt, one.party, rule)
      const away = (chosen: readonly { startsAt: string }[]) =>
        chosen.reduce((sum, { startsAt }) => sum + Math.abs(Date.parse(startsAt) - base), 0)
      const chosen = away(parts.map(({ slot: there }) => there))
      for (const others of choices(slots, parts.length)) {
        const rooms = others.map(({ left }) => Math.min(left, rule.max))
        const holds = rooms.reduce((sum, room) => sum + room, 0) >= one.party
        if (parts.length > 0 && holds && rooms.every((room) => room >= rule.min))
          expect(away(others)).toBeGreaterThanOrEqual(chosen)
      }
    }),
    { numRuns: 200 },
  )
})

function choices<T>(all: readonly T[], count: number): T[][] {
  if (count === 0) return [[]]
  return all.flatMap((one, i) => choices(all.slice(i + 1), count - 1).map((rest) => [one, ...rest]))
}

test('shown in the order of time, the wanted slot filled first', () => {
  const slots = [slot('later', 5, 9), slot('wanted', 0, 2), slot('before', -1, 3)]
  expect(shown(splitParty(slots, wantedAt, 5, { min: 1, max: 9, most: 3 }))).toEqual([
    ['before', 3],
    ['wanted', 2],
  ])
})

test('no slots that hold it: nothing is suggested', () => {
  const rule = { min: 1, max: 9, most: 3 }
  expect(splitParty([slot('a', 0, 2), slot('b', 1, 2)], wantedAt, 5, rule)).toEqual([])
  expect(splitParty([], wantedAt, 5, rule)).toEqual([])
})
