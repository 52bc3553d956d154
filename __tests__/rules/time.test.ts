/** The merchant's clock: instants, days and countdowns, over any time somebody may book. */
import {
  addDays,
  clockText,
  countdownText,
  dateText,
  dayMs,
  dayOf,
  durationText,
  instantOf,
  minuteMs,
  wallClock,
} from '@jiyue/contract/time'
import fc from 'fast-check'

const instant = fc.integer({ min: Date.UTC(2000, 0, 1), max: Date.UTC(2999, 11, 31) })
const day = instant.map(dayOf)

const holds = <T>(arbitrary: fc.Arbitrary<T>, check: (value: T) => void) =>
  fc.assert(fc.property(arbitrary, check), { numRuns: 1000 })

/** An independent clock: ICU's own data of Shanghai. */
const shanghai = new Intl.DateTimeFormat('sv-SE', {
  timeZone: 'Asia/Shanghai',
  dateStyle: 'short',
  timeStyle: 'medium',
})

test('the wall clock is Shanghai’s, as ICU knows it', () => {
  holds(instant, (ms) => {
    const at = wallClock(ms)
    const [date, time] = shanghai.format(ms).split(' ')
    expect(dayOf(ms)).toBe(date)
    expect(clockText(ms)).toBe(time?.slice(0, 5))
    expect(at.weekday).toBe(new Date(`${date}T00:00:00Z`).getUTCDay())
  })
})

test('a day and its minutes name one instant, and the instant names them', () => {
  holds(fc.tuple(day, fc.integer({ min: 0, max: 1439 })), ([date, minutes]) => {
    const ms = instantOf(date, minutes)
    expect(dayOf(ms)).toBe(date)
    const at = wallClock(ms)
    expect(at.hour * 60 + at.minute).toBe(minutes)
    expect(wallClock(new Date(ms).toISOString())).toEqual(at)
  })
})

test('every instant lies in the day it is of', () => {
  holds(instant, (ms) => {
    const start = instantOf(dayOf(ms))
    expect(ms - start).toBeGreaterThanOrEqual(0)
    expect(ms - start).toBeLessThan(dayMs)
  })
})

test('days add up over months, leap days and centuries', () => {
  const count = fc.integer({ min: -40_000, max: 40_000 })
  holds(fc.tuple(day, count, count), ([date, a, b]) => {
    expect(addDays(addDays(date, a), b)).toBe(addDays(date, a + b))
    expect(instantOf(addDays(date, a)) - instantOf(date)).toBe(a * dayMs)
  })
})

test.each([
  ['2028-02-28', 1, '2028-02-29'],
  ['2027-02-28', 1, '2027-03-01'],
  ['2100-02-28', 1, '2100-03-01'],
  ['2026-12-31', 1, '2027-01-01'],
  ['2027-01-01', -1, '2026-12-31'],
])('%s and %d days', (date, count, expected) => expect(addDays(date, count)).toBe(expected))

test('midnight in Shanghai is the day before in UTC', () => {
  expect(new Date(instantOf('2026-10-01')).toISOString()).toBe('2026-09-30T16:00:00.000Z')
  expect(dateText(instantOf('2026-10-01'))).toBe('10月1日 周四')
})

describe('countdowns', () => {
  test('say what is left to the second, never less than it is and never below zero', () => {
    holds(fc.integer({ min: -dayMs, max: dayMs }), (ms) => {
      const shown = countdownText(ms)
        .split(':')
        .reduce((total, part) => total * 60 + Number(part), 0)
      expect(shown).toBe(Math.max(0, Math.ceil(ms / 1000)))
    })
  })

  test.each([
    [15 * minuteMs, '15:00'],
    [15 * minuteMs - 1, '15:00'],
    [1, '00:01'],
    [0, '00:00'],
    [-5000, '00:00'],
    [65 * minuteMs, '1:05:00'],
    [60 * minuteMs - 1, '1:00:00'],
  ])('%d ms: %s', (ms, text) => expect(countdownText(ms)).toBe(text))
})

test.each([
  [45, '45 分钟'],
  [60, '1 小时'],
  [90, '1 小时 30 分钟'],
  [240, '4 小时'],
])('%d minutes: %s', (minutes, text) => expect(durationText(minutes)).toBe(text))
