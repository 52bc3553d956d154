/** Where slots stand in the console's calendar, where a dragged one would, and which one act is about (M1). */
import type { ConsoleSlot, Reply } from '@jiyue/contract/schema/wire'
import { keptReasons, whyFixed } from '@jiyue/contract/slots'
import { instantOf, minuteMs } from '@jiyue/contract/time'
import dayjs from 'dayjs'
import fc from 'fast-check'
import { chosenBy } from '../../console/pages/booking/closureChoice.ts'
import { columnsOf, rowsOf } from '../../console/pages/booking/columnsOf.ts'
import {
  dragged,
  hoursOf,
  lengthIn,
  place,
  spanIn,
  stepMinutes,
  timesAt,
} from '../../console/pages/booking/grid.ts'
import { placeOf } from '../../console/pages/booking/placeOf.ts'
import { clockOf, timesIn } from '../../console/pages/booking/slotValues.ts'
import { whyKept } from '../../server/booking/closures.ts'

const day = '2026-11-23'
const at = (minute: number) => new Date(instantOf(day, minute)).toISOString()
const timed = (from: number, to: number) => ({ startsAt: at(from), endsAt: at(to) })
const slot = (id: string, more: Partial<ConsoleSlot> = {}) =>
  ({
    id,
    ...timed(540, 600),
    serviceId: 's',
    serviceName: '',
    staffId: null,
    staffName: null,
    roomId: null,
    branchId: null,
    closedReason: null,
    taken: 0,
    waiting: 0,
    ...more,
  }) as ConsoleSlot
const choices = {
  services: [
    { id: 's', name: '保洁' },
    { id: 't', name: '讲座' },
  ],
  staff: [
    { id: 'zhou', name: '周敏', serviceIds: ['s'] },
    { id: 'gu', name: '顾老师', serviceIds: ['t'] },
  ],
  rooms: [{ id: 'loft', name: '露台', branchId: 'pudong', serviceIds: ['t'] }],
  branches: [{ id: 'pudong', name: '浦东店' }],
} as unknown as Reply<'listConsoleServices'>
const week = { view: 'week' as const, from: day, to: '2026-11-29', choices, service: undefined }
const ids = (slots: readonly ConsoleSlot[]) => slots.map(({ id }) => id)

describe('columns', () => {
  test('a slot stands in the column of its day in Shanghai, wherever the screen is', () => {
    const slots = [
      slot('late', { startsAt: '2026-11-23T15:59:00Z' }),
      slot('next', { startsAt: '2026-11-23T16:00:00Z' }),
    ]
    expect(columnsOf({ ...week, by: 'days', slots }).map((one) => ids(one.slots))).toEqual([
      ['late'],
      ['next'],
      ...Array(5).fill([]),
    ])
  })

  test('within a day each service, person, room or branch has its column; what is nobody’s comes last', () => {
    const slots = [
      slot('2', { ...timed(840, 900), staffId: 'zhou' }),
      slot('1', { staffId: 'zhou' }),
      slot('free'),
      slot('old', { staffId: 'gone', staffName: '离职的人' }),
    ]
    const of = (by: 'service' | 'staff' | 'room' | 'branch', service?: string) =>
      columnsOf({ ...week, view: 'day', to: day, by, slots, service }).map(
        ({ lane, slots: own }) => [lane?.name, ids(own)],
      )
    expect(of('service')).toEqual([
      ['保洁', ['1', 'free', 'old', '2']],
      ['讲座', []],
    ])
    expect(of('staff')).toEqual([
      ['周敏', ['1', '2']],
      ['顾老师', []],
      ['离职的人', ['old']],
      ['未指定人员', ['free']],
    ])
    expect(of('staff', 's').map(([name]) => name)).toEqual(['周敏', '离职的人', '未指定人员'])
    expect(of('room').map(([name]) => name)).toEqual(['露台', '不占用场地'])
    expect(of('branch').map(([name]) => name)).toEqual(['浦东店', '上门或线上'])
  })

  test('a week by staff has a row each and a cell for every day', () => {
    const slots = [slot('a', { staffId: 'gu', ...timed(1440 + 540, 1440 + 600) })]
    const rows = rowsOf({ ...week, by: 'staff', slots })
    expect(
      rows.map(({ lane, cells }) => [lane.name, cells.map((cell) => cell.slots.length)]),
    ).toEqual([
      ['周敏', [0, 0, 0, 0, 0, 0, 0]],
      ['顾老师', [0, 1, 0, 0, 0, 0, 0]],
    ])
  })

  test('in another column it is theirs; a room brings its branch, a day or a service changes nobody', () => {
    const one = slot('a', { staffId: 'zhou', branchId: 'xuhui' })
    const lane = (kind: 'staff' | 'room' | 'branch' | 'service', id: string | null) => ({
      kind,
      id,
      name: '',
    })
    const own = { staffId: 'zhou', roomId: null, branchId: 'xuhui' }
    expect(placeOf(one, null, choices)).toEqual(own)
    expect(placeOf(one, lane('service', 't'), choices)).toEqual(own)
    expect(placeOf(one, lane('staff', null), choices)).toEqual({ ...own, staffId: null })
    expect(placeOf(one, lane('branch', 'pudong'), choices)).toEqual({ ...own, branchId: 'pudong' })
    expect(placeOf(one, lane('room', 'loft'), choices)).toEqual({
      ...own,
      roomId: 'loft',
      branchId: 'pudong',
    })
  })
})

/** Slots of a day in order of their start, to the minute. */
const spans = fc
  .array(fc.tuple(fc.integer({ min: 0, max: 1430 }), fc.integer({ min: 5, max: 400 })), {
    maxLength: 30,
  })
  .map((all) =>
    all
      .map(([from, length]) => timed(from, from + length))
      .sort((a, b) => (a.startsAt < b.startsAt ? -1 : 1)),
  )

describe('side by side', () => {
  test('whatever the day: what overlaps never shares a lane, and all that hang together are as wide', () => {
    fc.assert(
      fc.property(spans, (all) => {
        const placed = place(day, all)
        expect(placed.map(({ item }) => item)).toEqual(all)
        for (const [i, a] of placed.entries()) {
          expect(a.lane).toBeLessThan(a.lanes)
          for (const b of placed.slice(i + 1)) {
            const overlap = a.span.from < b.span.to && b.span.from < a.span.to
            if (overlap) expect([a.lane === b.lane, a.lanes]).toEqual([false, b.lanes])
          }
        }
      }),
    )
  })

  test('no more lanes than overlap at one moment', () => {
    fc.assert(
      fc.property(spans, (all) => {
        const placed = place(day, all)
        const at = (minute: number) =>
          placed.filter(({ span }) => span.from <= minute && minute < span.to).length
        const most = Math.max(0, ...placed.map(({ span }) => at(span.from)))
        expect(Math.max(0, ...placed.map(({ lane }) => lane + 1))).toBe(most)
      }),
    )
  })

  test('the hours hold every slot, and a shop’s usual ones; over midnight ends with the day', () => {
    expect(hoursOf([])).toEqual({ from: 540, to: 1080 })
    expect(hoursOf([spanIn(day, timed(455, 500)), spanIn(day, timed(1380, 1500))])).toEqual({
      from: 420,
      to: 1440,
    })
  })
})

describe('dragging', () => {
  const span = fc
    .tuple(fc.integer({ min: 0, max: 1380 }), fc.integer({ min: stepMinutes, max: 300 }))
    .map(([from, length]) => ({ from, to: Math.min(1440, from + length) }))
  const down = fc.integer({ min: -2000, max: 2000 })

  test('as a whole a slot keeps its length and its day, in steps; by its end it keeps its start', () => {
    fc.assert(
      fc.property(span, down, (one, by) => {
        const whole = dragged(one, 'whole', by)
        expect(whole.to - whole.from).toBe(one.to - one.from)
        expect(whole.from >= 0 && whole.to <= 1440).toBe(true)
        if (whole.from > 0 && whole.to < 1440)
          expect(Math.abs(whole.from - one.from) % stepMinutes).toBe(0)
        const end = dragged(one, 'end', by)
        expect(end.from).toBe(one.from)
        expect(end.to - end.from).toBeGreaterThanOrEqual(Math.min(stepMinutes, 1440 - one.from))
        expect(end.to).toBeLessThanOrEqual(1440)
      }),
    )
  })

  test('a hand that trembles moves nothing; what is drawn is what is asked for', () => {
    expect(dragged({ from: 545, to: 605 }, 'whole', 7)).toEqual({ from: 545, to: 605 })
    fc.assert(
      fc.property(span, (one) => {
        expect(spanIn(day, timesAt(day, one))).toEqual(one)
      }),
    )
  })
})

describe('over midnight', () => {
  const late = timed(1320, 1560)

  test('a dragged slot keeps all of its length, and begins within the day', () => {
    const all = lengthIn(day, late)
    expect(all).toEqual({ from: 1320, to: 1560 })
    expect(dragged(all, 'whole', -60)).toEqual({ from: 1260, to: 1500 })
    expect(dragged(all, 'whole', 2000)).toEqual({ from: 1425, to: 1665 })
    expect(timesAt(day, dragged(all, 'whole', -60))).toEqual(timed(1260, 1500))
  })

  test('in a form an end of 00:00 is the midnight the day ends with; before its start it is tomorrow only where it was', () => {
    const [evening, dawn] = [timed(1320, 1440), timed(120, 180)]
    const typed = (from: string, to: string, overnight?: boolean) =>
      timesIn(
        { day: dayjs(day), startsAt: clockOf(from), endsAt: clockOf(to) },
        ...(overnight === undefined ? [] : ([overnight] as const)),
      )
    expect(typed(evening.startsAt, evening.endsAt)).toEqual(evening)
    expect(typed(late.startsAt, late.endsAt, true)).toEqual(late)
    // Shortened to 23:00 it ends the same day.
    expect(typed(late.startsAt, at(1380), true)).toEqual(timed(1320, 1380))
    // A slip is for the server to say.
    expect(typed(late.startsAt, dawn.endsAt)).toEqual(timed(1320, 180))
  })
})

describe('which slots', () => {
  const now = instantOf(day, 600)

  test('one act is about: of the days, the days of the week, the service and the person, and not as it would make them', () => {
    const slots = [
      slot('past'),
      slot('a', timed(700, 760)),
      slot('other day', timed(1440 + 700, 1440 + 760)),
      slot('shut', { ...timed(700, 760), closedReason: '检修' }),
      slot('other', { ...timed(700, 760), serviceId: 't', staffId: 'gu' }),
    ]
    const choice = {
      act: 'close' as const,
      from: day,
      to: day,
      service: undefined,
      staff: undefined,
    }
    const of = (more: object) => ids(chosenBy({ ...choice, weekdays: [], ...more }, slots, now))
    expect(of({})).toEqual(['a', 'other day', 'other'])
    expect(of({ weekdays: [1] })).toEqual(['a', 'other'])
    expect(of({ weekdays: [2, 3] })).toEqual(['other day'])
    expect(of({ service: 't' })).toEqual(['other'])
    expect(of({ staff: 'gu' })).toEqual(['other'])
    expect(of({ act: 'open' })).toEqual(['shut'])
  })

  test('stays as it is for the first reason that fits, in the contract’s order', () => {
    const closable = {
      startsAt: new Date(now + minuteMs),
      removed: false,
      closedReason: null as string | null,
      taken: 0,
    }
    const wish = { reason: '停业', was: null }
    const why = (more: object, emptyOnly = true) =>
      whyKept(wish, { ...closable, ...more }, emptyOnly, new Date(now))
    const worst = { removed: true, startsAt: new Date(now), closedReason: '检修', taken: 1 }
    expect(keptReasons).toEqual([
      why(worst),
      why({ ...worst, removed: false }),
      why({ closedReason: '检修', taken: 1 }),
      why({ taken: 1 }),
    ])
    expect(whyKept(wish, null, false, new Date(now))).toBe('gone')
    expect(why({})).toBeNull()
    expect(why({ taken: 1 }, false)).toBeNull()
    expect(why({ closedReason: '停业', taken: 1 })).toBeNull()
  })

  test('keeps its time: begun, in doubt, or promised to somebody', () => {
    const one = { startsAt: at(601), checking: false, taken: 0, waiting: 0, private: false }
    expect(whyFixed(one, now)).toBeNull()
    expect(whyFixed({ ...one, startsAt: at(600), checking: true, taken: 1 }, now)).toBe('slot_past')
    expect(whyFixed({ ...one, checking: true, taken: 1 }, now)).toBe('slot_checking')
    for (const more of [{ taken: 1 }, { waiting: 1 }, { private: true }])
      expect(whyFixed({ ...one, ...more }, now)).toBe('slot_booked')
  })
})
