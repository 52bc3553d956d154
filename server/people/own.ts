/** One's own account in the console (M10): password, second step, where one is signed in. */
import type { Input, Reply } from '@jiyue/contract/schema/wire'
import { minuteMs } from '@jiyue/contract/time'
import type { Selectable } from 'kysely'
import type { PersonTable } from '../db/schema.ts'
import { after, type Tx, tx } from '../db/tx.ts'
import { type Refused, refuse } from '../http/refusal.ts'
import type { Parts } from '../parts.ts'
import { setPassword, wrongPassword } from './invitations.ts'
import { checkPassword, hashPassword } from './password.ts'
import { newSecret, stepOf, takeCode, uriOf, writeRecoveryCodes } from './second.ts'
import { endSessionsOf, type PersonCaller } from './sessions.ts'
import { countTry, forgiveTries } from './tries.ts'

/** A secret that was shown waits so long for its first code, minutes. */
const OFFER_MINUTES = 15

/** Changes the password; one's other sessions end. Refuses: password_wrong, invalid_fields. */
export async function changePassword(
  parts: Parts,
  caller: PersonCaller,
  { current, password }: Input<'putPassword'>['body'],
): Promise<Reply<'putPassword'> | Refused> {
  const person = await checkOwn(parts, caller, current)
  if ('refused' in person) return person
  const wrong = wrongPassword(password, person.login)
  if (wrong) return wrong
  const hash = await hashPassword(password)
  await tx(parts.db, async (t) => {
    await setPassword(t, caller.id, hash, caller.sessionId)
    after(t, () => parts.bus.changed({ signedOut: true }))
  })
  return {}
}

/**
 * Shows a secret for the authenticator; it counts from its first code on. Who has a second step
 * proves it before it is replaced. Refuses: password_wrong, second_wrong.
 */
export async function offerSecond(
  parts: Parts,
  caller: PersonCaller,
  { password, code }: Input<'createSecond'>['body'],
): Promise<Reply<'createSecond'> | Refused> {
  const now = parts.now()
  const person = await checkOwn(parts, caller, password)
  if ('refused' in person) return person
  const secret = newSecret()
  const refused = await tx(parts.db, async (t) => {
    const replaces = person.second_sealed !== null
    if (replaces && !(await takeOwnCode(t, parts, caller, code ?? '', now)))
      return refuse('second_wrong')
    await t
      .updateTable('people')
      .set({ second_offer_sealed: parts.seal.seal(secret), second_offered_at: now })
      .where('id', '=', caller.id)
      .execute()
    return null
  })
  if (refused) return refused
  const merchant = await parts.db.selectFrom('merchant').select('name').executeTakeFirstOrThrow()
  return { secret, uri: uriOf(secret, person.login, merchant.name) }
}

/**
 * The first code of the secret that was shown: from now on it is asked for. This session has proved
 * it, the others end. Refuses: second_over, second_wrong.
 */
export async function beginSecond(
  parts: Parts,
  caller: PersonCaller,
  code: string,
): Promise<Reply<'putSecond'> | Refused> {
  const now = parts.now()
  return tx(parts.db, async (t) => {
    const person = await t
      .selectFrom('people')
      .selectAll()
      .where('id', '=', caller.id)
      .forUpdate()
      .executeTakeFirstOrThrow()
    const since = person.second_offered_at
    const isOver = !since || now.getTime() - since.getTime() > OFFER_MINUTES * minuteMs
    if (isOver || person.second_offer_sealed === null) return refuse('second_over')
    const step = stepOf(String(parts.seal.open(person.second_offer_sealed)), code, now)
    if (step === null) return refuse('second_wrong')
    await t
      .updateTable('people')
      .set({
        second_sealed: person.second_offer_sealed,
        second_since: now,
        second_step: step,
        second_offer_sealed: null,
        second_offered_at: null,
      })
      .where('id', '=', caller.id)
      .execute()
    await t
      .updateTable('sessions')
      .set({ proven_at: now })
      .where('id', '=', caller.sessionId)
      .execute()
    await endSessionsOf(t, caller.id, caller.sessionId)
    after(t, () => parts.bus.changed({ signedOut: true }))
    return { recoveryCodes: await writeRecoveryCodes(t, parts, caller.id, now) }
  })
}

/** New recovery codes for a code. Refuses: second_over (there is no second step), second_wrong. */
export async function renewRecoveryCodes(
  parts: Parts,
  caller: PersonCaller,
  code: string,
): Promise<Reply<'createRecoveryCodes'> | Refused> {
  const now = parts.now()
  return tx(parts.db, async (t) => {
    if (!caller.proven) return refuse('second_over')
    if (!(await takeOwnCode(t, parts, caller, code, now))) return refuse('second_wrong')
    return { recoveryCodes: await writeRecoveryCodes(t, parts, caller.id, now) }
  })
}

/** Where one is signed in, the newest first. */
export async function listSessions(
  { db, now }: Parts,
  caller: PersonCaller,
): Promise<Reply<'listSessions'>> {
  const rows = await db
    .selectFrom('sessions')
    .selectAll()
    .where('person_id', '=', caller.id)
    .where('expires_at', '>', now())
    .orderBy('created_at', 'desc')
    .orderBy('id')
    .execute()
  return {
    sessions: rows.map((row) => ({
      id: row.id,
      current: row.id === caller.sessionId,
      openedAt: row.created_at.toISOString(),
      seenAt: (row.seen_at ?? row.created_at).toISOString(),
      expiresAt: row.expires_at.toISOString(),
      address: row.address,
      agent: row.agent,
    })),
  }
}

/** Ends one session of one's own. Refuses: not_found. */
export async function endOwnSession(
  parts: Parts,
  caller: PersonCaller,
  id: string,
): Promise<Reply<'listSessions'> | Refused> {
  const ended = await tx(parts.db, (t) =>
    t
      .deleteFrom('sessions')
      .where('id', '=', id)
      .where('person_id', '=', caller.id)
      .returning('id')
      .executeTakeFirst(),
  )
  if (!ended) return refuse('not_found')
  parts.bus.changed({ signedOut: true })
  return listSessions(parts, caller)
}

/** Ends all of one's sessions but this. */
export async function endOtherSessions(
  parts: Parts,
  caller: PersonCaller,
): Promise<Reply<'listSessions'>> {
  await tx(parts.db, (t) => endSessionsOf(t, caller.id, caller.sessionId))
  parts.bus.changed({ signedOut: true })
  return listSessions(parts, caller)
}

/** Tries within one session are counted as those of signing in: a screen left open opens nothing. */
const placeOfSession = (caller: PersonCaller) => ({
  name: `session ${caller.sessionId}`,
  known: true,
})

/** Codes have a count of their own: the right password before each of them does not forgive it. */
const codesOfSession = (caller: PersonCaller) => ({
  name: `codes of session ${caller.sessionId}`,
  known: true,
})

async function checkOwn(
  parts: Parts,
  caller: PersonCaller,
  password: string,
): Promise<Selectable<PersonTable> | Refused> {
  const now = parts.now()
  const place = placeOfSession(caller)
  const looked = await countTry(parts.db, caller.id, place, now)
  const person = await parts.db
    .selectFrom('people')
    .selectAll()
    .where('id', '=', caller.id)
    .executeTakeFirstOrThrow()
  const right = await checkPassword(password, person.password_hash ?? '')
  if (!looked || !right) return refuse('password_wrong')
  await forgiveTries(parts.db, caller.id, [place], now)
  return person
}

/** A wrong code is a "no", not a fault: the transaction commits, and with it the count. */
async function takeOwnCode(
  t: Tx,
  parts: Parts,
  caller: PersonCaller,
  code: string,
  now: Date,
): Promise<boolean> {
  const place = codesOfSession(caller)
  const looked = await countTry(t, caller.id, place, now)
  const taken = looked && (await takeCode(t, parts, caller.id, code, now))
  if (taken) await forgiveTries(t, caller.id, [place], now)
  return taken
}
