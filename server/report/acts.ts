/** The log of the console as its page reads it (M10): the database's own triggers write it. */
import type { ConsoleAct } from '@jiyue/contract/schema/acts'
import type { Input, Reply } from '@jiyue/contract/schema/wire'
import { type RawBuilder, sql } from 'kysely'
import { anyOf, holding, withinDays } from '../db/conditions.ts'
import { type Clue, hasPieces, idsOfPage, type Newest, says } from '../db/search.ts'
import type { Parts } from '../parts.ts'

const PAGE = 50
const NEWEST: Newest = { table: 'acts', time: 'at', id: 'id' }
/** Changes of one act that are shown; a saved schedule may touch more. */
const SHOWN = 20

type Filter = NonNullable<Input<'listActs'>['query']>

/** A page, newest first; `next` continues it. */
export async function listActs(parts: Parts, filter: Filter): Promise<Reply<'listActs'>> {
  const found = await idsOfPage(parts.db, {
    list: NEWEST,
    from: narrowed(parts, filter),
    clues: cluesOf(filter),
    after: filter.after,
    limit: PAGE + 1,
  })
  const rows = await rowsOf(parts, found)
  const page = rows.slice(0, PAGE)
  const last = rows.length > PAGE ? page.at(-1) : undefined
  const people = await parts.db
    .selectFrom('people')
    .select(['id', 'name'])
    .orderBy('created_at')
    .orderBy('login')
    .execute()
  return {
    acts: page.map((row) => ({
      id: row.id,
      at: row.at.toISOString(),
      person: { id: row.person_id, name: row.name },
      action: row.action,
      reason: row.reason,
      address: row.address,
      changes: row.changes,
      changed: row.changed,
    })),
    people,
    next: last ? `${last.at.toISOString()},${last.id}` : null,
  }
}

/** Narrowed to all but words. */
function narrowed({ db }: Parts, { personId, action, from, to, object, key, text }: Filter) {
  return db
    .selectFrom('acts')
    .$if(personId !== undefined, (q) => q.where('acts.person_id', '=', personId as string))
    .$if(action !== undefined, (q) => q.where('acts.action', '=', action as string))
    .where(withinDays('acts.at', { from, to }))
    .$if(object !== undefined && !text, (q) => q.where(hasChange(isThing(object, key))))
}

function rowsOf({ db }: Parts, ids: readonly string[]) {
  return db
    .selectFrom('acts')
    .innerJoin('people', 'people.id', 'acts.person_id')
    .selectAll('acts')
    .select([
      'people.name',
      sql<ConsoleAct['changes']>`(select coalesce(json_agg(json_build_object(
          'object', c.object, 'key', c.object_key, 'name', c.object_name, 'kind', c.kind,
          'before', c.before, 'after', c.after) order by c.id), '[]')
        from (select * from act_changes where act_id = acts.id order by id limit ${sql.lit(SHOWN)}) c)`.as(
        'changes',
      ),
      sql<number>`(select count(*)::int from act_changes where act_id = acts.id)`.as('changed'),
    ])
    .where('acts.id', '=', anyOf(ids))
    .orderBy('acts.at', 'desc')
    .orderBy('acts.id', 'desc')
    .execute()
}

/** By words anywhere in what was changed, and in the reason where no one thing is asked for. */
function cluesOf({ object, key, text }: Filter): Clue[] | null {
  if (!text) return null
  const like = holding(text)
  const holds = sql<boolean>`(c.object_name ilike ${like} or c.before::text ilike ${like}
    or c.after::text ilike ${like})`
  const change = {
    holds: hasChange(sql`${isThing(object, key)} and ${holds}`),
    found: sql`select c.act_id as id from act_changes c
      where ${hasPieces(CHANGE, text, 3)} and ${isThing(object, key)} and ${holds}`,
  }
  if (object !== undefined) return [change]
  const reason = {
    holds: sql<boolean>`acts.reason ilike ${like}`,
    found: sql`select acts.id from acts where ${says(sql`acts.reason`, text, 3)}`,
  }
  return [reason, change]
}

/** As act_changes_by_words has it (052-search.sql). */
const CHANGE = sql<string>`coalesce(c.object_name, '') || e'\n' || c.before::text || e'\n' || c.after::text`

function isThing(object: string | undefined, key: string | undefined) {
  const of = object === undefined ? sql`true` : sql`c.object = ${object}`
  return key === undefined ? of : sql`${of} and c.object_key = ${key}`
}

const hasChange = (fits: RawBuilder<unknown>) =>
  sql<boolean>`exists (select 1 from act_changes c where c.act_id = acts.id and ${fits})`
