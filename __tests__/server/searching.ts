/** Looking for a text in every row of every table, as a thief with the database would. */
import { type Kysely, sql } from 'kysely'
import type { Database } from '../../server/db/schema.ts'

/** Names of the tables in which `text` can be read. */
export async function tablesWith(db: Kysely<Database>, text: string): Promise<string[]> {
  const { rows } = await sql<{ name: string }>`
    select tablename as name from pg_tables where schemaname = 'public'`.execute(db)
  const hits = await Promise.all(
    rows.map(async ({ name }) => {
      const found = await sql`select 1 from ${sql.table(name)} t
        where t::text like ${`%${text}%`} limit 1`.execute(db)
      return found.rows.length > 0 ? [name] : []
    }),
  )
  return hits.flat()
}
