/** What a lane sells, and to whom. */
import { randomUUID } from 'node:crypto'
import { type Kysely, sql } from 'kysely'
import type { Database } from '../../server/db/schema.ts'

/** Prices that do not divide evenly. */
const GOODS = [
  { price_fen: 9_999, deposit_fen: 0, charged_per: 'order' },
  { price_fen: 12_345, deposit_fen: 5_001, charged_per: 'order' },
  { price_fen: 3_333, deposit_fen: 0, charged_per: 'person' },
  { price_fen: 0, deposit_fen: 0, charged_per: 'order' },
] as const

/** Puts the goods on sale, with forms that ask nothing. */
export async function stock(db: Kysely<Database>): Promise<{ id: string; priceFen: number }[]> {
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

/** New people. */
export async function populate(db: Kysely<Database>): Promise<string[]> {
  const rows = Array.from({ length: PEOPLE }, () => ({
    id: randomUUID(),
    name: '用户',
    phone_sealed: null,
    phone_index: null,
  }))
  await db.insertInto('users').values(rows).execute()
  return rows.map(({ id }) => id)
}
