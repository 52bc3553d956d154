/**
 * The merchant's hand on registration forms (R1): a draft is changed at leisure, publishing makes it
 * the next version. A version never changes again, so that an old registration keeps the form it saw.
 */
import { budgetText, checkDesign, isOverBudget } from '@jiyue/contract/form'
import type { FormPage } from '@jiyue/contract/schema/form'
import type { Input, Reply } from '@jiyue/contract/schema/wire'
import { type Kysely, sql } from 'kysely'
import type { Database } from '../db/schema.ts'
import { after, type Tx, tx } from '../db/tx.ts'
import { type Refused, refuse } from '../http/refusal.ts'
import type { Parts } from '../parts.ts'

type Draft = Input<'putFormDraft'>['body']

/** Every service with the form people fill in now. */
export async function listForms({ db }: Parts): Promise<Reply<'listForms'>> {
  const { rows } = await sql<{
    id: string
    name: string
    kind: FormPage['service']['kind']
    version: number
    fieldCount: number
    publishedAt: Date
    hasDraft: boolean
  }>`
    select s.id, s.name, s.kind, f.version, jsonb_array_length(f.fields) as "fieldCount",
      f.published_at as "publishedAt",
      exists (select from form_drafts d where d.service_id = s.id) as "hasDraft"
    from services s, lateral (
      select * from forms where forms.service_id = s.id order by version desc limit 1
    ) f order by s.position`.execute(db)
  return {
    forms: rows.map(({ id, name, kind, publishedAt, ...row }) => ({
      service: { id, name, kind },
      ...row,
      publishedAt: publishedAt.toISOString(),
    })),
  }
}

/** A service's form with its versions and its draft. Refuses: not_found. */
export async function readFormPage(
  { db }: Pick<Parts, 'db'>,
  serviceId: string,
): Promise<FormPage | Refused> {
  const service = await serviceOf(db, serviceId)
  if (!service) return refuse('not_found')
  const [versions, draft] = await Promise.all([versionsOf(db, serviceId), draftOf(db, serviceId)])
  return {
    service,
    versions,
    draft: draft
      ? {
          steps: draft.steps,
          fields: draft.fields,
          revision: draft.revision,
          savedAt: draft.saved_at.toISOString(),
          savedBy: draft.name,
        }
      : null,
  }
}

/** Saves a draft over the one it was made from. Refuses: not_found, form_draft_changed. */
export async function saveFormDraft(
  parts: Parts,
  serviceId: string,
  draft: Draft,
  personId: string,
): Promise<FormPage | Refused> {
  const refused = await change(parts, serviceId, async (t) => {
    const saved = await draftOf(t, serviceId)
    // The answer to this very saving was lost.
    if (saved?.revision === draft.revision) return null
    if ((saved?.revision ?? null) !== draft.basedOn) return refuse('form_draft_changed')
    const row = {
      revision: draft.revision,
      steps: draft.steps,
      fields: JSON.stringify(draft.fields),
      saved_by: personId,
      saved_at: parts.now(),
    }
    await t
      .insertInto('form_drafts')
      .values({ service_id: serviceId, ...row })
      .onConflict((conflict) => conflict.column('service_id').doUpdateSet(row))
      .execute()
    return null
  })
  return refused ?? readFormPage(parts, serviceId)
}

/** Throws a draft away. Refuses: not_found. */
export async function dropFormDraft(parts: Parts, serviceId: string): Promise<FormPage | Refused> {
  const refused = await change(parts, serviceId, async (t) => {
    await t.deleteFrom('form_drafts').where('service_id', '=', serviceId).execute()
    return null
  })
  return refused ?? readFormPage(parts, serviceId)
}

/**
 * Publishes the draft as `version`, the next one. The same again is the same version. Refuses:
 * not_found, form_draft_changed (another draft, or somebody else published), form_over_budget,
 * invalid_fields.
 */
export async function publishForm(
  parts: Parts,
  serviceId: string,
  { version, revision }: { version: number; revision: string },
  personId: string,
): Promise<FormPage | Refused> {
  const refused = await change(parts, serviceId, async (t, kind) => {
    const [newest] = await versionsOf(t, serviceId, 1)
    const made = await t
      .selectFrom('forms')
      .select('revision')
      .where('service_id', '=', serviceId)
      .where('version', '=', version)
      .executeTakeFirst()
    if (made?.revision === revision) return null
    const draft = await draftOf(t, serviceId)
    if (draft?.revision !== revision || version !== (newest?.version ?? 0) + 1)
      return refuse('form_draft_changed')
    if (isOverBudget(kind, draft))
      return refuse('form_over_budget', [
        {
          path: 'fields',
          code: 'form_over_budget',
          message: budgetText(kind, draft.fields.length),
        },
      ])
    const problems = checkDesign(draft)
    if (problems.length > 0) return refuse('invalid_fields', problems)
    await t
      .insertInto('forms')
      .values({
        service_id: serviceId,
        version,
        steps: draft.steps,
        fields: JSON.stringify(draft.fields),
        published_at: parts.now(),
        published_by: personId,
        revision,
      })
      .execute()
    await t.deleteFrom('form_drafts').where('service_id', '=', serviceId).execute()
    // The service as people read it shows the new form within a second (T6).
    after(t, () => parts.bus.changed({ topics: [`service:${serviceId}`] }))
    return null
  })
  return refused ?? readFormPage(parts, serviceId)
}

/** Changes a form while nobody else does: its service's row is the lock. */
async function change(
  { db, bus }: Parts,
  serviceId: string,
  work: (t: Tx, kind: FormPage['service']['kind']) => Promise<Refused | null>,
): Promise<Refused | null> {
  return tx(db, async (t) => {
    // A lock of its own: the services row is read by every hold.
    await sql`select pg_advisory_xact_lock(7, hashtext(${serviceId}))`.execute(t)
    const service = await serviceOf(t, serviceId)
    if (!service) return refuse('not_found')
    const refused = await work(t, service.kind)
    if (!refused) after(t, () => bus.changed({ topics: ['console'] }))
    return refused
  })
}

function serviceOf(db: Kysely<Database>, serviceId: string) {
  return db
    .selectFrom('services')
    .select(['id', 'name', 'kind'])
    .where('id', '=', serviceId)
    .executeTakeFirst()
}

function draftOf(db: Kysely<Database>, serviceId: string) {
  return db
    .selectFrom('form_drafts')
    .innerJoin('people', 'people.id', 'form_drafts.saved_by')
    .select(['revision', 'steps', 'fields', 'saved_at', 'people.name'])
    .where('service_id', '=', serviceId)
    .executeTakeFirst()
}

async function versionsOf(
  db: Kysely<Database>,
  serviceId: string,
  limit = 50,
): Promise<FormPage['versions']> {
  const rows = await db
    .selectFrom('forms')
    .leftJoin('people', 'people.id', 'forms.published_by')
    .select(['version', 'steps', 'fields', 'published_at', 'people.name'])
    .where('forms.service_id', '=', serviceId)
    .orderBy('version', 'desc')
    .limit(limit)
    .execute()
  return rows.map(({ published_at, name, ...form }) => ({
    ...form,
    publishedAt: published_at.toISOString(),
    publishedBy: name,
  }))
}
