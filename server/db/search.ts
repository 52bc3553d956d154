/**
 * Words in the console's lists, found as fast among a hundred thousand rows as among a thousand
 * (docs/decisions/042-search.md). What many rows hold is found by going down the list; what few do, by
 * index. Which of the two it is is not left to the planner's guess: a stretch of the list is looked at
 * first, then the index is asked for a limited number of rows.
 */
import { type Kysely, type RawBuilder, type SelectQueryBuilder, sql } from 'kysely'
import { holding, isBeyond } from './conditions.ts'
import type { Database } from './schema.ts'

/** One thing that a row may be found by. */
export interface Clue {
  /** True of a row of the list that has it, looked at by itself. */
  holds: RawBuilder<boolean>
  /** The `id`s of exactly these rows, and of others that no row of the list has; by an index. */
  found: RawBuilder<unknown>
}

/** A list in the order of its index: newest first by `time`, then by `id`. */
export interface Newest {
  table: 'orders' | 'registrations' | 'feedback' | 'acts'
  time: string
  id: string
}

/** A page of a list: the rows of `from` after `after` that have one of the clues; all, where it is null. */
export interface PageAsked {
  list: Newest
  /** The list's rows narrowed to whatever else is asked. */
  // biome-ignore lint/suspicious/noExplicitAny: whatever tables are joined.
  from: SelectQueryBuilder<Database, any, object>
  clues: readonly Clue[] | null
  /** As the page before ended: `time,id`. */
  after: string | undefined
  limit: number
}

/**
 * Rows looked at one by one before the index is asked, for each row that is wanted; and how many more
 * where these had an eighth of the page, so that the rest is likely among the next.
 */
const STRETCHES = [3, 20]
const WORTH_MORE = 1 / 8
/** Most rows that are fetched by their ids; of more, a page is found sooner by going down the list. */
const FEW = 2_000

/**
 * Ids of a page's rows, in the list's order. Only ids: what is shown of them is read by these (anyOf), so
 * that its many tables are planned once and kept, and not anew for each filter.
 */
export async function idsOfPage(
  db: Kysely<Database>,
  { list, from, clues, after, limit }: PageAsked,
): Promise<string[]> {
  const [time, id] = [ref(list, list.time), ref(list, list.id)]
  const key = sql`(${time}, ${id})`
  const isAfter = isBeyond([time, id], after)
  const read = async (fits: RawBuilder<boolean>, most: number) => {
    const page = from.select(sql<string>`${id}`.as('id')).where(isAfter).where(fits)
    const found = await page.orderBy(time, 'desc').orderBy(id, 'desc').limit(most).execute()
    return found.map((row) => row.id)
  }
  if (clues === null) return read(sql`true`, limit)
  const holds = anyHolds(clues)
  const near: string[] = []
  let below = sql<boolean>`true`
  for (const stretch of STRETCHES) {
    const end = await furtherDown(db, list, sql`${isAfter} and ${below}`, limit * stretch)
    const until = end === null ? below : sql`${below} and ${key} > ${end}`
    near.push(...(await read(sql`(${holds} and ${until})`, limit - near.length)))
    if (end === null || near.length >= limit) return near
    below = sql`${key} <= ${end}`
    if (near.length < limit * WORTH_MORE) break
  }
  const ids = await idsFound(db, clues)
  if (ids?.length === 0) return near
  const fits = ids === null ? holds : isAmong(list, ids)
  return [...near, ...(await read(sql`(${fits} and ${below})`, limit - near.length))]
}

/** For counting: true of rows that have one of the clues, by their ids where these are few. */
export async function anyClue(
  db: Kysely<Database>,
  list: Newest,
  clues: readonly Clue[] | null,
): Promise<RawBuilder<boolean>> {
  if (clues === null) return sql`true`
  const ids = await idsFound(db, clues)
  return ids === null ? anyHolds(clues) : isAmong(list, ids)
}

/**
 * True of texts that hold the words, by an index of 052-search.sql over pieces of `size` characters. The
 * pieces are in texts that do not hold the words, too: so these are looked for once more.
 */
export function says(text: RawBuilder<string>, words: string, size: 2 | 3): RawBuilder<boolean> {
  return sql`(${hasPieces(text, words, size)} and ${text} ilike ${holding(words)})`
}

/** True of texts that may hold the words, and of every one that does; by the same indexes. */
export function hasPieces(text: RawBuilder<string>, words: string, size: 2 | 3) {
  const n = sql.lit(size)
  return sql<boolean>`pieces(${text}, ${n}) @@ pieces_wanted(${words}, ${n})`
}

const ref = ({ table }: Newest, column: string) => sql.ref(`${table}.${column}`)

const anyHolds = (clues: readonly Clue[]) =>
  sql<boolean>`(${sql.join([sql`false`, ...clues.map(({ holds }) => holds)], sql` or `)})`

const isAmong = (list: Newest, ids: readonly string[]) =>
  sql<boolean>`${ref(list, list.id)} = any(${ids}::uuid[])`

/** Key of the row that is `rows` rows further down, to the microsecond; null when the list ends before. */
async function furtherDown(
  db: Kysely<Database>,
  list: Newest,
  from: RawBuilder<boolean>,
  rows: number,
): Promise<RawBuilder<unknown> | null> {
  const [time, id] = [ref(list, list.time), ref(list, list.id)]
  const found = await sql<{ at: string; id: string }>`
    select ${time}::text as at, ${id} as id from ${sql.table(list.table)} where ${from}
    order by ${time} desc, ${id} desc offset ${rows} limit 1`.execute(db)
  const [row] = found.rows
  return row ? sql`(${row.at}::timestamptz, ${row.id}::uuid)` : null
}

/** Ids of all rows that have one of the clues; null when they are many. */
async function idsFound(db: Kysely<Database>, clues: readonly Clue[]): Promise<string[] | null> {
  if (clues.length === 0) return []
  const most = sql.lit(FEW + 1)
  const each = clues.map(({ found }) => sql`(select id from (${found}) one limit ${most})`)
  const { rows } = await sql<{ ids: string[] | null }>`
    select case when count(*) < ${most} then coalesce(array_agg(id::text), '{}') end as ids
    from (select id from (${sql.join(each, sql` union all `)}) one limit ${most}) found`.execute(db)
  return rows[0]?.ids ?? null
}
