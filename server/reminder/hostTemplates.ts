/** Which template of a platform a message travels by: the merchant's own, else the credentials'. */
import { type TemplateName, templateNames } from '@jiyue/contract/reminder'
import type { Input } from '@jiyue/contract/schema/wire'
import type { KeptTemplate } from '@jiyue/contract/schema/wording'
import {
  type HostTemplate,
  type MessageHost,
  messageHosts,
  templateProblem,
} from '@jiyue/contract/wording'
import { type Kysely, sql } from 'kysely'
import { gatheredWhole } from '../db/gather.ts'
import type { Database } from '../db/schema.ts'
import { after, tx } from '../db/tx.ts'
import { type Refused, refuse, refuseField } from '../http/refusal.ts'
import type { Parts } from '../parts.ts'

/** The templates of a host that messages are sent by now. */
export async function templatesOf(
  db: Kysely<Database>,
  { platforms }: Pick<Parts, 'platforms'>,
  host: MessageHost,
): Promise<Partial<Record<TemplateName, HostTemplate>>> {
  const own = (await ownTemplates(db)).filter((one) => one.host === host)
  return {
    ...platforms.templatesOf(host),
    ...Object.fromEntries(
      own.map(({ template, template_id: id, keys }) => [template, { id, keys }]),
    ),
  }
}

/** Every template of every host, as it is and as it would be. */
export async function listTemplates(
  db: Kysely<Database>,
  { platforms }: Pick<Parts, 'platforms'>,
): Promise<KeptTemplate[]> {
  const [own, left] = await Promise.all([ownTemplates(db), consentsLeft(db)])
  return messageHosts.flatMap((host) =>
    templateNames.map((template) => {
      const shipped = platforms.templatesOf(host)[template] ?? null
      const row = own.find((one) => one.host === host && one.template === template)
      const set = row ? { id: row.template_id, keys: row.keys } : null
      const id = (set ?? shipped)?.id
      const fits = (one: (typeof left)[number]) =>
        one.host === host && one.template === template && (one.id === null || one.id === id)
      return {
        host,
        template,
        set,
        shipped,
        left: id ? left.filter(fits).reduce((sum, { count }) => sum + count, 0) : 0,
        revision: row?.revision ?? 'shipped',
      }
    }),
  )
}

/** Sets a template, or goes back to the credentials'. Refuses: settings_changed, invalid_fields. */
export async function putHostTemplate(
  parts: Parts,
  { host, template }: Input<'putHostTemplate'>['params'],
  { set, revision }: Input<'putHostTemplate'>['body'],
): Promise<KeptTemplate | Refused> {
  const problem = set && templateProblem(host, set)
  if (problem) return refuseField(problem.path, problem.message)
  const refused = await tx(parts.db, async (t) => {
    await sql`select pg_advisory_xact_lock(10, hashtext(${`${host} ${template}`}))`.execute(t)
    const rows = await ownTemplates(t)
    const known = rows.find((one) => one.host === host && one.template === template)
    if ((known?.revision ?? 'shipped') !== revision) return refuse('settings_changed')
    if (set) {
      const row = { template_id: set.id, keys: JSON.stringify(set.keys) }
      await t
        .insertInto('host_templates')
        .values({ host, template, ...row })
        .onConflict((conflict) => conflict.columns(['host', 'template']).doUpdateSet(row))
        .execute()
    } else {
      await t
        .deleteFrom('host_templates')
        .where('host', '=', host)
        .where('template', '=', template)
        .execute()
    }
    after(t, () => parts.bus.changed({ topics: ['console'] }))
    return null
  })
  if (refused) return refused
  const all = await listTemplates(parts.db, parts)
  return all.find((one) => one.host === host && one.template === template) ?? refuse('internal')
}

const ownTemplates = gatheredWhole((db) =>
  db
    .selectFrom('host_templates')
    .selectAll()
    .select(sql<string>`md5(host_templates::text)`.as('revision'))
    .execute(),
)

async function consentsLeft(db: Kysely<Database>) {
  return db
    .selectFrom('consents')
    .select(['host', 'template', 'template_id as id', sql<number>`count(*)::int`.as('count')])
    .where('answer', '=', 'accept')
    .where('spent_at', 'is', null)
    .where('void', '=', false)
    .groupBy(['host', 'template', 'template_id'])
    .execute()
}
