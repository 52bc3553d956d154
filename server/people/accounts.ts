/**
 * Accounts of the console (M10): who may sign in, as what, until when. Whatever could take the last
 * owner away holds one lock: two owners who end each other at once would both see two.
 */
import { may, roles } from '@jiyue/contract/people'
import type { Account } from '@jiyue/contract/schema/people'
import type { Input, Reply } from '@jiyue/contract/schema/wire'
import { type Kysely, sql } from 'kysely'
import type { Database } from '../db/schema.ts'
import { after, type Tx, tx } from '../db/tx.ts'
import { type Refused, refuse } from '../http/refusal.ts'
import type { Parts } from '../parts.ts'
import { endSessionsOf } from './sessions.ts'

/** Everybody, the owners first, the inactive last. */
export async function listPeople(parts: Parts): Promise<Reply<'listPeople'>> {
  return { people: await readAccounts(parts) }
}

/** Adds or changes an account. Refuses: login_taken, last_owner. */
export async function putPerson(
  parts: Parts,
  id: string,
  { login, name, role, phone, mail }: Input<'putPerson'>['body'],
): Promise<Account | Refused> {
  const { seal } = parts
  const row = {
    login,
    name,
    role,
    phone_sealed: phone && seal.seal(phone),
    mail_sealed: mail && seal.seal(mail),
  }
  const refused = await tx(parts.db, async (t) => {
    await lockAccounts(t)
    const namesake = await t
      .selectFrom('people')
      .select('id')
      .where('login', '=', login)
      .where('id', '<>', id)
      .executeTakeFirst()
    if (namesake) return refuse('login_taken')
    if (role !== 'owner' && (await isLastOwner(t, id))) return refuse('last_owner')
    await t
      .insertInto('people')
      .values({ id, ...row, password_hash: null, created_at: parts.now() })
      .onConflict((conflict) => conflict.column('id').doUpdateSet(row))
      .execute()
    if (!may(role, 'care')) await handBack(t, id)
    told(t, parts)
    return null
  })
  return refused ?? readAccount(parts, id)
}

/** Ends an account with its sessions and its link. Refuses: not_found, last_owner. */
export async function deactivate(parts: Parts, id: string): Promise<Account | Refused> {
  return change(parts, id, async (t) => {
    if (await isLastOwner(t, id)) return refuse('last_owner')
    await t
      .updateTable('people')
      .set({ deactivated_at: sql<Date>`coalesce(deactivated_at, ${parts.now()})` })
      .where('id', '=', id)
      .execute()
    await t.deleteFrom('invitations').where('person_id', '=', id).execute()
    await endSessionsOf(t, id)
    await handBack(t, id)
    return null
  })
}

/** Takes an account back. Refuses: not_found. */
export async function reactivate(parts: Parts, id: string): Promise<Account | Refused> {
  return change(parts, id, async (t) => {
    await t.updateTable('people').set({ deactivated_at: null }).where('id', '=', id).execute()
    return null
  })
}

/** Ends every session of an account. Refuses: not_found. */
export async function signOutPerson(parts: Parts, id: string): Promise<Account | Refused> {
  return change(parts, id, async (t) => {
    await endSessionsOf(t, id)
    return null
  })
}

/** Takes the second step off: its secret, its codes, and the sessions it opened. Refuses: not_found. */
export async function resetSecond(parts: Parts, id: string): Promise<Account | Refused> {
  return change(parts, id, async (t) => {
    await t
      .updateTable('people')
      .set({
        second_sealed: null,
        second_since: null,
        second_offer_sealed: null,
        second_offered_at: null,
      })
      .where('id', '=', id)
      .execute()
    await t.deleteFrom('recovery_codes').where('person_id', '=', id).execute()
    await endSessionsOf(t, id)
    return null
  })
}

/** Runs `work` for an account that there is, one change at a time. */
async function change(
  parts: Parts,
  id: string,
  work: (t: Tx) => Promise<Refused | null>,
): Promise<Account | Refused> {
  const refused = await tx(parts.db, async (t) => {
    await lockAccounts(t)
    const found = await t
      .selectFrom('people')
      .select('id')
      .where('id', '=', id)
      .forUpdate()
      .executeTakeFirst()
    if (!found) return refuse('not_found')
    const refused = await work(t)
    if (!refused) told(t, parts)
    return refused
  })
  return refused ?? readAccount(parts, id)
}

/** What somebody looked after, and cannot any more, is nobody's: the team sees it among 未指派 (M8). */
async function handBack(t: Tx, id: string): Promise<void> {
  await t
    .updateTable('feedback')
    .set({ assignee_id: null })
    .where('assignee_id', '=', id)
    .where('state', '<>', 'closed')
    .execute()
}

const told = (t: Tx, { bus }: Parts) =>
  after(t, () => bus.changed({ topics: ['console'], signedOut: true }))

/** One change of accounts at a time; they are rare. */
async function lockAccounts(t: Tx): Promise<void> {
  await sql`select pg_advisory_xact_lock(9, 0)`.execute(t)
}

/** An owner who can sign in, and no other can. */
async function isLastOwner(t: Tx, id: string): Promise<boolean> {
  const owners = await t
    .selectFrom('people')
    .select('id')
    .where('role', '=', 'owner')
    .where('deactivated_at', 'is', null)
    .where('password_hash', 'is not', null)
    .execute()
  return owners.length === 1 && owners[0]?.id === id
}

async function readAccount(parts: Parts, id: string): Promise<Account> {
  const [account] = await readAccounts(parts, id)
  if (!account) throw new Error(`account ${id} vanished`)
  return account
}

async function readAccounts(parts: Parts, id?: string): Promise<Account[]> {
  const now = parts.now()
  const rows = await accountsQuery(parts.db, now)
    .$if(id !== undefined, (query) => query.where('people.id', '=', id as string))
    .execute()
  const open = (sealed: string | null) => sealed && String(parts.seal.open(sealed))
  return rows.map((row) => ({
    id: row.id,
    name: row.name,
    role: row.role,
    login: row.login,
    state: row.deactivated_at ? 'inactive' : row.password_hash === null ? 'invited' : 'active',
    phone: open(row.phone_sealed),
    mail: open(row.mail_sealed),
    second: row.second_sealed !== null,
    sessions: row.sessions,
    seenAt: row.seen_at?.toISOString() ?? null,
    invitedUntil: row.invited_until?.toISOString() ?? null,
  }))
}

function accountsQuery(db: Kysely<Database>, now: Date) {
  return db
    .selectFrom('people')
    .selectAll('people')
    .select([
      sql<number>`(select count(*)::int from sessions
        where person_id = people.id and expires_at > ${now})`.as('sessions'),
      sql<Date | null>`(select max(seen_at) from sessions where person_id = people.id)`.as(
        'seen_at',
      ),
      sql<Date | null>`(select expires_at from invitations
        where person_id = people.id and expires_at > ${now})`.as('invited_until'),
    ])
    .orderBy(sql`deactivated_at is not null`)
    .orderBy(sql`array_position(${[...roles]}::text[], role)`)
    .orderBy('created_at')
    .orderBy('login')
}
