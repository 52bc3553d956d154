/** The ledger of consents (X3): one consent of a person at a host is one message of its template. */
import type { ConsentAnswer, TemplateName } from '@jiyue/contract/reminder'
import type { HostTemplate } from '@jiyue/contract/wording'
import type { Kysely } from 'kysely'
import { sql } from 'kysely'
import type { Database } from '../db/schema.ts'
import type { Tx } from '../db/tx.ts'

interface Whose {
  userId: string
  host: 'weapp' | 'alipay'
}

/** Writes down what a person answered; the same asking again is the same. */
export async function keepConsents(
  db: Kysely<Database>,
  { userId, host }: Whose,
  askId: string,
  answers: Partial<Record<TemplateName, ConsentAnswer>>,
  /** The templates that were asked about. */
  ids: Partial<Record<TemplateName, HostTemplate>>,
  now: Date,
): Promise<void> {
  const rows = Object.entries(answers) as [TemplateName, ConsentAnswer][]
  if (rows.length === 0) return
  await db
    .insertInto('consents')
    .values(
      rows.map(([template, answer]) => ({
        id: askId,
        template,
        template_id: ids[template]?.id ?? null,
        user_id: userId,
        host,
        answer,
        given_at: now,
      })),
    )
    .onConflict((conflict) => conflict.doNothing())
    .execute()
}

/** How many messages of each of these templates the person still allows at a host. */
export async function leftOf(
  db: Kysely<Database>,
  { userId, host }: Whose,
  ids: Partial<Record<TemplateName, HostTemplate>>,
): Promise<Partial<Record<TemplateName, number>>> {
  const rows = await db
    .selectFrom('consents')
    .select(['template', 'template_id', sql<number>`count(*)::int`.as('left')])
    .where('user_id', '=', userId)
    .where('host', '=', host)
    .where('answer', '=', 'accept')
    .where('spent_at', 'is', null)
    .where('void', '=', false)
    .groupBy(['template', 'template_id'])
    .execute()
  const count: Partial<Record<TemplateName, number>> = {}
  for (const { template, template_id, left } of rows)
    if (template_id === null || template_id === ids[template]?.id)
      count[template] = (count[template] ?? 0) + left
  return count
}

/** Uses up the oldest consent for a message; false when there is none. */
export async function spend(
  t: Tx,
  {
    userId,
    host,
    template,
    templateId,
    reminderId,
    now,
  }: Whose & {
    template: TemplateName
    templateId: string
    reminderId: string
    now: Date
  },
): Promise<boolean> {
  const { numAffectedRows } = await sql`
    update consents set spent_at = ${now}, reminder_id = ${reminderId}
    where (id, template) = (
      select id, template from consents
      where user_id = ${userId} and host = ${host} and template = ${template}
        and (template_id is null or template_id = ${templateId})
        and answer = 'accept' and spent_at is null and not void
      order by given_at limit 1 for update skip locked)`.execute(t)
  return numAffectedRows === 1n
}

/** The platform took nothing: the message's consent is good for another. */
export async function giveBack(t: Tx, reminderId: string): Promise<void> {
  await t
    .updateTable('consents')
    .set({ spent_at: null, reminder_id: null })
    .where('reminder_id', '=', reminderId)
    .execute()
}

/**
 * The platform says that none is left: what our ledger still has of the template that the message went
 * by was taken back there.
 */
export async function voidLeft(
  t: Tx,
  { userId, host, template, reminderId }: Whose & { template: TemplateName; reminderId: string },
): Promise<void> {
  await sql`
    update consents set void = true
    where user_id = ${userId} and host = ${host} and template = ${template}
      and answer = 'accept' and spent_at is null
      and (template_id is null or template_id is not distinct from
        (select template_id from consents where reminder_id = ${reminderId} limit 1))`.execute(t)
}
