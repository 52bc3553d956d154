/**
 * A lane: one real database with virtual time and the auditor, and the parts the product is given on
 * it. Histories run in a lane one after another; several lanes run side by side.
 */
import { randomUUID } from 'node:crypto'
import { type Kysely, sql } from 'kysely'
import { pino } from 'pino'
import { openPool } from '../../server/db/pool.ts'
import type { Database } from '../../server/db/schema.ts'
import type { Parts } from '../../server/parts.ts'
import { createSeal } from '../../server/people/seal.ts'
import { freshDatabase } from '../db.ts'
import { deafBus } from '../races/setting.ts'
import { audit } from './auditor.ts'
import { mortalDb } from './mortal.ts'
import { newPlan, type Plan } from './plan.ts'
import type { Rails } from './rails.ts'
import { count, type Tally } from './tally.ts'
import { bendTime, type Time } from './time.ts'

export interface Lane {
  db: Kysely<Database>
  time: Time
  rails: Rails
  tally: Tally
  services: readonly { id: string; priceFen: number }[]
  /** People nobody has used yet. */
  newPeople(count: number): string[]
  /** The product's parts for one errand, with what is planned to go wrong on it. */
  parts(plan?: Plan): Parts
  /** Failures the product logged since the last call, that no planned death explains. */
  errors(): string[]
  /** Throws away all slots, orders and money, so that tables stay small; makes new people. */
  wipe(): Promise<void>
  close(): Promise<void>
}

/** What the lane sells; prices that do not divide evenly. */
const GOODS = [
  { price_fen: 9_999, deposit_fen: 0, charged_per: 'order' },
  { price_fen: 12_345, deposit_fen: 5_001, charged_per: 'order' },
  { price_fen: 3_333, deposit_fen: 0, charged_per: 'person' },
  { price_fen: 0, deposit_fen: 0, charged_per: 'order' },
] as const

/** What a negative control takes away. */
export interface Removed {
  /** Takes guards out of the lane's database. */
  fromDatabase?: (db: Kysely<Database>) => Promise<void>
  /** Every statement commits on its own. */
  transactions?: true
}

/** Opens a lane on a database of its own. `makeRails` is given the lane's clock. */
export async function openLane(
  makeRails: (now: () => number) => Rails,
  removed: Removed = {},
): Promise<Lane> {
  const { db: setting, url } = await freshDatabase()
  const time = await bendTime(setting)
  await audit(setting)
  await removed.fromDatabase?.(setting)
  const services = await stock(setting)
  const pool = openPool(url, { name: 'lane', max: 8 })
  const db = mortalDb(pool.pool, newPlan(undefined), !removed.transactions)
  const rails = makeRails(() => time.now().getTime())
  let people = await populate(db)
  const heard: string[] = []
  const tally: Tally = new Map()
  const log = pino({ level: 'error' }, { write: (line: string) => heard.push(line) })
  const seal = createSeal(Buffer.alloc(32, 7))
  return {
    db,
    time,
    rails,
    tally,
    services,
    parts: (plan) => ({
      db: plan?.fault ? mortalDb(pool.pool, plan, !removed.transactions) : db,
      bus: deafBus,
      gateways: rails.gateways(plan),
      platforms: {} as Parts['platforms'], // nothing of a history speaks to them
      seal,
      log,
      publicUrl: 'http://jiyue',
      now: time.now,
    }),
    errors: () => heard.splice(0).filter(isSurprising),
    newPeople(count) {
      if (people.length < count) throw new Error('wipe() makes new people')
      return people.splice(0, count)
    },
    async wipe() {
      await count(tally, db)
      await sql`truncate users, slots, wrongs, bills, differences cascade`.execute(db)
      people = await populate(db)
    },
    close: pool.close,
  }
}

/** Lines the product may log because of what we did to it. */
function isSurprising(line: string): boolean {
  const { msg, err } = JSON.parse(line) as { msg: string; err?: { type: string } }
  return err ? err.type !== 'Died' : !EXPECTED.test(msg)
}
const EXPECTED =
  /a person is needed|not paid to the merchant|a bill and our books do not agree|names none of ours/

async function stock(db: Kysely<Database>): Promise<{ id: string; priceFen: number }[]> {
  await sql`insert into rules values ('ordersPerUser', 1000)`.execute(db)
  const made: { id: string; priceFen: number }[] = []
  for (const goods of GOODS) {
    const id = randomUUID()
    made.push({ id, priceFen: goods.price_fen })
    await db
      .insertInto('services')
      .values({
        ...goods,
        id,
        kind: 'event',
        name: '讲座',
        summary: '',
        content: [],
        notes: [],
        photos: ['none'],
        price_unit: '次',
        includes: '',
        duration_minutes: 60,
        cutoff_minutes: 0,
        party_max: 3,
        deposit_condition: goods.deposit_fen > 0 ? '到场后退' : null,
        city: null,
        districts: null,
        unique_per: 'slot',
        position: made.length,
      })
      .execute()
    await db
      .insertInto('forms')
      .values({ service_id: id, version: 1, steps: [], fields: JSON.stringify([]) })
      .execute()
  }
  return made
}

const PEOPLE = 1000

async function populate(db: Kysely<Database>): Promise<string[]> {
  const rows = Array.from({ length: PEOPLE }, () => ({
    id: randomUUID(),
    name: '用户',
    phone_sealed: null,
    phone_index: null,
  }))
  await db.insertInto('users').values(rows).execute()
  return rows.map(({ id }) => id)
}
