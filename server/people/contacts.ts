/** 常用信息 (R2, G5): saved people, addresses and companies, each sealed as a whole. */
import {
  type ContactKind,
  checkContact,
  contactKinds,
  contactsPerKind,
  normaliseContact,
} from '@jiyue/contract/contact'
import type { Input, Reply } from '@jiyue/contract/schema/wire'
import { sql } from 'kysely'
import { type Tx, tx } from '../db/tx.ts'
import { type Refused, refuse } from '../http/refusal.ts'
import type { Parts } from '../parts.ts'

type Wish = Input<'putContact'>['body']
type Contacts = Reply<'listContacts'>

/** Everything `userId` saved: by kind, the default first, then the newest. */
export async function listContacts(
  { db, seal }: Pick<Parts, 'db' | 'seal'>,
  userId: string,
): Promise<Contacts> {
  const rows = await db
    .selectFrom('contacts')
    .selectAll()
    .where('user_id', '=', userId)
    .orderBy('is_default', 'desc')
    .orderBy('created_at', 'desc')
    .orderBy('id')
    .execute()
  const contacts = rows.map(({ id, kind, sealed, is_default }) => ({
    id,
    kind,
    values: seal.open(sealed) as Record<string, unknown>,
    isDefault: is_default,
  }))
  return { contacts: contactKinds.flatMap((kind) => contacts.filter((one) => one.kind === kind)) }
}

/**
 * Saves one under the caller's id, or changes it. Refuses: not_found (the id is somebody else's, or
 * of another kind), invalid_fields, contact_limit.
 */
export async function saveContact(
  parts: Parts,
  userId: string,
  id: string,
  wish: Wish,
): Promise<Contacts | Refused> {
  const now = parts.now()
  const problems = checkContact(wish.kind, wish.values, now.getTime())
  if (problems.length > 0) return refuse('invalid_fields', problems)
  const refused = await tx(parts.db, async (t) => {
    await lockContacts(t, userId)
    const known = await t
      .selectFrom('contacts')
      .select(['user_id', 'kind'])
      .where('id', '=', id)
      .executeTakeFirst()
    if (known && (known.user_id !== userId || known.kind !== wish.kind)) return refuse('not_found')
    if (!known && (await countOf(t, userId, wish.kind)) >= contactsPerKind)
      return refuse('contact_limit')
    if (wish.isDefault) await noDefault(t, userId, wish.kind)
    const row = {
      sealed: parts.seal.seal(normaliseContact(wish.kind, wish.values)),
      is_default: wish.isDefault,
    }
    const written = await t
      .insertInto('contacts')
      .values({ id, user_id: userId, kind: wish.kind, ...row, created_at: now })
      // Somebody else may have used the id in this very moment.
      .onConflict((conflict) =>
        conflict.column('id').doUpdateSet(row).where('contacts.user_id', '=', userId),
      )
      .returning('id')
      .executeTakeFirst()
    return written ? null : refuse('not_found')
  })
  return refused ?? listContacts(parts, userId)
}

/** Deletes one. Refuses: not_found. */
export async function deleteContact(
  parts: Parts,
  userId: string,
  id: string,
): Promise<Contacts | Refused> {
  const gone = await parts.db
    .deleteFrom('contacts')
    .where('id', '=', id)
    .where('user_id', '=', userId)
    .returning('id')
    .executeTakeFirst()
  return gone ? listContacts(parts, userId) : refuse('not_found')
}

/** One change of a person's list at a time: the limit and the default hold for many taps at once. */
export async function lockContacts(t: Tx, userId: string): Promise<void> {
  await sql`select pg_advisory_xact_lock(8, hashtext(${userId}))`.execute(t)
}

async function noDefault(t: Tx, userId: string, kind: ContactKind): Promise<void> {
  await t
    .updateTable('contacts')
    .set({ is_default: false })
    .where('user_id', '=', userId)
    .where('kind', '=', kind)
    .where('is_default', '=', true)
    .execute()
}

async function countOf(t: Tx, userId: string, kind: ContactKind): Promise<number> {
  const { n } = await t
    .selectFrom('contacts')
    .select(sql<number>`count(*)::int`.as('n'))
    .where('user_id', '=', userId)
    .where('kind', '=', kind)
    .executeTakeFirstOrThrow()
  return n
}
