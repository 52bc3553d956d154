/** The queue's rules (T5), pure: how many go in, how long it takes, and what a phone makes of news. */
import { estimateSeconds, type Place, placeAfter, queueText, waitText } from '@jiyue/contract/queue'
import fc from 'fast-check'
import {
  type Load,
  usualLimits as limits,
  nextLimit,
  perMinute,
  roomOf,
  type Sample,
  withSample,
} from '../../server/queue/admit.ts'
import { processKeeper } from '../../server/queue/processKeeper.ts'

const quiet: Load = { inside: 0, fresh: 0, asked: 0, holdMs: null, loopMs: 0 }

describe('how many go in', () => {
  test('a quiet shop never shows a queue: a handful goes in whatever the clocks say', () => {
    const busyMachine = { ...quiet, inside: 5, asked: 20, holdMs: 9_000, loopMs: 900 }
    expect(roomOf(limits.least, busyMachine, false, limits)).toMatchObject({ full: false })
  })

  test('a crowd before a late event loop waits', () => {
    const crowd = { ...quiet, inside: 5, asked: 5_000, loopMs: 900 }
    expect(roomOf(limits.most, crowd, false, limits)).toEqual({ room: 0, full: true })
  })

  test('a full node lets nobody in until a quarter of it is free', () => {
    const seen: boolean[] = []
    let full = false
    for (const inside of [399, 400, 390, 301, 300, 399]) {
      full = roomOf(400, { ...quiet, inside }, full, limits).full
      seen.push(full)
    }
    expect(seen).toEqual([false, true, true, true, false, false])
  })

  test('slow holds shrink the number let in, to a batch at the least; quick ones let it grow', () => {
    let limit = 1_000
    for (let tick = 0; tick < 100; tick++)
      limit = nextLimit(limit, { ...quiet, inside: limit, holdMs: 3_000 }, limits)
    expect(limit).toBe(limits.least)
    for (let tick = 0; tick < 100; tick++)
      limit = nextLimit(limit, { ...quiet, inside: limit, holdMs: 20 }, limits)
    expect(limit).toBe(limits.most)
  })

  test('a number that held nobody up stays: quick holds of a quiet hour prove nothing', () => {
    expect(nextLimit(500, { ...quiet, inside: 3, holdMs: 2 }, limits)).toBe(500)
  })

  test('never more inside and on their way than the limit, whatever the load', () => {
    const load = fc.record({
      inside: fc.nat(6_000),
      fresh: fc.nat(6_000),
      asked: fc.nat(20_000),
      holdMs: fc.option(fc.nat(10_000)),
      loopMs: fc.nat(2_000),
    })
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 5_000 }), load, fc.boolean(), (was, seen, full) => {
        const limit = nextLimit(was, seen, limits)
        const { room } = roomOf(limit, seen, full, limits)
        expect(limit).toBeGreaterThanOrEqual(limits.least)
        expect(limit).toBeLessThanOrEqual(limits.most)
        expect(room).toBeGreaterThanOrEqual(0)
        if (room > 0) expect(seen.inside + seen.fresh + room).toBeLessThanOrEqual(limit)
      }),
    )
  })
})

describe('an honest estimate', () => {
  test('is what was measured, and nothing while nothing was', () => {
    let samples: Sample[] = []
    expect(perMinute(samples)).toBeNull()
    for (let second = 0; second <= 60; second++)
      samples = withSample(samples, { at: second * 1_000, admitted: second * 5 })
    expect(samples.length).toBeLessThan(40)
    expect(perMinute(samples)).toBe(300)
    expect(estimateSeconds(599, 300)).toBe(120)
    expect(estimateSeconds(599, null)).toBeNull()
    expect(estimateSeconds(599, 0)).toBeNull()
  })

  test('a door that stands still makes no promise', () => {
    let samples: Sample[] = []
    for (let second = 0; second <= 40; second++)
      samples = withSample(samples, { at: second * 1_000, admitted: 70 })
    expect(estimateSeconds(3, perMinute(samples))).toBeNull()
  })

  test('a queue that was begun anew is measured anew', () => {
    const old = withSample([], { at: 0, admitted: 900 })
    expect(withSample(old, { at: 5_000, admitted: 3 })).toEqual([{ at: 5_000, admitted: 3 }])
  })

  test.each([
    [null, '正在估算等待时间'],
    [59, '预计等待不到 1 分钟'],
    [61, '预计等待约 2 分钟'],
    [3_600, '预计等待约 60 分钟'],
    [3_700, '预计等待约 2 小时'],
  ])('%p seconds are said as %s', (seconds, text) => expect(waitText(seconds)).toBe(text))

  test('the sentence people read', () => {
    expect(queueText(36)).toBe('您当前排队中，前方还有 36 人')
  })
})

describe('a place after news', () => {
  const place: Place = { number: 700, ahead: 5, admitted: 20 }

  test('moves up by those let in; is a turn from its own number on', () => {
    expect(placeAfter(place, { admitted: 23, through: 650 })).toEqual({
      state: 'waiting',
      place: { number: 700, ahead: 2, admitted: 23 },
    })
    expect(placeAfter(place, { admitted: 25, through: 700 })).toEqual({ state: 'turn' })
    expect(placeAfter(place, { admitted: 22, through: 701 })).toEqual({ state: 'turn' })
  })

  test('is read again when the queue began anew', () => {
    expect(placeAfter(place, { admitted: 3, through: 90 })).toEqual({ state: 'unknown' })
  })
})

describe('the line itself, over thousands of histories', () => {
  type Step =
    | { kind: 'arrive' | 'leave' | 'spend'; who: number }
    | { kind: 'admit'; count: number }
    | { kind: 'time'; ms: number }
  const who = fc.nat(7)
  const step: fc.Arbitrary<Step> = fc.oneof(
    fc.record({ kind: fc.constantFrom('arrive' as const, 'leave' as const), who }),
    fc.record({ kind: fc.constant('spend' as const), who }),
    fc.record({ kind: fc.constant('admit' as const), count: fc.nat(3) }),
    fc.record({ kind: fc.constant('time' as const), ms: fc.integer({ min: 1, max: 70_000 }) }),
  )
  const service = 's'
  const keepMs = 1e9
  const most = 5

  test('nobody overtakes, one place per person, none beyond the most, none let in unasked', () =>
    fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 60 }), async (steps) => {
        const keeper = processKeeper()
        let now = 1_000_000
        let line: string[] = []
        for (const one of steps) {
          if (one.kind === 'time') now += one.ms
          if (one.kind === 'spend') await keeper.finish(service, `u${one.who}`, true)
          if (one.kind === 'leave') {
            await keeper.leave(service, `u${one.who}`)
            line = line.filter((user) => user !== `u${one.who}`)
          }
          if (one.kind === 'arrive') {
            const user = `u${one.who}`
            const asked = { service, user, now, most, number: 0, straight: false, holds: false }
            const standing = await keeper.arrive({ ...asked, known: false, keepMs })
            if (standing.state === 'waiting') {
              if (!line.includes(user)) line.push(user)
              expect(standing.ahead).toBe(line.indexOf(user))
            } else if (standing.state === 'full') expect(line).toHaveLength(most)
          }
          if (one.kind === 'admit') {
            const { users, count } = await keeper.admit({
              service,
              now,
              count: one.count,
              passMs: 60_000,
              keepMs,
            })
            expect(users).toEqual(line.slice(0, one.count))
            line = line.slice(one.count)
            expect(count.waiting).toBe(line.length)
          }
        }
      }),
      { numRuns: 2_000 },
    ))
})
