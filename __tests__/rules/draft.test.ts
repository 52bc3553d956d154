/** Drafts of several devices become one (R6, R8): of each field the newest answer, in any order. */

import type { Draft, DraftEdit } from '@jiyue/contract/schema/wire'
import fc from 'fast-check'
import { mergeAnswers } from '../../server/registration/merge.ts'

const field = fc.constantFrom('name', 'phone', 'idCard', 'age', 'address')
/** Two devices never answer in the same millisecond here; what happens then has its own test. */
const drafts = fc
  .uniqueArray(fc.tuple(field, fc.nat(20_000_000), fc.string(), fc.nat(2)), {
    selector: ([, at]) => at,
    maxLength: 12,
  })
  .map((edits) => {
    const devices: Draft['values'][] = [{}, {}, {}]
    for (const [id, at, value, device] of edits) {
      const one = devices[device] as Draft['values']
      const answer = { value, at: new Date(Date.UTC(2026, 9, 1) + at).toISOString() }
      if (!one[id] || one[id].at < answer.at) one[id] = answer
    }
    return devices as [Draft['values'], Draft['values'], Draft['values']]
  })

const holds = (check: (a: Draft['values'], b: Draft['values'], c: Draft['values']) => void) =>
  fc.assert(
    fc.property(drafts, ([a, b, c]) => check(a, b, c)),
    { numRuns: 500 },
  )

test('the order in which devices save does not matter', () => {
  holds((a, b, c) => {
    expect(mergeAnswers(a, b)).toEqual(mergeAnswers(b, a))
    expect(mergeAnswers(mergeAnswers(a, b), c)).toEqual(mergeAnswers(a, mergeAnswers(b, c)))
  })
})

test('saving the same again changes nothing', () => {
  holds((a, b) => {
    expect(mergeAnswers(a, a)).toEqual(a)
    expect(mergeAnswers(mergeAnswers(a, b), b)).toEqual(mergeAnswers(a, b))
  })
})

test('no field is lost, and each has the newest answer anybody gave', () => {
  holds((a, b) => {
    const merged = mergeAnswers(a, b)
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
  expect(mergeAnswers(early, late)).toEqual(late)
  expect(mergeAnswers(late, early)).toEqual(late)
})

test('of two answers of the same instant the saved one stays', () => {
  const at = '2026-10-01T01:00:00.000Z'
  const [saved, given] = [{ name: { value: '甲', at } }, { name: { value: '乙', at } }]
  expect(mergeAnswers(saved, given)).toEqual(saved)
})

test('neither draft is changed by merging', () => {
  const saved = Object.freeze({ name: { value: '甲', at: '2026-10-01T01:00:00Z' } })
  const given = Object.freeze({ name: { value: '乙', at: '2026-10-01T01:00:01Z' } })
  expect(mergeAnswers(saved, given)).toEqual(given)
  expect(saved.name.value).toBe('甲')
})

/**
 * Two people's thumbs, one draft: a model of two devices (A and B) that show answers, edit them and
 * talk to the cloud whenever the line allows.
 */
describe('the same field on two devices', () => {
  const at = (ms: number) => new Date(Date.UTC(2026, 9, 1) + ms).toISOString()
  const saved = { name: { value: '初', at: at(0) } }
  const edit = (value: string, ms: number, seenAt: string | null, settles?: string) => ({
    name: { value, at: at(ms), seenAt, ...(settles && { settles }) },
  })

  test('who had seen the answer follows it, and nobody is asked', () => {
    expect(mergeAnswers(saved, edit('后', 9, at(0)))).toEqual({ name: { value: '后', at: at(9) } })
  })

  test('who had seen it and whose clock is behind still follows it', () => {
    const late = { name: { value: '初', at: at(5000) } }
    expect(mergeAnswers(late, edit('后', 9, at(5000))).name).toEqual({ value: '后', at: at(5001) })
  })

  test('who had not seen it: the newer one stands and the other one is kept, from either side', () => {
    const both = { name: { value: '乙', at: at(9), other: { value: '甲', at: at(5) } } }
    const first = mergeAnswers(saved, edit('甲', 5, at(0)))
    expect(mergeAnswers(first, edit('乙', 9, at(0)))).toEqual(both)
    const second = mergeAnswers(saved, edit('乙', 9, at(0)))
    expect(mergeAnswers(second, edit('甲', 5, at(0)))).toEqual(both)
  })

  test('the same said on both is no question', () => {
    const first = mergeAnswers(saved, edit('甲', 5, at(0)))
    expect(mergeAnswers(first, edit('甲', 9, at(0)))).toEqual({ name: { value: '甲', at: at(9) } })
  })

  test('going on typing does not answer the question, choosing does', () => {
    const both = mergeAnswers(mergeAnswers(saved, edit('甲', 5, at(0))), edit('乙', 9, at(0)))
    const typed = mergeAnswers(both, edit('乙乙', 12, at(9)))
    expect(typed.name?.other?.value).toBe('甲')
    expect(mergeAnswers(typed, edit('甲', 15, at(12), at(5)))).toEqual({
      name: { value: '甲', at: at(15) },
    })
  })

  test('choosing ends only the question that was seen, not one raised meanwhile', () => {
    const asked = { name: { value: '乙', at: at(9), other: { value: '丙', at: at(7) } } }
    const chosen = mergeAnswers(asked, edit('甲', 15, at(9), at(5)))
    expect(chosen.name).toEqual({ value: '甲', at: at(15), other: { value: '丙', at: at(7) } })
  })

  test('a saving whose answer was lost asks nothing when it comes again', () => {
    const once = mergeAnswers(saved, edit('甲', 5, at(0)))
    expect(mergeAnswers(once, edit('甲', 5, at(0)))).toEqual(once)
  })

  test('whatever two devices do, no answer is lost but one that somebody replaced knowing it', () => {
    const step = fc.tuple(fc.constantFrom(0, 1), fc.constantFrom('type', 'choose', 'sync'))
    fc.assert(
      fc.property(
        fc.array(step, { maxLength: 24 }),
        fc.integer({ min: -80, max: 80 }),
        (steps, skew) => {
          const story = twoDevices(skew)
          for (const [device, does] of steps) story[does as keyof typeof story](device)
          story.check()
        },
      ),
      { numRuns: 5000 },
    )
  })

  /** What is shown and not yet sent, as src/lib/drafts.ts has it; `known`: all it ever showed. */
  interface Device {
    shown: Draft['values'][string] | undefined
    edit: DraftEdit | undefined
    known: Set<unknown>
  }

  function twoDevices(skew: number) {
    let cloud: Draft['values'] = {}
    let ticks = 0
    const devices = [0, 1].map(
      (): Device => ({ shown: undefined, edit: undefined, known: new Set() }),
    )
    const open = new Set<unknown>()
    const of = (device: number) => devices[device] as Device

    function say(device: number, value: unknown, settles?: string) {
      const mine = of(device)
      const seenAt = mine.edit ? (mine.edit.seenAt ?? null) : (mine.shown?.at ?? null)
      const when = at(10_000 + 10 * ++ticks + device * skew)
      mine.edit = { value, at: when, seenAt, ...(settles && { settles }) }
      for (const seen of mine.known) open.delete(seen)
      open.add(value)
      mine.known.add(value)
    }

    return {
      type: (device: number) => say(device, `${device} ${ticks}`),
      choose(device: number) {
        const { shown, edit } = of(device)
        if (!edit && shown?.other) say(device, shown.other.value, shown.other.at)
      },
      sync(device: number) {
        const mine = of(device)
        if (mine.edit) cloud = mergeAnswers(cloud, { a: mine.edit })
        mine.edit = undefined
        mine.shown = cloud.a
        for (const seen of [cloud.a?.value, cloud.a?.other?.value]) mine.known.add(seen)
      },
      check() {
        const kept = [
          cloud.a?.value,
          cloud.a?.other?.value,
          ...devices.map(({ edit }) => edit?.value),
        ]
        expect([...open].filter((value) => !kept.includes(value))).toEqual([])
      },
    }
  }
})
