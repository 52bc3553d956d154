/** Ten times the orders and slots: the same holds and slot lists must not become slower. */
import { addDays, dayOf } from '@jiyue/contract/time'
import type { Kysely } from 'kysely'
import { readSlots } from '../server/booking/slots.ts'
import { openPool } from '../server/db/pool.ts'
import type { Database } from '../server/db/schema.ts'
import { holds, type Pace } from './http.ts'
import type { Round, Row } from './row.ts'
import type { Stage } from './stage.ts'

const ORDERS = 100_000
const SLOTS = 10_000
const TIMES = 10
const SEATS = 10_000_000

/** Each figure after growth against the same at the beginning: time per operation, as a ratio. */
export async function growth(stage: Stage, pace: Pace): Promise<Row[]> {
  await grow(stage, 0, 1)
  const before = await measure(stage, pace)
  await grow(stage, 1, TIMES)
  const after = await measure(stage, pace)
  const what = `with ${(TIMES * ORDERS).toLocaleString('en')} orders and ${(TIMES * SLOTS).toLocaleString('en')} slots`
  return (['holds', 'lists'] as const).map((name) => ({
    what: `${name === 'holds' ? 'hold of one hot slot' : 'slot list, read anew'} ${what}`,
    reference: 'itself at a tenth',
    unit: 'µs each',
    rounds: after[name].map((round, index) => ({
      ...round,
      ours: 1e6 / round.ours,
      reference: 1e6 / (before[name][index]?.ours ?? Number.NaN),
    })),
    toReach: { most: 1.2 },
  }))
}

async function measure(stage: Stage, { rounds, seconds }: Pace) {
  const slot = await stage.slot(SEATS)
  const said: { holds: Round[]; lists: Round[] } = { holds: [], lists: [] }
  const { db, close } = openPool(stage.databaseUrl, { name: 'bench', max: 1 })
  for (let round = 0; round < rounds; round++) {
    const of = { connections: 64, seconds, slots: [slot], path: '/v1/orders/' }
    said.holds.push(await holds(stage, of))
    said.lists.push(await readLists(db, stage.service, seconds))
  }
  await close()
  return said
}

/** The read behind the cached list, one after another. */
async function readLists(db: Kysely<Database>, serviceId: string, seconds: number): Promise<Round> {
  const today = dayOf(Date.now())
  const days = { from: today, to: addDays(today, 6) }
  const began = performance.now()
  let done = 0
  for (; performance.now() - began < seconds * 1000; done++)
    await readSlots(db, { serviceId, days })
  return { ours: done / ((performance.now() - began) / 1000), reference: Number.NaN }
}

/**
 * Past slots and orders, from the `from`th share to the `to`th: a tenth of them belongs to the crowd
 * that books now, the others to as many more people.
 */
async function grow({ pool, service }: Stage, from: number, to: number): Promise<void> {
  await pool.query(
    `insert into slots (id, service_id, starts_at, ends_at, bookable_until, capacity)
     select gen_random_uuid(), $1, at, at + interval '1 h', at, 20
     from generate_series($2::int, $3::int - 1) n,
       lateral (select now() - interval '1 day' - n * interval '3 min' as at) times`,
    [service, from * SLOTS, to * SLOTS],
  )
  for (let share = from; share < to; share++) {
    if (share > 0) await pool.query(MORE_PEOPLE, [PEOPLE])
    await pool.query(ORDERS_OF_NEWEST, [service, share * ORDERS, ORDERS, PEOPLE, SLOTS])
  }
  await pool.query('vacuum analyze users, slots, orders')
  // A million rows at once is not how orders come: what they left to be written is not the holds' to pay.
  await pool.query('checkpoint')
}

const PEOPLE = 20_000
const MORE_PEOPLE = `insert into users (id, name) select gen_random_uuid(), '用户' from generate_series(1, $1)`
const ORDERS_OF_NEWEST = `
  with people as (select id, row_number() over () - 1 as n from
      (select id from users order by created_at desc limit $4) newest),
    past as (select id, row_number() over () - 1 as n from
      (select id from slots where service_id = $1 and starts_at < now() order by starts_at limit $5) oldest)
  insert into orders (id, number, user_id, service_id, slot_id, party, state, form_version, created_at)
  select gen_random_uuid(), 'G' || g, people.id, $1, past.id, 1, 'expired', 1, now() - interval '3 days'
  from generate_series($2::int, $2::int + $3::int - 1) g
  join people on people.n = g % $4 join past on past.n = g % $5`
