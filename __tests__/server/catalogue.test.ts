/** The offer (B1, B2): services as the merchant set them up, days as China's calendar has them. */
import { addDays, dayOf, instantOf } from '@jiyue/contract/time'
import { sql } from 'kysely'
import { dayFromLibrary, fillCalendar, readDays } from '../../server/booking/calendar.ts'
import { cleaning, lecture, venue } from '../../server/demo/world.ts'
import { newSlot } from '../races/setting.ts'
import { caller, must, openWorld, signIn, type World } from '../world.ts'

let world: World
beforeAll(async () => {
  world = await openWorld()
})
afterAll(() => world.close())

const call = () => caller(world.url)

describe('the calendar', () => {
  /** From the State Council's notices (国办发明电) for 2025 and 2026. */
  test.each([
    ['2025-10-01', 'holiday', '国庆节', false],
    ['2025-10-08', 'holiday', '国庆节', false],
    ['2025-09-28', 'makeup', '国庆节调休上班', true],
    ['2025-10-11', 'makeup', '国庆节调休上班', true],
    ['2025-01-26', 'makeup', '春节调休上班', true],
    ['2025-01-29', 'holiday', '春节', false],
    ['2026-01-01', 'holiday', '元旦', false],
    ['2026-01-04', 'makeup', '元旦调休上班', true],
    ['2026-02-17', 'holiday', '春节', false],
    ['2026-02-14', 'makeup', '春节调休上班', true],
    ['2025-11-22', 'weekend', null, true],
    ['2025-11-24', 'workday', null, true],
  ])('%s is a %s %s', (day, kind, name, open) => {
    expect(dayFromLibrary(day)).toEqual({ day, kind, name, open })
  })

  test('what the merchant set stays, however often the calendar is filled', async () => {
    const { db } = world.database
    const now = new Date('2026-01-20T04:00:00Z')
    await fillCalendar(db, now)
    await sql`update days set open = true, name = '春节照常营业', by_merchant = true
      where day = '2026-02-17'`.execute(db)
    await sql`update days set open = true where day = '2026-02-18'`.execute(db)
    await fillCalendar(db, now)
    const [seventeenth, eighteenth] = await readDays(db, '2026-02-17', '2026-02-18')
    expect(seventeenth).toMatchObject({ kind: 'holiday', name: '春节照常营业', open: true })
    expect(eighteenth).toMatchObject({ kind: 'holiday', name: '春节', open: false })
  })

  test('days beyond the table are answered by the library, none is missing', async () => {
    const days = await readDays(world.database.db, '2025-09-28', '2025-10-08')
    expect(days).toHaveLength(11)
    expect(days.map((day) => day.kind)).toEqual([
      'makeup',
      'workday',
      'workday',
      ...Array(8).fill('holiday'),
    ])
  })

  test('a day that is closed takes no order, whatever its slots say; opened again it does', async () => {
    const { db } = world.database
    const slotId = await newSlot(db, { serviceId: lecture, capacity: 5, startsIn: 100 })
    const { starts_at } = await db
      .selectFrom('slots')
      .select('starts_at')
      .where('id', '=', slotId)
      .executeTakeFirstOrThrow()
    const day = dayOf(starts_at.getTime())
    const set = (open: boolean) =>
      sql`update days set open = ${open}, by_merchant = true where day = ${day}`.execute(db)
    const mei = await signIn(world)
    const params = { id: slotId }
    await set(false)
    const refused = await mei.call('putOrder', { params, body: { slotId, party: 1 } })
    expect(refused).toMatchObject({ ok: false, code: 'slot_closed' })
    const { days } = await must(call(), 'listSlots', {
      params: { id: lecture },
      query: { from: day, to: day },
    })
    expect(days).toMatchObject([{ day, open: false }])
    await set(true)
    expect((await mei.call('putOrder', { params, body: { slotId, party: 1 } })).ok).toBe(true)
  })
})

describe('services', () => {
  test('cards come in the merchant’s order, and what is not listed is not there', async () => {
    const { services } = await must(call(), 'listServices', {})
    expect(services.map((one) => one.id)).toEqual([cleaning, venue, lecture])
    await sql`update services set listed = false where id = ${venue}`.execute(world.database.db)
    try {
      const params = { id: venue }
      const now = await must(call(), 'listServices', {})
      expect(now.services.map((one) => one.id)).toEqual([cleaning, lecture])
      expect(await call()('getService', { params })).toMatchObject({ code: 'not_found' })
      const query = { from: '2026-10-01', to: '2026-10-02' }
      expect(await call()('listSlots', { params, query })).toMatchObject({ code: 'not_found' })
    } finally {
      await sql`update services set listed = true where id = ${venue}`.execute(world.database.db)
    }
  })

  test.each([cleaning, venue, lecture])('%s says everything its page shows', async (id) => {
    const service = await must(call(), 'getService', { params: { id } })
    expect(service.cancelRule).toBe('开始前 24 小时可免费取消，之后取消收取 20% 费用')
    expect(service.holdRule).toBe(
      '预约时段已锁定，15 分钟内完成报名即可保留，报名后有 30 分钟缴费时间',
    )
    expect(service.form.fields.length).toBeGreaterThan(0)
    expect(service.reviews.length).toBe(service.reviewCount)
    const average = service.reviews.reduce((sum, one) => sum + one.rating, 0) / service.reviewCount
    expect(service.rating).toBeCloseTo(average, 1)
    for (const field of service.form.fields) {
      expect(field.purpose).not.toBe('')
      expect(field.retentionDays).toBeGreaterThan(0)
    }
  })

  test('every picture that is named is served, and thumbnails are small', async () => {
    const { services } = await must(call(), 'listServices', {})
    for (const { id } of services) {
      const { photos, cover } = await must(call(), 'getService', { params: { id } })
      expect(cover).toBe(photos[0]?.thumb)
      for (const { thumb, large } of photos) {
        const [small, big] = await Promise.all([thumb, large].map((at) => fetch(world.url + at)))
        expect([small?.status, big?.status]).toEqual([200, 200])
        expect((await small?.arrayBuffer())?.byteLength).toBeLessThanOrEqual(20 * 1024)
      }
    }
  })

  test('a rule of the merchant shows at once', async () => {
    await sql`insert into rules values ('cancelFreeHours', 48), ('holdMinutes', 10)`.execute(
      world.database.db,
    )
    try {
      const service = await must(call(), 'getService', { params: { id: lecture } })
      expect(service.cancelRule).toContain('48 小时')
      expect(service.holdRule).toContain('10 分钟内完成报名')
    } finally {
      await sql`delete from rules`.execute(world.database.db)
    }
  })

  test('a promotion shows while it runs and not a second longer', async () => {
    const { db } = world.database
    const id = cleaning
    const read = async () => (await must(call(), 'getService', { params: { id } })).promotion
    expect(await read()).toBe('新人立减 ¥20')
    await sql`update promotions set ends_at = now() where service_id is null`.execute(db)
    expect(await read()).toBeNull()
    await sql`update promotions set ends_at = now() + interval '1 day' where service_id is null`.execute(
      db,
    )
    expect(await read()).toBe('新人立减 ¥20')
  })
})

describe('slots', () => {
  test('are those of the days asked for on the merchant’s clock, in order', async () => {
    const from = addDays(dayOf(Date.now()), 2)
    const to = addDays(from, 3)
    const { slots, days } = await must(call(), 'listSlots', {
      params: { id: cleaning },
      query: { from, to },
    })
    expect(days.map((one) => one.day)).toEqual([0, 1, 2, 3].map((i) => addDays(from, i)))
    const starts = slots.map((slot) => Date.parse(slot.startsAt))
    expect(starts).toEqual([...starts].sort((a, b) => a - b))
    expect(Math.min(...starts)).toBeGreaterThanOrEqual(instantOf(from))
    expect(Math.max(...starts)).toBeLessThan(instantOf(addDays(to, 1)))
    expect(slots.length).toBeGreaterThan(20)
  })

  test('a lapsed hold is free at that second, with no job running', async () => {
    const { db } = world.database
    const slotId = await newSlot(db, { serviceId: lecture, capacity: 1 })
    const mei = await signIn(world)
    const params = { id: slotId }
    await must(mei.call, 'putOrder', { params, body: { slotId, party: 1 } })
    const left = async () => {
      const { starts_at } = await db
        .selectFrom('slots')
        .select('starts_at')
        .where('id', '=', slotId)
        .executeTakeFirstOrThrow()
      const day = dayOf(starts_at.getTime())
      const query = { from: day, to: day }
      const { slots } = await must(call(), 'listSlots', { params: { id: lecture }, query })
      return slots.find((slot) => slot.id === slotId)?.left
    }
    expect(await left()).toBe(0)
    await sql`update orders set held_until = clock_timestamp() where id = ${params.id}`.execute(db)
    expect(await left()).toBe(1)
  })
})
