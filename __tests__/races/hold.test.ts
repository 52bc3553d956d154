/**
 * No seat is sold twice (X1, B4, B3). Each guarantee has its negative control: the same race with the
 * guard removed must break it, or the test proves nothing.
 */
import { randomUUID } from 'node:crypto'
import { sql } from 'kysely'
import { type HoldRequest, hold } from '../../server/booking/booking.ts'
import { priceOrder } from '../../server/booking/price.ts'
import type { Db } from '../../server/db/pool.ts'
import { type Tx, tx } from '../../server/db/tx.ts'
import { lecture, staff, venue } from '../../server/demo/world.ts'
import { apply, readOrder } from '../../server/order/order.ts'
import { type FreshDatabase, freshDatabase } from '../db.ts'
import { until } from '../world.ts'
import {
  copyWithout,
  deafBus,
  decide,
  newSlot,
  newUsers,
  openCrowd,
  seatsTaken,
  seedWorld,
} from './setting.ts'

let database: FreshDatabase
let crowd: Db

beforeAll(async () => {
  database = await freshDatabase()
  crowd = openCrowd(database.url, 24)
  await seedWorld(database.db)
})
/** Of the controls' databases. */
const rushes: Db[] = []
afterAll(() => Promise.all([crowd, ...rushes].map((one) => one.close())))

/** Everybody taps at once: each request in a call of its own. */
function tapAll(requests: HoldRequest[]) {
  return Promise.all(requests.map(async (request) => (await decide(crowd.db, [request]))[0]))
}

const requestOf = (user: string, slot: string, party = 1): HoldRequest => ({
  order: randomUUID(),
  user,
  slot,
  party,
})

describe('200 people tap at once for 10 seats, each of them twice', () => {
  test('exactly 10 seats are taken, and each second tap answers as the first', async () => {
    const slot = await newSlot(database.db, { serviceId: lecture, capacity: 10 })
    const users = await newUsers(database.db, 200)
    const requests = users.map((user) => requestOf(user, slot))
    const [first, second] = [tapAll(requests), tapAll(requests)]
    const verdicts = (await first).map((verdict, i) => [verdict, i] as const)
    const again = await second
    const seated = verdicts.filter(([verdict, i]) => [verdict, again[i]].includes('granted'))
    expect(seated).toHaveLength(10)
    for (const [verdict, i] of seated)
      expect([verdict, again[i]].sort()).toEqual(['granted', 'same'])
    expect(await seatsTaken(database.db, slot)).toBe(10)
    const { taken } = await readSlot(slot)
    expect(taken).toBe(10)
  })

  test('in batches of 25 the same: exactly 10', async () => {
    const slot = await newSlot(database.db, { serviceId: lecture, capacity: 10 })
    const users = await newUsers(database.db, 200)
    const requests = users.map((user) => requestOf(user, slot)).flatMap((one) => [one, one])
    const batches = Array.from({ length: 16 }, (_, i) => requests.slice(i * 25, i * 25 + 25))
    await Promise.all(batches.map((batch) => hold(crowd.db, deafBus, batch)))
    expect(await seatsTaken(database.db, slot)).toBe(10)
  })

  test('control: without the lock and the constraint the same crowd oversells', async () => {
    const { db } = await seeded()
    await copyWithout(db, 'lock_slots', 'lock_nothing', [[' for no key update of slots', '']])
    await copyWithout(db, 'hold_slots', 'hold_unguarded', [['lock_slots(', 'lock_nothing(']])
    await sql`alter table slots drop constraint slots_never_oversold`.execute(db)
    let sold = 0
    // On a busy machine one crowd may happen to come one by one; not twenty.
    for (let round = 0; round < 20 && sold <= 10; round++) {
      const slot = await newSlot(db, { serviceId: lecture, capacity: 10 })
      const users = await newUsers(db, 200)
      await Promise.all(
        users.map((user) =>
          sql`select * from hold_unguarded(${JSON.stringify([requestOf(user, slot)])}::jsonb)`.execute(
            db,
          ),
        ),
      )
      sold = await seatsTaken(db, slot)
    }
    expect(sold).toBeGreaterThan(10)
  })
})

describe('isolation', () => {
  test('REPEATABLE READ cannot decide a hold: PostgreSQL refuses instead of overselling', async () => {
    const slot = await newSlot(database.db, { serviceId: lecture, capacity: 10 })
    const users = await newUsers(database.db, 60)
    const results = await Promise.allSettled(
      users.map((user) =>
        crowd.db
          .transaction()
          .setIsolationLevel('repeatable read')
          .execute((t) =>
            sql`select * from hold_slots(${JSON.stringify([requestOf(user, slot)])}::jsonb)`.execute(
              t,
            ),
          ),
      ),
    )
    const codes = results.flatMap((r) =>
      r.status === 'rejected' ? [(r.reason as { code: string }).code] : [],
    )
    expect(new Set(codes)).toEqual(new Set(['40001']))
    expect(await seatsTaken(database.db, slot)).toBeLessThanOrEqual(10)
  })

  test.each([
    ['read committed', (sold: number) => expect(sold).toBe(10)],
    ['repeatable read', (sold: number) => expect(sold).toBeGreaterThan(10)],
  ] as const)('control: counting orders behind a lock, %s', async (level, check) => {
    const { db } = await seeded()
    await sql`create function hold_by_counting(p_slot uuid, p_user uuid) returns void language plpgsql as $$
      begin
        perform pg_advisory_xact_lock(9);
        if (select count(*) from orders where slot_id = p_slot) < 10 then
          insert into orders (id, number, user_id, service_id, slot_id, party, state, held_until, form_version, created_at)
          values (gen_random_uuid(), next_order_number(now()), p_user, ${sql.lit(lecture)}, p_slot, 1, 'held', now() + interval '1 hour', 1, now());
        end if;
      end $$`.execute(db)
    let most = 0
    // On a busy machine one crowd may happen to come one by one; not twenty.
    for (let round = 0; round < (level === 'read committed' ? 3 : 20) && most <= 10; round++) {
      const slot = await newSlot(db, { serviceId: lecture, capacity: 10 })
      const users = await newUsers(db, 60)
      await Promise.allSettled(
        users.map((user) =>
          db
            .transaction()
            .setIsolationLevel(level)
            .execute((t) => sql`select hold_by_counting(${slot}, ${user})`.execute(t)),
        ),
      )
      most = Math.max(most, await seatsTaken(db, slot))
    }
    check(most)
  })
})

describe('one batch, decided in order', () => {
  const staffed = staff.find((person) => person.serviceIds.length === 2)?.id ?? ''

  test('the same order twice is one hold, and other content under its number is refused', async () => {
    const slot = await newSlot(database.db, { serviceId: lecture, capacity: 5 })
    const [user] = (await newUsers(database.db, 1)) as [string]
    const first = requestOf(user, slot)
    const batch = [first, first, { ...first, party: 2 }]
    expect(await decide(database.db, batch)).toEqual(['granted', 'same', 'order_id_reused'])
    expect(await seatsTaken(database.db, slot)).toBe(1)
  })

  test('what a batch has granted counts for who comes after: seats, limits, staff', async () => {
    const [slot, other, elsewhere] = await Promise.all([
      newSlot(database.db, { serviceId: lecture, capacity: 3 }),
      newSlot(database.db, { serviceId: lecture, capacity: 9, staffId: staffed, startsIn: 90 }),
      newSlot(database.db, { serviceId: venue, capacity: 60, staffId: staffed, startsIn: 91 }),
    ])
    const [a, b, c, d] = (await newUsers(database.db, 4)) as [string, string, string, string]
    const verdicts = await decide(database.db, [
      requestOf(a, slot, 2),
      requestOf(b, slot, 2),
      requestOf(b, slot),
      requestOf(c, slot),
      requestOf(d, other),
      requestOf(d, other),
      requestOf(d, other),
      requestOf(d, other),
      requestOf(a, elsewhere, 8),
    ])
    expect(verdicts).toEqual([
      'granted',
      'party_too_large',
      'granted',
      'slot_full',
      'granted',
      'granted',
      'granted',
      'limit_reached',
      'staff_busy',
    ])
    expect(await seatsTaken(database.db, slot)).toBe(3)
  })

  test('who lets a hold of one slot go again and again waits a day (PAINS 26)', async () => {
    const slot = await newSlot(database.db, { serviceId: lecture, capacity: 5 })
    const [user, another] = (await newUsers(database.db, 2)) as [string, string]
    const letGo = async () => {
      const request = requestOf(user, slot)
      const [verdict] = await decide(database.db, [request])
      await sql`update orders set held_until = clock_timestamp() where id = ${request.order}`.execute(
        database.db,
      )
      return verdict
    }
    for (let times = 0; times < 5; times++) expect(await letGo()).toBe('granted')
    expect(await letGo()).toBe('held_too_often')
    expect(await decide(database.db, [requestOf(another, slot)])).toEqual(['granted'])
    await sql`update orders set created_at = created_at - interval '1 day' where user_id = ${user}`.execute(
      database.db,
    )
    expect(await letGo()).toBe('granted')
  })
})

describe('extension against expiry', () => {
  /** When the hold lapses, ms from now: about when it is asked for, however slow the machine is. */
  const LAPSES = [-3, 0, 1, 2, 3, 4, 6, 8, 16, 32, 128, 1000]

  test('a hold that lapses while its form is submitted is either registered or given away, never both', async () => {
    const { quote } = await demoQuote()
    const outcomes = new Set<string>()
    for (let round = 0; round < 60; round++) {
      const slot = await newSlot(database.db, { serviceId: lecture, capacity: 1 })
      const [owner, rival] = (await newUsers(database.db, 2)) as [string, string]
      const first = requestOf(owner, slot)
      await hold(database.db, deafBus, [first])
      await sql`update orders set held_until = clock_timestamp() + ${`${LAPSES[round % LAPSES.length]} milliseconds`}::interval
        where id = ${first.order}`.execute(database.db)
      const [registered, taken] = await Promise.all([
        tx(crowd.db, (t) => apply(t, deafBus, first.order, 'register', { by: 'user', quote })),
        hold(crowd.db, deafBus, [requestOf(rival, slot)]),
      ])
      // Too late is too late, whether the seat's next owner or the clock said so first.
      const end = registered === 'ok' ? 'ok' : 'too late'
      if (end !== 'ok') expect(registered).toMatch(/^(hold_expired|order_state)$/)
      outcomes.add(`${end} ${taken[0]?.verdict}`)
      expect([registered === 'ok', taken[0]?.verdict === 'granted']).not.toEqual([true, true])
      expect(await seatsTaken(database.db, slot)).toBeLessThanOrEqual(1)
    }
    // Both ends of the race were seen, so the middle was in between.
    expect(outcomes).toContain('ok slot_full')
    expect(outcomes).toContain('too late granted')
  })

  test('a rival who comes after the old end waits for a registration under way, and finds the seat taken', async () => {
    const { quote } = await demoQuote()
    const register = (t: Tx, id: string) => apply(t, deafBus, id, 'register', { by: 'user', quote })
    expect(await rivalOf(register)).toEqual(['slot_full', 'waited'])
    // Control: where nothing keeps the seat the same rival gets it, and waits for nobody.
    const look = (t: Tx, id: string) => readOrder(t, id)
    expect(await rivalOf(look)).toEqual(['granted', 'did not wait'])
  })

  /**
   * A rival asks for the only seat when its hold has lapsed by the rows everybody sees, while the
   * transaction in which `act` happened is still open: their verdict, and whether they waited for it.
   */
  async function rivalOf(act: (t: Tx, orderId: string) => Promise<unknown>) {
    const slot = await newSlot(database.db, { serviceId: lecture, capacity: 1 })
    const [owner, rival] = (await newUsers(database.db, 2)) as [string, string]
    const first = requestOf(owner, slot)
    await hold(database.db, deafBus, [first])
    await sql`update orders set held_until = clock_timestamp() + interval '5 seconds'
      where id = ${first.order}`.execute(database.db)
    const [lapsed, commit] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()]
    const owned = tx(crowd.db, async (t) => {
      await act(t, first.order)
      await sql`select pg_sleep(5.1)`.execute(t)
      lapsed.resolve()
      await commit.promise
    })
    await lapsed.promise
    let answered = false
    const asked = hold(database.db, deafBus, [requestOf(rival, slot)]).finally(() => {
      answered = true
    })
    const waited = await until('a wait or an answer', async () => {
      const { rows } = await sql`select from pg_stat_activity
        where datname = current_database() and wait_event_type = 'Lock'`.execute(database.db)
      return rows.length > 0 ? 'waited' : answered && 'did not wait'
    })
    commit.resolve()
    await owned
    const [said] = await asked
    return [said?.verdict, waited]
  }
})

describe('one staff member, two services, one hour (B3)', () => {
  const lecturer = staff.find((person) => person.serviceIds.length === 2)?.id ?? ''

  test('only one of the services gets the person', async () => {
    for (let round = 0; round < 10; round++) {
      const startsIn = 100 + round * 10
      const slots = await Promise.all([
        newSlot(database.db, { serviceId: lecture, capacity: 5, staffId: lecturer, startsIn }),
        newSlot(database.db, {
          serviceId: venue,
          capacity: 60,
          staffId: lecturer,
          startsIn: startsIn + 1,
        }),
      ])
      const users = await newUsers(database.db, 20)
      const verdicts = await tapAll(
        users.map((user, i) => requestOf(user, slots[i % 2] as string, i % 2 ? 8 : 1)),
      )
      const sold = await Promise.all(slots.map((slot) => seatsTaken(database.db, slot)))
      expect(sold.filter((seats) => seats > 0)).toHaveLength(1)
      expect(verdicts).toContain('staff_busy')
    }
  })

  test('a lapsed hold of the other service does not keep the person busy', async () => {
    const [other, mine] = await Promise.all([
      newSlot(database.db, { serviceId: venue, capacity: 60, staffId: lecturer, startsIn: 400 }),
      newSlot(database.db, { serviceId: lecture, capacity: 5, staffId: lecturer, startsIn: 401 }),
    ])
    const [a, b] = (await newUsers(database.db, 2)) as [string, string]
    const lapsing = requestOf(a, other, 8)
    expect(await decide(database.db, [lapsing])).toEqual(['slot_closed']) // beyond the booking days
    await sql`insert into rules values ('bookingDays', 60)`.execute(database.db)
    expect(await decide(database.db, [lapsing])).toEqual(['granted'])
    expect(await decide(database.db, [requestOf(b, mine)])).toEqual(['staff_busy'])
    await sql`update orders set held_until = clock_timestamp() where id = ${lapsing.order}`.execute(
      database.db,
    )
    expect(await decide(database.db, [requestOf(b, mine)])).toEqual(['granted'])
  })

  test('control: without locks and constraint both services get the person', async () => {
    const { db } = await seeded()
    await copyWithout(db, 'lock_slots', 'lock_nothing', [
      [' for no key update of slots', ''],
      ['perform pg_advisory_xact_lock(1', 'perform greatest(1'],
    ])
    await copyWithout(db, 'hold_slots', 'hold_unguarded', [['lock_slots(', 'lock_nothing(']])
    await sql`alter table slots drop constraint slots_staff_once, drop constraint slots_never_oversold`.execute(
      db,
    )
    let doubled = 0
    for (let round = 0; round < 20 && doubled === 0; round++) {
      const startsIn = 100 + round * 10
      const slots = await Promise.all([
        newSlot(db, { serviceId: lecture, capacity: 5, staffId: lecturer, startsIn }),
        newSlot(db, { serviceId: venue, capacity: 60, staffId: lecturer, startsIn }),
      ])
      const users = await newUsers(db, 12)
      await Promise.all(
        users.map((user, i) => {
          const request = requestOf(user, slots[i % 2] as string, i % 2 ? 8 : 1)
          return sql`select * from hold_unguarded(${JSON.stringify([request])}::jsonb)`.execute(db)
        }),
      )
      const sold = await Promise.all(slots.map((slot) => seatsTaken(db, slot)))
      if (sold.every((seats) => seats > 0)) doubled += 1
    }
    expect(doubled).toBe(1)
  })
})

async function readSlot(id: string) {
  return database.db.selectFrom('slots').selectAll().where('id', '=', id).executeTakeFirstOrThrow()
}

/** A database of its own, seeded, with a crowd's pool: what a control may break. */
async function seeded() {
  const own = await freshDatabase()
  await seedWorld(own.db)
  const rush = openCrowd(own.url, 24)
  rushes.push(rush)
  return { db: rush.db }
}

async function demoQuote() {
  const service = await database.db
    .selectFrom('services')
    .selectAll()
    .where('id', '=', lecture)
    .executeTakeFirstOrThrow()
  return { quote: priceOrder(service, 1, [], false) }
}
