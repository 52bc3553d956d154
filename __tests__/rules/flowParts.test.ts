/** The small pure parts of the phone: clock, ids, slots, drafts, area, remembered people. */
import type { DayInfo } from '@jiyue/contract/booking'
import type { FormField } from '@jiyue/contract/fields/kinds'
import type { Slot } from '@jiyue/contract/schema/wire'
import { createClock } from '../../src/lib/clock.ts'
import { districtOf, regionOf } from '../../src/lib/coverage.ts'
import { confirmed, edited, merged, settled, unsent } from '../../src/lib/drafts.ts'
import { newId } from '../../src/lib/newId.ts'
import { answersFor, rememberedPeople, rememberPerson } from '../../src/lib/people.ts'
import { mergeSlots, slotsByPart, slotsForParty, withSeats } from '../../src/lib/slots.ts'
import { glassPhone, ok } from './flowPhone.ts'

describe('clock', () => {
  const at = Date.parse('2026-11-22T02:00:00Z')
  const iso = (ms: number) => new Date(ms).toISOString()

  test('a device ten minutes slow shows the server’s time, half the trip taken off', () => {
    const clock = createClock(() => at)
    clock.heard(iso(at + 600_000), at - 200, at)
    expect(clock.now()).toBe(at + 600_100)
  })

  test('a slower answer does not spoil a good reading, until that is a minute old', () => {
    const clock = createClock(() => at)
    clock.heard(iso(at), at - 20, at)
    clock.heard(iso(at), at - 4000, at)
    expect(clock.now()).toBe(at + 10)
    clock.heard(iso(at + 61_000), at + 57_000, at + 61_000)
    expect(clock.now()).toBe(at + 2000)
  })

  test('a stamp out of a cache can only show that we are behind', () => {
    const clock = createClock(() => at)
    clock.heard(iso(at), at, at)
    clock.heardLate(iso(at - 5000), at)
    expect(clock.now()).toBe(at)
    clock.heardLate(iso(at + 5000), at)
    expect(clock.now()).toBe(at + 5000)
  })
})

test('ids are UUIDv7: version, variant, and in the order of time', () => {
  const bytes = Uint8Array.from([0xab, 0xcd, 0xff, 1, 2, 3, 4, 5, 6, 7])
  const id = newId(0x0192_0000_0001, bytes)
  expect(id).toBe('01920000-0001-7abc-bf01-020304050607')
  expect(newId(0x0192_0000_0002, bytes) > id).toBe(true)
})

describe('slots', () => {
  const now = Date.parse('2026-11-22T02:00:00Z')
  const open: DayInfo = { day: '2026-11-22', kind: 'workday', name: null, open: true }
  const slot = (id: string, hourUtc: number, left: number, more: Partial<Slot> = {}): Slot => ({
    id,
    serviceId: 's',
    startsAt: new Date(Date.parse('2026-11-22T00:00:00Z') + hourUtc * 3_600_000).toISOString(),
    endsAt: new Date(Date.parse('2026-11-22T00:00:00Z') + (hourUtc + 1) * 3_600_000).toISOString(),
    bookableUntil: new Date(Date.parse('2026-11-22T00:00:00Z') + hourUtc * 3_600_000).toISOString(),
    branchId: null,
    staffId: null,
    roomId: null,
    capacity: 10,
    priceFen: 12800,
    left,
    closed: false,
    busy: false,
    version: 1,
    ...more,
  })
  const wish = { day: '2026-11-22', part: null, staffId: null }

  test('stand under the part of the merchant’s day they begin in, each with its colour', () => {
    const slots = [slot('eve', 11, 0), slot('noon', 4, 3), slot('past', 1, 5)]
    const groups = slotsByPart(slots, wish, open, now)
    expect(groups.map(({ zh }) => zh)).toEqual(['上午', '下午', '晚上'])
    expect(groups.map(({ slots: [one] }) => one?.status.colour)).toEqual(['grey', 'green', 'red'])
  })

  test('a holiday greys them with its reason', () => {
    const holiday: DayInfo = { day: open.day, kind: 'holiday', name: '国庆节', open: false }
    const [group] = slotsByPart([slot('a', 5, 1)], wish, holiday, now)
    expect(group?.slots[0]?.status).toMatchObject({ colour: 'grey', reason: 'holiday' })
  })

  test('too large a party: the nearest slots that together hold it, in the order of time', () => {
    const wanted = slot('wanted', 6, 2)
    const slots = [slot('far', 12, 9), wanted, slot('next', 7, 3), slot('full', 5, 0)]
    const service = { party: { min: 1, max: 20 }, ordersPerUser: 3 }
    const parts = (party: number) =>
      slotsForParty(slots, [open], wanted, party, service, now).map((part) => [
        part.slot.id,
        part.party,
      ])
    expect(parts(5)).toEqual([
      ['wanted', 2],
      ['next', 3],
    ])
    expect(parts(14)).toEqual([
      ['wanted', 2],
      ['next', 3],
      ['far', 9],
    ])
    expect(parts(15)).toEqual([])
  })

  test('of two readings the higher version wins, whichever comes last', () => {
    expect(withSeats(slot('a', 5, 4), 3, 2).left).toBe(3)
    expect(withSeats(slot('a', 5, 4, { version: 7 }), 9, 6).left).toBe(4)
    const [merged] = mergeSlots([slot('a', 5, 1, { version: 9 })], [slot('a', 5, 4)], [open.day])
    expect(merged?.left).toBe(1)
  })

  test('a slot that is gone from a day read anew is gone; other days stay', () => {
    const other = slot('other', 29, 1)
    expect(mergeSlots([slot('a', 5, 1), other], [], [open.day])).toEqual([other])
  })
})

describe('drafts', () => {
  const cloud = { value: 'cloud', at: '2026-11-22T02:00:00.000Z' }
  const later = { value: 'later', at: '2026-11-22T02:00:09.000Z' }
  const mine = edited(cloud, 'mine', '2026-11-22T02:00:01.000Z')

  test('what was edited here stays until it is confirmed; all else is as the cloud has it', () => {
    expect(merged({ a: mine, b: cloud }, { a: later, b: later, c: later })).toEqual({
      a: mine,
      b: later,
      c: later,
    })
  })

  test('only unconfirmed edits are sent, each with what was on screen before', () => {
    const first = edited(undefined, 'first', later.at)
    expect(unsent({ b: cloud }, { a: mine, b: cloud, c: first, d: later })).toEqual({
      a: { value: 'mine', at: mine.at, seenAt: cloud.at },
      c: { value: 'first', at: later.at, seenAt: null },
      // Filled in by itself: claims nothing.
      d: later,
    })
  })

  test('an edit of an unconfirmed edit still follows what the cloud has', () => {
    expect(edited(mine, 'again', later.at)).toEqual({
      value: 'again',
      at: later.at,
      seenAt: cloud.at,
    })
  })

  test('confirmed answers are the cloud’s; what was typed meanwhile follows them', () => {
    const sent = unsent({}, { a: mine })
    const saved = { value: 'mine', at: '2026-11-22T02:00:02.000Z' }
    expect(confirmed({ a: mine }, sent, { a: saved })).toEqual({ a: saved })
    const more = edited(mine, 'mine and more', later.at)
    expect(confirmed({ a: more }, sent, { a: saved }).a).toEqual({
      value: 'mine and more',
      at: later.at,
      seenAt: saved.at,
    })
    // Another device’s answer stands instead: nobody here has seen it.
    expect(confirmed({ a: more }, sent, { a: later }).a?.seenAt).toBe(cloud.at)
  })

  test('choosing ends the question', () => {
    const asked = { ...cloud, other: later }
    expect(settled(asked, 'later', later.at)).toEqual({
      value: 'later',
      at: later.at,
      seenAt: cloud.at,
      settles: later.at,
    })
    expect(edited(asked, 'typed', later.at).other).toEqual(later)
  })
})

describe('area', () => {
  const shanghai = { city: '上海市', districts: ['徐汇区', '浦东新区'], circles: [] }

  test.each([
    ['浦东', '浦东新区'],
    ['上海市徐汇区漕溪北路 88 号', '徐汇区'],
    ['崇明区', 'outside'],
    ['北京市海淀区', 'outside'],
    ['上', null],
    ['上海市', null],
    ['', null],
  ])('「%s」 → %s', (place, district) => {
    expect(districtOf(shanghai, place)).toBe(district)
  })

  test('the district that is named wins over a road that is called after another', () => {
    const served = { city: '上海市', districts: ['长宁区', '浦东新区', '徐汇区'], circles: [] }
    const places: [string, string][] = [
      ['普陀区长宁路 2150 号', 'outside'],
      ['黄浦区浦东大道口', 'outside'],
      ['长宁路 2150 号', 'outside'],
      ['浦东大道 1 号', 'outside'],
      ['徐汇区长宁路', '徐汇区'],
      ['上海市浦东新区世纪大道', '浦东新区'],
      ['浦东区世纪大道', '浦东新区'],
      ['徐汇漕溪北路阳光小区', '徐汇区'],
      ['长宁天山路', '长宁区'],
      ['崇明县陈家镇', 'outside'],
    ]
    expect(places.map(([place]) => [place, districtOf(served, place)])).toEqual(places)
  })

  test('a district becomes the region that the server compares', () => {
    expect(regionOf(shanghai, '徐汇区')).toEqual(['上海市', '上海市', '徐汇区'])
  })
})

describe('remembered people', () => {
  const field = (id: string, more: Partial<FormField> = {}): FormField => ({
    id,
    kind: 'text',
    label: id,
    required: true,
    purpose: '联系',
    retentionDays: 1,
    ...more,
  })

  test('fill in another form that asks the same, ID numbers and sensitive answers never', () => {
    const { storage } = glassPhone(() => ok({}))
    const fields = [
      field('姓名'),
      field('证件', { kind: 'idCard' }),
      field('病史', { kind: 'text', sensitive: true }),
    ]
    const answers = { 姓名: '王晓', 证件: '11010519491231002X', 病史: '青霉素过敏' }
    rememberPerson(storage, fields, answers)
    const [person] = rememberedPeople(storage)
    expect(JSON.stringify(person)).not.toMatch(/1101|青霉素/)
    expect(answersFor(person!, [field('other', { label: '姓名' })])).toEqual({ other: '王晓' })
  })

  test('an option that is no longer offered is not filled in', () => {
    const { storage } = glassPhone(() => ok({}))
    const size = (options: string[]) =>
      field('面积', { kind: 'choice', options: options.map((value) => ({ value, label: value })) })
    rememberPerson(storage, [field('姓名'), size(['大'])], { 姓名: '王晓', 面积: '大' })
    expect(answersFor(rememberedPeople(storage)[0]!, [size(['小'])])).toEqual({})
  })

  test('the last one stands first, five are kept', () => {
    const { storage } = glassPhone(() => ok({}))
    for (const name of ['甲', '乙', '丙', '丁', '戊', '己', '甲'])
      rememberPerson(storage, [field('姓名')], { 姓名: name })
    expect(rememberedPeople(storage).map(({ name }) => name)).toEqual([
      '甲',
      '己',
      '戊',
      '丁',
      '丙',
    ])
  })
})
