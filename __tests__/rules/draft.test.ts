/** Drafts of several devices become one (R6, R8): of each field the newest answer, in any order. */
import fc from 'fast-check'
import type { SealedAnswers } from '../../server/db/schema.ts'
import { newest } from '../../server/registration/draft.ts'

const field = fc.constantFrom('name', 'phone', 'idCard', 'age', 'address')
/** Two devices never answer in the same millisecond here; what happens then has its own test. */
const drafts = fc
  .uniqueArray(fc.tuple(field, fc.nat(20_000_000), fc.string(), fc.nat(2)), {
    selector: ([, at]) => at,
    maxLength: 12,
  })
  .map((edits) => {
    const devices: SealedAnswers[] = [{}, {}, {}]
    for (const [id, at, value, device] of edits) {
      const one = devices[device] as SealedAnswers
      const answer = { value, at: new Date(Date.UTC(2026, 9, 1) + at).toISOString() }
      if (!one[id] || one[id].at < answer.at) one[id] = answer
    }
    return devices as [SealedAnswers, SealedAnswers, SealedAnswers]
  })

const holds = (check: (a: SealedAnswers, b: SealedAnswers, c: SealedAnswers) => void) =>
  fc.assert(
    fc.property(drafts, ([a, b, c]) => check(a, b, c)),
    { numRuns: 500 },
  )

test('the order in which devices save does not matter', () => {
  holds((a, b, c) => {
    expect(newest(a, b)).toEqual(newest(b, a))
    expect(newest(newest(a, b), c)).toEqual(newest(a, newest(b, c)))
  })
})

test('saving the same again changes nothing', () => {
  holds((a, b) => {
    expect(newest(a, a)).toEqual(a)
    expect(newest(newest(a, b), b)).toEqual(newest(a, b))
  })
})

test('no field is lost, and each has the newest answer anybody gave', () => {
  holds((a, b) => {
    const merged = newest(a, b)
    expect(Object.keys(merged).sort()).toEqual([...new Set(Object.keys({ ...a, ...b }))].sort())
    for (const [id, answer] of Object.entries(merged)) {
      const given = [a[id]?.at, b[id]?.at].filter((at) => at !== undefined)
      expect(answer.at).toBe(given.sort().at(-1))
    }
  })
})

test('times are compared as instants, whatever zone they are written in', () => {
  const early = { name: { value: '早', at: '2026-10-01T09:00:00+08:00' } }
  const late = { name: { value: '晚', at: '2026-10-01T01:00:01Z' } }
  expect(newest(early, late)).toEqual(late)
  expect(newest(late, early)).toEqual(late)
})

test('of two answers of the same instant the saved one stays', () => {
  const at = '2026-10-01T01:00:00.000Z'
  const [saved, given] = [{ name: { value: '甲', at } }, { name: { value: '乙', at } }]
  expect(newest(saved, given)).toEqual(saved)
})

test('neither draft is changed by merging', () => {
  const saved = Object.freeze({ name: { value: '甲', at: '2026-10-01T01:00:00Z' } })
  const given = Object.freeze({ name: { value: '乙', at: '2026-10-01T01:00:01Z' } })
  expect(newest(saved, given)).toEqual(given)
  expect(saved.name.value).toBe('甲')
})
