/**
 * Slots from a template: never two at once, buffers and breaks kept, whatever the zone; and planning
 * again changes nothing (fast-check).
 */
import type { DayInfo, DayKind } from '@jiyue/contract/booking'
import type { ScheduleException, Span, Template } from '@jiyue/contract/schedule'
import { templateProblems } from '@jiyue/contract/schedule'
import { addDays, instantOf, merchantZone, minuteMs } from '@jiyue/contract/time'
import fc from 'fast-check'
import { generate, type Wanted } from '../../server/booking/schedule/generate.ts'
import { type Fate, type Present, planSlots } from '../../server/booking/schedule/plan.ts'
import { type Zone, zoneOf } from '../../server/booking/schedule/zone.ts'

const zones = [merchantZone, 'Europe/Berlin', 'America/New_York', 'Australia/Lord_Howe']
const zone = fc.constantFrom(...zones)

/** Weeks around both changes of the clock, north and south, and around a year's end. */
const someDay = fc
  .tuple(
    fc.constantFrom('2026-03-05', '2026-03-26', '2026-10-01', '2026-10-22', '2026-12-27'),
    fc.nat(10),
  )
  .map(([day, more]) => addDays(day, more))

const spans = (most: number): fc.Arbitrary<Span[]> =>
  fc
    .uniqueArray(fc.nat(287), { minLength: 2, maxLength: most * 2 })
    .map((points) => points.sort((a, b) => a - b))
    .map((points) =>
      Array.from({ length: Math.floor(points.length / 2) }, (_, i) => ({
        from: (points[2 * i] as number) * 5,
        to: (points[2 * i + 1] as number) * 5,
      })),
    )

const exceptions = (days: readonly string[]): fc.Arbitrary<ScheduleException[]> =>
  fc.uniqueArray(
    fc.record({
      day: fc.constantFrom(...days),
      kind: fc.constantFrom('off' as const, 'instead' as const, 'extra' as const),
      spans: spans(2),
      reason: fc.constant(''),
    }),
    { selector: ({ day }) => day, maxLength: 4 },
  )

const calendar = (from: string): fc.Arbitrary<DayInfo[]> =>
  fc
    .array(
      fc.record({
        kind: fc.constantFrom<DayKind>('workday', 'weekend', 'holiday', 'makeup'),
        open: fc.boolean(),
      }),
      { minLength: 7, maxLength: 10 },
    )
    .map((list) => list.map((one, i) => ({ day: addDays(from, i), name: null, ...one })))

const world = someDay.chain((from) =>
  calendar(from).chain((days) =>
    fc.record({
      days: fc.constant(days),
      template: fc.record({
        serviceId: fc.constant('s'),
        branchId: fc.constant(null),
        staffId: fc.constantFrom('zhou', null),
        roomId: fc.constant(null),
        weekly: fc
          .tuple(...Array.from({ length: 7 }, () => spans(3)))
          .map((week) => week.flatMap((list, weekday) => list.map((one) => ({ ...one, weekday })))),
        breaks: spans(2).chain((list) =>
          fc.constantFrom(null, 1, 6).map((weekday) => list.map((one) => ({ ...one, weekday }))),
        ),
        slotMinutes: fc.integer({ min: 2, max: 40 }).map((n) => n * 5),
        bufferBefore: fc.integer({ min: 0, max: 9 }).map((n) => n * 5),
        bufferAfter: fc.integer({ min: 0, max: 9 }).map((n) => n * 5),
        capacity: fc.integer({ min: 1, max: 9 }),
        priceFen: fc.constant(null),
        leadMinutes: fc.nat(600),
        cutoff: fc.option(
          fc.record({ daysBefore: fc.nat(3), minute: fc.integer({ min: 0, max: 1440 }) }),
          { nil: null },
        ),
        makeupWeekday: fc.constantFrom(null, 1, 5),
        onClosedDays: fc.constantFrom('skip' as const, 'keep' as const),
        exceptions: exceptions(days.map(({ day }) => day)),
        startsOn: fc.constant(addDays(from, 1)),
        endsOn: fc.constantFrom(null, addDays(from, 6)),
        weeksAhead: fc.constant(1),
      }) satisfies fc.Arbitrary<Template>,
      zone,
    }),
  ),
)

const at = (clock: Zone, day: string, { from, to }: Span) =>
  [clock.instantOf(day, from), clock.instantOf(day, to)] as const

describe('slots of any template, in zones with and without summer time', () => {
  test('no two overlap, not even with their buffers, and each lasts its minutes', () => {
    fc.assert(
      fc.property(world, ({ template, days, zone }) => {
        const slots = generate(template, days, zoneOf(zone))
        for (const [i, slot] of slots.entries()) {
          expect(slot.endsAt - slot.startsAt).toBe(template.slotMinutes * minuteMs)
          expect(slot.startsAt - slot.keptFrom).toBe(template.bufferBefore * minuteMs)
          expect(slot.keptUntil - slot.endsAt).toBe(template.bufferAfter * minuteMs)
          expect(slot.bookableUntil).toBeLessThanOrEqual(slot.startsAt)
          const next = slots[i + 1]
          if (next) expect(next.keptFrom).toBeGreaterThanOrEqual(slot.keptUntil)
        }
      }),
      { numRuns: 150 },
    )
  })

  test('each lies within a span of its day, and the week’s stay out of breaks with their buffers', () => {
    fc.assert(
      fc.property(world, ({ template, days, zone }) => {
        const clock = zoneOf(zone)
        for (const slot of generate(template, days, clock)) {
          const info = days.find(({ day }) => day === slot.day) as DayInfo
          const own = new Date(`${slot.day}T00:00:00Z`).getUTCDay()
          const weekday =
            info.kind === 'makeup' && template.makeupWeekday !== null ? template.makeupWeekday : own
          const exception = template.exceptions.find(({ day }) => day === slot.day)
          expect(exception?.kind).not.toBe('off')
          const inside = (list: readonly Span[]) =>
            list.some((span) => {
              const [from, to] = at(clock, slot.day, span)
              return from <= slot.startsAt && slot.endsAt <= to
            })
          const inWeek =
            exception?.kind !== 'instead' &&
            inside(template.weekly.filter((span) => span.weekday === weekday))
          expect(inWeek || inside(exception?.spans ?? [])).toBe(true)
          if (!exception)
            for (const rest of template.breaks) {
              if (rest.weekday !== null && rest.weekday !== weekday) continue
              const [from, to] = at(clock, slot.day, rest)
              expect(slot.keptFrom >= to || slot.keptUntil <= from || from === to).toBe(true)
            }
          if (template.onClosedDays === 'skip') expect(info.open).toBe(true)
          expect(slot.day >= template.startsOn).toBe(true)
          if (template.endsOn) expect(slot.day <= template.endsOn).toBe(true)
        }
      }),
      { numRuns: 150 },
    )
  })

  test('a day made alone has the slots it has among others', () => {
    fc.assert(
      fc.property(world, ({ template, days, zone }) => {
        const clock = zoneOf(zone)
        const alone = days.flatMap((day) => generate(template, [day], clock))
        expect(generate(template, days, clock)).toEqual(alone)
      }),
    )
  })

  test('control: laid out without the buffers they would touch', () => {
    const { template, days } = simple({ bufferAfter: 30, bufferBefore: 15 })
    const slots = generate(
      { ...template, bufferAfter: 0, bufferBefore: 0 },
      days,
      zoneOf(zones[0]!),
    )
    const [first, second] = slots as [Wanted, Wanted]
    expect(second.startsAt - first.endsAt).toBeLessThan(45 * minuteMs)
  })
})

function simple(more: Partial<Template> = {}) {
  const template: Template = {
    serviceId: 's',
    branchId: null,
    staffId: 'zhou',
    roomId: null,
    weekly: [{ weekday: 1, from: 540, to: 1080 }],
    breaks: [{ weekday: null, from: 720, to: 780 }],
    slotMinutes: 60,
    bufferBefore: 0,
    bufferAfter: 0,
    capacity: 1,
    priceFen: null,
    leadMinutes: 0,
    cutoff: null,
    makeupWeekday: null,
    onClosedDays: 'skip',
    exceptions: [],
    startsOn: '2026-01-01',
    endsOn: null,
    weeksAhead: 1,
    ...more,
  }
  const days: DayInfo[] = [{ day: '2026-11-30', kind: 'workday', name: null, open: true }]
  return { template, days }
}

const starts = (slots: readonly Wanted[], clock = zones[0]!) => {
  const format = new Intl.DateTimeFormat('en-GB', {
    timeZone: clock,
    hour: '2-digit',
    minute: '2-digit',
  })
  return slots.map(({ startsAt }) => format.format(startsAt))
}

describe('one day, read by a person', () => {
  const make = (more: Partial<Template>, day: Partial<DayInfo> = {}) => {
    const { template, days } = simple(more)
    return starts(generate(template, [{ ...(days[0] as DayInfo), ...day }], zoneOf(merchantZone)))
  }

  test('nine to six with lunch: eight slots', () => {
    expect(make({})).toEqual([
      '09:00',
      '10:00',
      '11:00',
      '13:00',
      '14:00',
      '15:00',
      '16:00',
      '17:00',
    ])
  })
  test('buffers move what comes after, and stay out of lunch', () => {
    expect(make({ bufferBefore: 10, bufferAfter: 20 })).toEqual([
      '09:00',
      '10:30',
      '13:10',
      '14:40',
      '16:10',
    ])
  })
  test('a day off, other hours, extra hours', () => {
    const day = '2026-11-30'
    const exception = (kind: 'off' | 'instead' | 'extra', spans: Span[]) => ({
      exceptions: [{ day, kind, spans, reason: '' }],
    })
    expect(make(exception('off', []))).toEqual([])
    expect(make(exception('instead', [{ from: 720, to: 840 }]))).toEqual(['12:00', '13:00'])
    expect(make(exception('extra', [{ from: 1110, to: 1230 }])).slice(-3)).toEqual([
      '17:00',
      '18:30',
      '19:30',
    ])
  })
  test('a make-up Saturday works like the Monday it stands for', () => {
    const saturday = { day: '2026-10-10', kind: 'makeup' as const }
    expect(make({}, saturday)).toEqual([])
    expect(make({ makeupWeekday: 1 }, saturday)).toHaveLength(8)
  })
  test('a closed day has none, or grey ones where the merchant wants them', () => {
    const closed = { open: false, kind: 'holiday' as const }
    expect(make({}, closed)).toEqual([])
    expect(make({ onClosedDays: 'keep' }, closed)).toHaveLength(8)
  })
  test('lead time and cut-off: whichever ends booking earlier', () => {
    const { template, days } = simple({
      leadMinutes: 120,
      cutoff: { daysBefore: 1, minute: 18 * 60 },
    })
    const slots = generate(template, days, zoneOf(merchantZone))
    const evening = instantOf('2026-11-29', 18 * 60)
    expect(new Set(slots.map(({ bookableUntil }) => bookableUntil))).toEqual(new Set([evening]))
    const led = generate({ ...template, cutoff: null }, days, zoneOf(merchantZone))
    expect(led.every((one) => one.startsAt - one.bookableUntil === 120 * minuteMs)).toBe(true)
  })
})

describe('where the clock changes', () => {
  const night = (day: string, clock: string, weekday: number) => {
    const { template } = simple({
      weekly: [{ weekday, from: 0, to: 360 }],
      breaks: [],
      slotMinutes: 60,
    })
    const info: DayInfo = { day, kind: 'weekend', name: null, open: true }
    return starts(generate(template, [info], zoneOf(clock)), clock)
  }

  test('Berlin loses an hour in March and has one twice in October', () => {
    expect(night('2026-03-29', 'Europe/Berlin', 0)).toEqual([
      '00:00',
      '01:00',
      '03:00',
      '04:00',
      '05:00',
    ])
    expect(night('2026-10-25', 'Europe/Berlin', 0)).toEqual([
      '00:00',
      '01:00',
      '02:00',
      '02:00',
      '03:00',
      '04:00',
      '05:00',
    ])
  })
  test('New York the same in its own weeks', () => {
    expect(night('2026-03-08', 'America/New_York', 0)).toHaveLength(5)
    expect(night('2026-11-01', 'America/New_York', 0)).toHaveLength(7)
  })
  test('the clock of a day never goes back, whatever the zone', () => {
    fc.assert(
      fc.property(zone, someDay, fc.nat(1439), fc.nat(1439), (name, day, a, b) => {
        const clock = zoneOf(name)
        const [low, high] = [Math.min(a, b), Math.max(a, b)]
        expect(clock.instantOf(day, low)).toBeLessThanOrEqual(clock.instantOf(day, high))
        expect(clock.instantOf(addDays(day, 1), 0)).toBe(clock.instantOf(day, 1440))
      }),
    )
  })
  test('the merchant’s offset is its zone’s', () => {
    const clock = zoneOf(merchantZone)
    for (let day = '2026-01-01'; day < '2028-01-01'; day = addDays(day, 13))
      expect(clock.instantOf(day, 615)).toBe(instantOf(day, 615))
  })
})

/** Carries a plan out, as the database would. */
function carriedOut(template: Template, present: readonly Present[], fates: readonly Fate[]) {
  const rows = new Map(present.map((slot) => [slot.id, slot]))
  for (const { fate, wanted, present: slot } of fates) {
    if (fate === 'remove' && slot) rows.set(slot.id, { ...slot, removed: true })
    if ((fate === 'add' || fate === 'change') && wanted) {
      const id = slot?.id ?? `new ${wanted.startsAt}`
      const { branchId, staffId, roomId, capacity, priceFen } = template
      const { day: _, ...times } = wanted
      rows.set(id, {
        id,
        ...times,
        branchId,
        staffId,
        roomId,
        capacity,
        priceFen,
        taken: 0,
        byHand: false,
        removed: false,
      })
    }
  }
  return [...rows.values()].sort((a, b) => a.startsAt - b.startsAt)
}

describe('regenerating', () => {
  /** A template, later another one; in between some slots were booked or changed by hand. */
  const story = world.chain((first) =>
    world.chain((second) =>
      fc
        .array(fc.record({ taken: fc.constantFrom(0, 0, 1), byHand: fc.boolean() }), {
          minLength: 1,
          maxLength: 12,
        })
        .map((marks) => ({ first, second: { ...second, days: first.days }, marks })),
    ),
  )

  test('touches nothing that is booked or changed by hand, leaves no overlap, and is idempotent', () => {
    fc.assert(
      fc.property(story, ({ first, second, marks }) => {
        const clock = zoneOf(first.zone)
        const wanted = generate(first.template, first.days, clock)
        const made = carriedOut(first.template, [], planSlots(first.template, wanted, [], [])).map(
          (slot, i) => ({ ...slot, ...marks[i % marks.length] }),
        )
        const next = generate(second.template, second.days, clock)
        const fates = planSlots(second.template, next, made, [])
        const after = carriedOut(second.template, made, fates)

        for (const slot of made)
          if (slot.taken > 0 || slot.byHand) expect(after).toContainEqual(slot)
        const live = after.filter(({ removed }) => !removed)
        const ours = live.filter(({ taken, byHand }) => taken === 0 && !byHand)
        for (const slot of ours)
          for (const other of live)
            if (slot !== other)
              expect(slot.keptUntil <= other.keptFrom || other.keptUntil <= slot.keptFrom).toBe(
                true,
              )
        // Every wanted slot is there, or the plan says why not.
        const skipped = fates.flatMap(({ why, wanted, present }) =>
          why !== null ? [(wanted ?? present)?.startsAt] : [],
        )
        for (const { startsAt } of next)
          expect(live.some((one) => one.startsAt === startsAt) || skipped.includes(startsAt)).toBe(
            true,
          )
        const again = planSlots(second.template, next, after, [])
        expect(again.filter(({ fate }) => ['add', 'change', 'remove'].includes(fate))).toEqual([])
        expect(carriedOut(second.template, after, again)).toEqual(after)
      }),
      { numRuns: 100 },
    )
  })

  test('goes around other slots of the same person', () => {
    const { template, days } = simple()
    const wanted = generate(template, days, zoneOf(merchantZone))
    const [first, second] = wanted as [Wanted, Wanted]
    const other = { keptFrom: first.startsAt + minuteMs, keptUntil: second.startsAt }
    const fates = planSlots(template, wanted, [], [other])
    expect(fates[0]).toMatchObject({ fate: 'skip', why: 'overlaps_other' })
    expect(fates[1]).toMatchObject({ fate: 'add', why: null })
  })
})

describe('what is wrong with a template', () => {
  const paths = (more: Partial<Template>) =>
    templateProblems(simple(more).template).map(({ path }) => path)

  test.each<[string, Partial<Template>]>([
    ['weekly', { weekly: [] }],
    ['weekly', { weekly: [{ weekday: 1, from: 600, to: 540 }] }],
    ['weekly', { weekly: [{ weekday: 1, from: 540, to: 570 }] }],
    [
      'weekly',
      {
        weekly: [
          { weekday: 1, from: 540, to: 720 },
          { weekday: 1, from: 700, to: 900 },
        ],
      },
    ],
    ['breaks', { breaks: [{ weekday: null, from: 700, to: 700 }] }],
    ['exceptions', { exceptions: [{ day: '2026-12-01', kind: 'extra', spans: [], reason: '' }] }],
    [
      'exceptions',
      {
        exceptions: [
          { day: '2026-12-01', kind: 'off', spans: [], reason: '' },
          { day: '2026-12-01', kind: 'off', spans: [], reason: '' },
        ],
      },
    ],
    ['endsOn', { endsOn: '2025-12-01' }],
  ])('%s', (path, more) => {
    expect(paths(more)).toContain(path)
  })
  test('nothing is wrong with an ordinary week', () => {
    expect(paths({})).toEqual([])
  })
})
