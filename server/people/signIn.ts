/** Signing in: H5 by phone and SMS code, mini-programs silently by the host's login code. */
import { createHash, randomInt, randomUUID, timingSafeEqual } from 'node:crypto'
import type { Reply } from '@jiyue/contract/schema/wire'
import { minuteMs } from '@jiyue/contract/time'
import { sql } from 'kysely'
import { type Tx, tx } from '../db/tx.ts'
import { type Refused, refuse } from '../http/refusal.ts'
import type { Parts } from '../parts.ts'
import type { LoginHost } from '../platforms/platforms.ts'
import { maskPhone } from './mask.ts'
import { openSession } from './sessions.ts'

/** An SMS code: six digits, five minutes, five tries, once; one a minute, ten a day and number. */
const CODE = { minutes: 5, tries: 5, resendSeconds: 60, perDay: 10 }

/** Sends a code. Says the same whether or not the number is known. Refuses: too_many_requests, unavailable. */
export async function sendSignInCode(
  parts: Parts,
  phone: string,
): Promise<Reply<'sendSignInCode'> | Refused> {
  const now = parts.now()
  const code = String(randomInt(0, 1_000_000)).padStart(6, '0')
  const phoneIndex = parts.seal.index('phone', phone)
  const written = await parts.db
    .insertInto('sign_in_codes')
    .values({
      phone_index: phoneIndex,
      code_hash: parts.seal.index('code', `${phone} ${code}`),
      sent_at: now,
      expires_at: new Date(now.getTime() + CODE.minutes * minuteMs),
    })
    .onConflict((conflict) =>
      conflict
        .column('phone_index')
        .doUpdateSet((eb) => ({
          code_hash: eb.ref('excluded.code_hash'),
          sent_at: eb.ref('excluded.sent_at'),
          expires_at: eb.ref('excluded.expires_at'),
          tries: 0,
          sent_today: sql<number>`case when sign_in_codes.sent_at < ${now}::timestamptz - interval '1 day' then 1 else sign_in_codes.sent_today + 1 end`,
        }))
        .where('sign_in_codes.sent_at', '<=', new Date(now.getTime() - CODE.resendSeconds * 1000))
        .where((eb) =>
          eb.or([
            eb('sign_in_codes.sent_today', '<', CODE.perDay),
            eb('sign_in_codes.sent_at', '<', new Date(now.getTime() - 24 * 60 * minuteMs)),
          ]),
        ),
    )
    .returning('phone_index')
    .executeTakeFirst()
  if (!written) return refuse('too_many_requests')
  const sent = await parts.platforms.sendSignInCode(phone, code, now)
  if (!sent.ok) {
    parts.log.warn({ code: sent.code }, 'sign-in code not sent')
    // Without an answer the text may be on its way: the code stays good, and another may be asked for.
    const again = new Date(now.getTime() - CODE.resendSeconds * 1000)
    await parts.db
      .updateTable('sign_in_codes')
      .set({ sent_at: again, ...(sent.kind === 'refused' && { expires_at: now }) })
      .where('phone_index', '=', phoneIndex)
      .execute()
    return refuse('unavailable')
  }
  return { resendAfterSeconds: CODE.resendSeconds }
}

/** Signs in by phone and code; a new number becomes a new user. Refuses: code_wrong. */
export async function signInByPhone(
  parts: Parts,
  phone: string,
  code: string,
): Promise<Reply<'createSession'> | Refused> {
  const now = parts.now()
  const phoneIndex = parts.seal.index('phone', phone)
  const userId = await tx(parts.db, async (t) => {
    if (!(await useCode(t, phoneIndex, parts.seal.index('code', `${phone} ${code}`), now)))
      return null
    const known = await t
      .selectFrom('users')
      .select('id')
      .where('phone_index', '=', phoneIndex)
      .executeTakeFirst()
    if (known) return known.id
    const id = randomUUID()
    await t
      .insertInto('users')
      .values({
        id,
        name: `用户${phone.slice(-4)}`,
        phone_sealed: parts.seal.seal(phone),
        phone_index: phoneIndex,
      })
      .execute()
    return id
  })
  return userId ? welcome(parts, userId, 'h5') : refuse('code_wrong')
}

/** Signs in by a host's login code; an unknown person becomes a new user. Refuses: sign_in_failed. */
export async function signInByHost(
  parts: Parts,
  host: LoginHost,
  code: string,
): Promise<Reply<'createSession'> | Refused> {
  const answer = await parts.platforms.subjectOf(host, code, parts.now())
  if (!answer.ok) {
    parts.log.warn({ host, code: answer.code }, 'host sign-in refused')
    return refuse(answer.kind === 'unknown' ? 'unavailable' : 'sign_in_failed')
  }
  const subject = answer.value
  const userId = await tx(parts.db, async (t) => {
    await sql`select pg_advisory_xact_lock(3, hashtext(${`${host} ${subject}`}))`.execute(t)
    const known = await t
      .selectFrom('identities')
      .select('user_id')
      .where('host', '=', host)
      .where('subject', '=', subject)
      .executeTakeFirst()
    if (known) return known.user_id
    const id = randomUUID()
    const name = `${host === 'alipay' ? '支付宝' : '微信'}用户${createHash('sha256').update(subject).digest('hex').slice(0, 4)}`
    await t
      .insertInto('users')
      .values({ id, name, phone_sealed: null, phone_index: null })
      .execute()
    await t.insertInto('identities').values({ host, subject, user_id: id }).execute()
    return id
  })
  return welcome(parts, userId, host)
}

/** A user as fronts see them. */
export async function readUser({ db, seal }: Parts, userId: string): Promise<Reply<'getMe'>> {
  const user = await db
    .selectFrom('users')
    .selectAll()
    .where('id', '=', userId)
    .executeTakeFirstOrThrow()
  const phone = user.phone_sealed === null ? null : String(seal.open(user.phone_sealed))
  return { id: user.id, name: user.name, phoneMasked: phone && maskPhone(phone) }
}

async function welcome(
  parts: Parts,
  userId: string,
  host: string,
): Promise<Reply<'createSession'>> {
  const session = await openSession(parts.db, { userId, host }, parts.now())
  return { ...session, user: await readUser(parts, userId) }
}

/** True once for the right code in time; every wrong one counts. */
async function useCode(t: Tx, phoneIndex: string, hash: string, now: Date): Promise<boolean> {
  const row = await t
    .selectFrom('sign_in_codes')
    .selectAll()
    .where('phone_index', '=', phoneIndex)
    .forUpdate()
    .executeTakeFirst()
  if (!row || row.expires_at <= now || row.tries >= CODE.tries) return false
  const right = timingSafeEqual(Buffer.from(row.code_hash), Buffer.from(hash))
  await t
    .updateTable('sign_in_codes')
    // A used code has no tries left (its end would depend on whose clock was read first); the row
    // stays for the limits.
    .set({ tries: right ? CODE.tries : row.tries + 1 })
    .where('phone_index', '=', phoneIndex)
    .execute()
  return right
}
