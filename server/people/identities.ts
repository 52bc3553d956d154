/** A signed-in person's second way in: the identity that WeChat's browser needs for paying (P1). */
import { sql } from 'kysely'
import { tx } from '../db/tx.ts'
import { type Refused, refuse } from '../http/refusal.ts'
import type { Parts } from '../parts.ts'

/**
 * Adds the person that `code` proves to `userId`. Refuses: sign_in_failed, unavailable.
 *
 * An openid that belonged to another account goes to this one. Who sends the code has just proved
 * both, and the account on the screen is the one with the order to be paid: WeChat takes jsapi money
 * from the payer's own openid only, so leaving it elsewhere would make the order unpayable. Nothing
 * of the other account is read or changed; who signs in by WeChat from now on comes here, and a
 * phone number leads to the other one as before.
 *
 * A user keeps one openid of this host, the newest: a payment must never be opened for the openid
 * of a WeChat account that is not in this hand.
 */
export async function addIdentity(
  parts: Parts,
  userId: string,
  host: 'wechat-browser',
  code: string,
): Promise<Refused | null> {
  const answer = await parts.platforms.subjectOf(host, code, parts.now())
  if (!answer.ok) {
    parts.log.warn({ host, code: answer.code }, 'identity refused')
    return refuse(answer.kind === 'unknown' ? 'unavailable' : 'sign_in_failed')
  }
  const subject = answer.value
  await tx(parts.db, async (t) => {
    await sql`select pg_advisory_xact_lock(4, hashtext(${userId}))`.execute(t)
    // The same lock as signing in by this openid: it becomes a new user's, or this one's, not both.
    await sql`select pg_advisory_xact_lock(3, hashtext(${`${host} ${subject}`}))`.execute(t)
    await t
      .deleteFrom('identities')
      .where('host', '=', host)
      .where('user_id', '=', userId)
      .where('subject', '<>', subject)
      .execute()
    await t
      .insertInto('identities')
      .values({ host, subject, user_id: userId })
      .onConflict((conflict) =>
        conflict.columns(['host', 'subject']).doUpdateSet({ user_id: userId }),
      )
      .execute()
  })
  return null
}
