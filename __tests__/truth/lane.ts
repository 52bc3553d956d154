/**
 * A lane: one real database with virtual time and the auditor, and the parts the product is given on
 * it. Histories run in a lane one after another; several lanes run side by side.
 */
import { type Kysely, sql } from 'kysely'
import { pino } from 'pino'
import { openPool } from '../../server/db/pool.ts'
import type { Database } from '../../server/db/schema.ts'
import type { Parts } from '../../server/parts.ts'
import { createSeal } from '../../server/people/seal.ts'
import { openQueue } from '../../server/queue/queue.ts'
import { freshDatabase } from '../db.ts'
import { deafBus } from '../races/setting.ts'
import { audit } from './auditor.ts'
import { mortalDb } from './mortal.ts'
import { newPlan, type Plan } from './plan.ts'
import type { Rails } from './rails.ts'
import { populate, stock } from './stock.ts'
import { count, type Tally } from './tally.ts'
import { bendTime, type Time } from './time.ts'

export interface Lane {
  db: Kysely<Database>
  time: Time
  rails: Rails
  tally: Tally
  services: readonly { id: string; priceFen: number }[]
  /** Who lives the next history. */
  newPeople(count: number): string[]
  /** The product's parts for one errand, with what is planned to go wrong on it. */
  parts(plan?: Plan): Parts
  /** Failures the product logged since the last call, that no planned death explains. */
  errors(): string[]
  /** Throws away all slots, orders and money, so that tables stay small; makes new people. */
  wipe(): Promise<void>
  close(): Promise<void>
}

/** What a negative control takes away. */
export interface Removed {
  /** Takes guards out of the lane's database. */
  fromDatabase?: (db: Kysely<Database>) => Promise<void>
  /** Every statement commits on its own. */
  transactions?: true
}

export interface LaneOptions {
  /** Made on the lane's clock. */
  rails: (now: () => number) => Rails | Promise<Rails>
  removed?: Removed
  /** The people of every history, whom the providers know; else new ones in each. */
  people?: (db: Kysely<Database>, rails: Rails) => Promise<string[]>
}

/** Opens a lane on a database of its own. */
export async function openLane({
  rails: makeRails,
  removed = {},
  people: populated = populate,
}: LaneOptions): Promise<Lane> {
  const { db: setting, local } = await freshDatabase()
  const time = await bendTime(setting)
  await audit(setting)
  await removed.fromDatabase?.(setting)
  const services = await stock(setting)
  const pool = openPool(local, { name: 'lane', max: 8 })
  const db = mortalDb(pool.pool, newPlan(undefined), !removed.transactions)
  const rails = await makeRails(() => time.now().getTime())
  let people = await populated(db, rails)
  const heard: string[] = []
  const tally: Tally = new Map()
  const log = pino({ level: 'error' }, { write: (line: string) => heard.push(line) })
  const seal = createSeal(Buffer.alloc(32, 7))
  const queue = openQueue()
  return {
    db,
    time,
    rails,
    tally,
    services,
    parts: (plan) => ({
      db: plan?.fault ? mortalDb(pool.pool, plan, !removed.transactions) : db,
      bus: deafBus,
      queue,
      gateways: rails.gateways(plan),
      platforms: {} as Parts['platforms'], // nothing of a history speaks to them
      seal,
      log,
      publicUrl: 'http://jiyue',
      now: time.now,
    }),
    errors: () => heard.splice(0).filter(isSurprising),
    newPeople(count) {
      const next = populated === populate ? people.splice(0, count) : people.slice(0, count)
      if (next.length < count) throw new Error('wipe() makes new people')
      return next
    },
    async wipe() {
      await count(tally, db)
      await sql`truncate users, slots, wrongs, bills, differences cascade`.execute(db)
      people = await populated(db, rails)
    },
    async close() {
      await rails.stop?.()
      await pool.close()
    },
  }
}

/** Lines the product may log because of what we did to it. */
function isSurprising(line: string): boolean {
  const { msg, err } = JSON.parse(line) as { msg: string; err?: { type: string } }
  return err ? err.type !== 'Died' : !EXPECTED.test(msg)
}
const EXPECTED = /a person is needed|not paid to the merchant|a bill and our books do not agree/
