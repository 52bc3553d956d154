/** Words are found in the console's lists by index, and exactly where reading every row finds them. */
import { randomUUID } from 'node:crypto'
import fc from 'fast-check'
import { type RawBuilder, sql } from 'kysely'
import { holding } from '../../server/db/conditions.ts'
import { idsOfPage, type Newest, says } from '../../server/db/search.ts'
import { numberClues } from '../../server/order/clues.ts'
import { type FreshDatabase, freshDatabase } from '../db.ts'

let database: FreshDatabase
beforeAll(async () => {
  database = await freshDatabase({ seeded: true })
})

/** What people write: Chinese, Latin of both cases, digits, emoji, and what SQL itself reads. */
const letters = fc.constantFrom(
  ...'林小满欧阳静的一二Aaä Ääßİ09.-_%\\\'"&|!:*()<>\t\n🎈👨‍👩‍👧é'.normalize('NFC'),
)
const text = fc.string({ unit: letters, minLength: 1, maxLength: 40 })
const words = fc.string({ unit: letters, minLength: 1, maxLength: 8 })
/** Half of the words are from the text itself, in another case. */
const searches = fc
  .tuple(text, words, fc.nat(40), fc.integer({ min: 1, max: 6 }), fc.boolean())
  .map(([text, other, from, length, isOther]) => {
    const start = from % [...text].length
    const part = [...text].slice(start, start + length).join('')
    return { text, words: isOther ? other : part.toUpperCase() }
  })

describe.each([2, 3] as const)('by pieces of %d characters', (size) => {
  test('misses no text that ilike finds, in any script and case', async () => {
    let held = 0
    await fc.assert(
      fc.asyncProperty(fc.array(searches, { minLength: 50, maxLength: 50 }), async (all) => {
        const { rows } = await sql<{ held: number; missed: string[] | null }>`
          select count(*) filter (where t ilike like_w)::int as held,
            array_agg(t || ' ← ' || w) filter (where t ilike like_w and not coalesce(
              pieces(t, ${sql.lit(size)}) @@ pieces_wanted(w, ${sql.lit(size)}), false)) as missed
          from unnest(${all.map(({ text }) => text)}::text[], ${all.map(({ words }) => words)}::text[],
            ${all.map(({ words }) => holding(words))}::text[]) as asked (t, w, like_w)`.execute(
          database.db,
        )
        held += rows[0]?.held ?? 0
        expect(rows[0]?.missed).toBeNull()
      }),
      { numRuns: 40 },
    )
    // Of two thousand, about half were made to be held.
    expect(held).toBeGreaterThan(500)
  })

  test('a text too long for its pieces is found all the same', async () => {
    const long = sql<string>`(repeat('很长的话', 20000) || '林小满')`
    const found = async (words: string) =>
      (await sql<{ is: boolean }>`select ${says(long, words, size)} as is`.execute(database.db))
        .rows
    expect(await found('小满')).toEqual([{ is: true }])
    expect(await found('欧阳')).toEqual([{ is: false }])
  })
})

test('a letter that is another small one at the edge of a word is found as ilike has it', async () => {
  const { db } = database
  // PostgreSQL 18 brings it; before, no locale of a database looks at a letter's neighbours like that.
  const known = await sql`select from pg_collation where collname = 'pg_unicode_fast'`.execute(db)
  const as = sql.raw(`collate ${known.rows.length > 0 ? 'pg_unicode_fast' : '"C"'}`)
  const { rows } = await sql`select ('林:Σ满' ${as}) ilike '%:Σ%' as held,
    pieces('林:Σ满' ${as}, 2) @@ pieces_wanted(':Σ' ${as}, 2) as found`.execute(db)
  expect(rows).toEqual([{ held: true, found: true }])
})

/** Control: pieces alone are in texts that do not hold the words, so these are looked for once more. */
test('control: having the pieces is not holding the words', async () => {
  const { rows } = await sql`select pieces('小满小林小', 2) @@ pieces_wanted('林小满', 2) as has,
    ${says(sql`'小满小林小'`, '林小满', 2)} as says`.execute(database.db)
  expect(rows).toEqual([{ has: true, says: false }])
})

test('a number is found by its beginning, with or without JY, and by its last digits', async () => {
  const { db } = database
  await someOrders(['JY2611290012345', 'JY2611300067890', 'JY2512310012346'])
  const found = async (words: string, by: 'holds' | 'found') => {
    const ids = new Set<string>()
    for (const clue of numberClues(words)) {
      const fits = by === 'holds' ? clue.holds : sql<boolean>`id in (${clue.found})`
      const rows = await db.selectFrom('orders').select('number').where(fits).execute()
      for (const { number } of rows) ids.add(number)
    }
    return [...ids].sort()
  }
  for (const [words, numbers] of Object.entries({
    JY2611290012345: ['JY2611290012345'],
    ' jy2611290012345 ': ['JY2611290012345'],
    jy26: ['JY2611290012345', 'JY2611300067890'],
    J: ['JY2512310012346', 'JY2611290012345', 'JY2611300067890'],
    '261129': ['JY2611290012345'],
    '12345': ['JY2611290012345'],
    '45': ['JY2611290012345'],
    '11300067890': ['JY2611300067890'],
    '2512310012346': ['JY2512310012346'],
    '00678': [],
    林: [],
    '%': [],
    JY1234567890123456: [],
  })) {
    expect([words, await found(words, 'holds')]).toEqual([words, numbers])
    expect([words, await found(words, 'found')]).toEqual([words, numbers])
  }
})

describe('a list', () => {
  const list: Newest = { table: 'feedback', time: 'created_at', id: 'id' }
  const ROWS = 3_000
  /** Whatever there are few, some or many of, and wherever they are, of three thousand rows. */
  const spread: Record<string, RawBuilder<boolean>> = {
    无处: sql`false`,
    最旧: sql`n > ${ROWS - 3}`,
    最新: sql`n <= 20`,
    中间: sql`n between 1000 and 1100`,
    偶尔: sql`n % 50 = 0`,
    常有: sql`n % 12 = 0`,
    到处: sql`n > 200`,
    // More than are fetched by their ids, all of them far down.
    旧多: sql`n > 600`,
  }
  beforeAll(async () => {
    const said = Object.entries(spread).map(
      ([word, is]) => sql`case when ${is} then ${sql.lit(word)} else '' end`,
    )
    const user = randomUUID()
    await database.db.insertInto('users').values({ id: user, name: '林小满' }).execute()
    await sql`insert into feedback (id, source, user_id, kind, text, state, due_at, created_at, changed_at)
      select gen_random_uuid(), 'app', ${user}, case when n % 2 = 0 then 'complaint' else 'question' end,
        '说' || ${sql.join(said, sql` || `)}, 'open', now(),
        -- Several at the same moment: their order is by id.
        now() - n / 3 * interval '1 min', now() from generate_series(1, ${ROWS}) n`.execute(
      database.db,
    )
    await sql`analyze feedback`.execute(database.db)
  })

  test.each([...Object.keys(spread), '说'])(
    'page by page, 「%s」 is found as by reading every row',
    async (word) => {
      const { db } = database
      const fits = sql<boolean>`feedback.text ilike ${holding(word)}`
      const clues = [
        { holds: fits, found: sql`select id from feedback where ${says(sql`text`, word, 2)}` },
      ]
      for (const kind of [null, 'complaint'] as const) {
        const from = db
          .selectFrom('feedback')
          .$if(kind !== null, (q) => q.where('kind', '=', kind ?? 'complaint'))
        const every = await from
          .select(['id', sql<string>`created_at::text`.as('at')])
          .where(fits)
          .orderBy('created_at', 'desc')
          .orderBy('id', 'desc')
          .execute()
        const pages: string[] = []
        let after: string | undefined
        for (;;) {
          const page = await idsOfPage(db, { list, from, clues, after, limit: 51 })
          pages.push(...page)
          if (page.length < 51) break
          const last = every.find(({ id }) => id === page.at(-1))
          after = `${last?.at},${last?.id}`
        }
        expect(pages).toEqual(every.map(({ id }) => id))
      }
    },
  )
})

async function someOrders(numbers: readonly string[]) {
  const user = randomUUID()
  const { db } = database
  await db.insertInto('users').values({ id: user, name: '欧阳静' }).execute()
  await sql`insert into orders (id, number, user_id, service_id, slot_id, party, state, form_version, created_at)
    select gen_random_uuid(), number, ${user}, s.service_id, s.id, 1, 'expired', 1, now()
    from unnest(${numbers}::text[]) number, (select * from slots limit 1) s`.execute(db)
}
