/** The log of the console as its page reads it (M10): the database's own triggers write it. */
import type { ConsoleAct } from '@jiyue/contract/schema/acts'
import type { Input, Reply } from '@jiyue/contract/schema/wire'
import { sql } from 'kysely'
import { holding, withinDays } from '../db/conditions.ts'
import type { Parts } from '../parts.ts'

const PAGE = 50
/** Changes of one act that are shown; a saved schedule may touch more. */
const SHOWN = 20

type Filter = NonNullable<Input<'listActs'>['query']>

/** A page, newest first; `next` continues it. */
export async function listActs(parts: Parts, filter: Filter): Promise<Reply<'listActs'>> {
  const rows = await actsQuery(parts, filter).execute()
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

function actsQuery({ db }: Parts, filter: Filter) {
  const { personId, action, from, to, after } = filter
  const [afterTime, afterId] = after?.split(',') ?? []
  const inside = changeFits(filter)
  return db
    .selectFrom('acts')
    .innerJoin('people', 'people.id', 'acts.person_id')
    .selectAll('acts')
    .select([
      'people.name',
      sql<ConsoleAct['changes']>`(select coalesce(json_agg(json_build_object(
          'object', c.object, 'key', c.object_key, 'name', c.object_name, 'kind', c.kind,
          'before', c.before, 'after', c.after) order by c.id), '[]')
        from (select * from act_changes where act_id = acts.id order by id limit ${SHOWN}) c)`.as(
        'changes',
      ),
      sql<number>`(select count(*)::int from act_changes where act_id = acts.id)`.as('changed'),
    ])
    .$if(personId !== undefined, (q) => q.where('acts.person_id', '=', personId as string))
    .$if(action !== undefined, (q) => q.where('acts.action', '=', action as string))
    .where(withinDays('acts.at', { from, to }))
    .$if(inside !== null, (q) => q.where(inside as NonNullable<typeof inside>))
    .$if(after !== undefined, (q) =>
      q.where(
        sql<boolean>`(acts.at, acts.id) < (${afterTime ?? ''}::timestamptz, ${afterId ?? ''}::uuid)`,
      ),
    )
    .orderBy('acts.at', 'desc')
    .orderBy('acts.id', 'desc')
    .limit(PAGE + 1)
}

/** By what was changed, or by words anywhere in it; null where nothing of it is asked for. */
function changeFits({ object, key, text }: Filter) {
  if (object === undefined && !text) return null
  const of = object === undefined ? sql`true` : sql`c.object = ${object}`
  const one = key === undefined ? sql`true` : sql`c.object_key = ${key}`
  const like = holding(text ?? '')
  const says = text
    ? sql`(c.object_name ilike ${like} or c.before::text ilike ${like} or c.after::text ilike ${like})`
    : sql`true`
  const found = sql<boolean>`exists (select 1 from act_changes c
    where c.act_id = acts.id and ${of} and ${one} and ${says})`
  if (!text || object !== undefined) return found
  return sql<boolean>`(acts.reason ilike ${like} or ${found})`
}
