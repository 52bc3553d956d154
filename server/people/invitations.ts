/**
 * Invitations (M10): a link, good once and for three days, by which a person sets their password:
 * the first one, or a new one in place of a forgotten one. Its token stands after the `#`, where no
 * server's log and no Referer ever has it.
 */
import { randomUUID } from 'node:crypto'
import { passwordProblem } from '@jiyue/contract/people'
import type { Reply } from '@jiyue/contract/schema/wire'
import { smsKey } from '@jiyue/contract/sms'
import { dayMs } from '@jiyue/contract/time'
import { sql } from 'kysely'
import { type Tx, tx } from '../db/tx.ts'
import { type Refused, refuse } from '../http/refusal.ts'
import type { Parts } from '../parts.ts'
import { hashPassword } from './password.ts'
import { endSessionsOf, hashOf, newToken } from './sessions.ts'

const DAYS = 3

/** Makes a link and sends it where the account has a phone or an address. Refuses: not_found, person_inactive. */
export async function invite(
  parts: Parts,
  personId: string,
): Promise<Reply<'createInvitation'> | Refused> {
  const now = parts.now()
  const token = newToken()
  const expires = new Date(now.getTime() + DAYS * dayMs)
  const person = await tx(parts.db, async (t) => {
    const row = await t
      .selectFrom('people')
      .selectAll()
      .where('id', '=', personId)
      .forUpdate()
      .executeTakeFirst()
    if (!row) return refuse('not_found')
    if (row.deactivated_at) return refuse('person_inactive')
    const made = { token_hash: hashOf(token), made_at: now, expires_at: expires }
    await t
      .insertInto('invitations')
      .values({ person_id: personId, ...made })
      .onConflict((conflict) => conflict.column('person_id').doUpdateSet(made))
      .execute()
    return row
  })
  if ('refused' in person) return person
  const link = `${parts.publicUrl}/console/join#${token}`
  return {
    link,
    expiresAt: expires.toISOString(),
    sent: await send(parts, person, { link, token }, now),
  }
}

/** Whose password the link sets. Refuses: invitation_over. */
export async function readInvitation(
  parts: Parts,
  token: string,
): Promise<Reply<'readInvitation'> | Refused> {
  const [found, merchant] = await Promise.all([
    parts.db
      .selectFrom('invitations')
      .innerJoin('people', 'people.id', 'invitations.person_id')
      .select(['people.login', 'people.name', 'expires_at'])
      .where('token_hash', '=', hashOf(token))
      .where('expires_at', '>', parts.now())
      .where('deactivated_at', 'is', null)
      .executeTakeFirst(),
    parts.db.selectFrom('merchant').select('name').executeTakeFirst(),
  ])
  if (!found) return refuse('invitation_over')
  const { login, name, expires_at } = found
  return { login, name, merchant: merchant?.name ?? '', expiresAt: expires_at.toISOString() }
}

/** Sets the password, once. Refuses: invitation_over, invalid_fields (the link stays good). */
export async function acceptInvitation(
  parts: Parts,
  token: string,
  password: string,
): Promise<Reply<'createPassword'> | Refused> {
  const read = await readInvitation(parts, token)
  if ('refused' in read) return read
  const wrong = wrongPassword(password, read.login)
  if (wrong) return wrong
  const hash = await hashPassword(password)
  const used = await tx(parts.db, async (t) => {
    const { rows } = await sql<{ person_id: string }>`
      delete from invitations using people
      where token_hash = ${hashOf(token)} and expires_at > ${parts.now()}
        and people.id = person_id and people.deactivated_at is null
      returning person_id`.execute(t)
    const personId = rows[0]?.person_id
    if (personId) await setPassword(t, personId, hash)
    return personId !== undefined
  })
  if (!used) return refuse('invitation_over')
  parts.bus.changed({ signedOut: true })
  return { login: read.login }
}

/** Writes a new password; sessions under the old one end, but `but`. */
export async function setPassword(
  t: Tx,
  personId: string,
  hash: string,
  but?: string,
): Promise<void> {
  await t.updateTable('people').set({ password_hash: hash }).where('id', '=', personId).execute()
  await endSessionsOf(t, personId, but)
  // Somebody who forgot it has tried others; whoever tried for them starts anew as well.
  await t.deleteFrom('sign_in_tries').where('person_id', '=', personId).execute()
}

export function wrongPassword(password: string, login: string): Refused | null {
  const message = passwordProblem(password, login)
  return message ? refuse('invalid_fields', [{ path: 'password', code: 'weak', message }]) : null
}

/** By each way there is; a platform that refuses is told, for the link can still be copied. */
async function send(
  parts: Parts,
  person: { name: string; phone_sealed: string | null; mail_sealed: string | null },
  { link, token }: { link: string; token: string },
  now: Date,
): Promise<Reply<'createInvitation'>['sent']> {
  const sent: Reply<'createInvitation'>['sent'] = []
  const text = `${person.name}您好，请在 ${DAYS} 天内打开以下链接设置即约商家后台的密码，链接仅可使用一次：${link}`
  if (person.phone_sealed !== null) {
    const phone = String(parts.seal.open(person.phone_sealed))
    const params = { name: person.name, ...smsKey(token) }
    const answer = await parts.platforms.sendText({ phone, template: 'invitation', params }, now)
    sent.push({ channel: 'sms', ok: answer.ok })
    if (!answer.ok) parts.log.warn({ code: answer.code }, 'invitation not sent by SMS')
  }
  if (person.mail_sealed !== null) {
    const to = String(parts.seal.open(person.mail_sealed))
    const letter = { id: randomUUID(), to, subject: '设置即约商家后台密码', text }
    const answer = await parts.platforms.sendMail(letter, now)
    sent.push({ channel: 'mail', ok: answer.ok })
    if (!answer.ok) parts.log.warn({ code: answer.code }, 'invitation not sent by e-mail')
  }
  return sent
}
