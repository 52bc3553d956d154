/** The inbox (X3): what a person was told, on our own pages. */
import { reminderKinds } from '@jiyue/contract/reminder'
import type { Reply } from '@jiyue/contract/schema/wire'
import { sql } from 'kysely'
import type { Parts } from '../parts.ts'

const MOST = 100

/** The newest messages of a person, and how many of all are unread. */
export async function listMessages(parts: Parts, userId: string): Promise<Reply<'listMessages'>> {
  const { db } = parts
  const [rows, unread] = await Promise.all([
    db
      .selectFrom('reminders')
      .select(['id', 'kind', 'text', 'path', 'told_at', 'read_at'])
      .where('user_id', '=', userId)
      .where('told_at', 'is not', null)
      .orderBy('told_at', 'desc')
      .orderBy('id', 'desc')
      .limit(MOST)
      .execute(),
    unreadOf(parts, userId),
  ])
  const messages = rows.map((row) => ({
    id: row.id,
    kind: row.kind,
    title: reminderKinds[row.kind].zh,
    text: row.text ?? '',
    path: row.path ?? '',
    at: (row.told_at as Date).toISOString(),
    read: row.read_at !== null,
  }))
  return { messages, unread, now: parts.now().toISOString() }
}

/** They have seen everything up to `until`; the other screens of theirs hear it. */
export async function markRead(parts: Parts, userId: string, until: Date): Promise<number> {
  const { numUpdatedRows } = await parts.db
    .updateTable('reminders')
    .set({ read_at: parts.now() })
    .where('user_id', '=', userId)
    // The wire has milliseconds, the row may have been told in the middle of one.
    .where(sql<Date>`date_trunc('milliseconds', told_at)`, '<=', until)
    .where('read_at', 'is', null)
    .executeTakeFirst()
  if (numUpdatedRows > 0n) parts.bus.changed({ topics: [`inbox:${userId}`] })
  return unreadOf(parts, userId)
}

async function unreadOf({ db }: Parts, userId: string): Promise<number> {
  const { unread } = await db
    .selectFrom('reminders')
    .select(sql<number>`count(*)::int`.as('unread'))
    .where('user_id', '=', userId)
    .where('told_at', 'is not', null)
    .where('read_at', 'is', null)
    .executeTakeFirstOrThrow()
  return unread
}
