/** Signing in to the console: name and password, locked for a while after many wrong ones. */
import type { Reply } from '@jiyue/contract/schema/wire'
import { minuteMs } from '@jiyue/contract/time'
import { sql } from 'kysely'
import { type Refused, refuse } from '../http/refusal.ts'
import type { Parts } from '../parts.ts'
import { checkPassword, hashPassword } from './password.ts'
import { openSession } from './sessions.ts'

const LOCK = { after: 10, minutes: 15 }

/** Compared against when the name is unknown, so that both answers take the same time. */
const nobody = hashPassword('nobody')

/** Refuses password_wrong, also for unknown names and locked ones. */
export async function signInToConsole(
  parts: Parts,
  login: string,
  password: string,
): Promise<Reply<'createConsoleSession'> | Refused> {
  const { db } = parts
  const now = parts.now()
  const person = await db
    .selectFrom('people')
    .selectAll()
    .where('login', '=', login)
    .executeTakeFirst()
  const right = await checkPassword(password, person?.password_hash ?? (await nobody))
  if (!person || (person.locked_until && person.locked_until > now)) return refuse('password_wrong')
  if (!right) {
    await db
      .updateTable('people')
      .set({
        failed: sql`failed + 1`,
        locked_until: sql`case when failed + 1 >= ${LOCK.after} then ${new Date(now.getTime() + LOCK.minutes * minuteMs)}::timestamptz end`,
      })
      .where('id', '=', person.id)
      .execute()
    return refuse('password_wrong')
  }
  await db
    .updateTable('people')
    .set({ failed: 0, locked_until: null })
    .where('id', '=', person.id)
    .execute()
  const session = await openSession(db, { personId: person.id }, now)
  return { ...session, person: { id: person.id, name: person.name, role: person.role } }
}
