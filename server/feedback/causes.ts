/** What was closed, by cause and time, and how fast people were answered (M8). */
import type { FeedbackCause } from '@jiyue/contract/feedback'
import type { Input, Reply } from '@jiyue/contract/schema/wire'
import { merchantZone } from '@jiyue/contract/time'
import { sql } from 'kysely'
import { withinDays } from '../db/conditions.ts'
import type { Parts } from '../parts.ts'

type Query = Input<'getFeedbackCauses'>['query']

/** Days of the merchant's clock, `from` and `to` inclusive. */
export async function readCauses(
  { db, now }: Parts,
  { per, ...days }: Query,
): Promise<Reply<'getFeedbackCauses'>> {
  const { rows: causes } = await sql<{ start: string; cause: FeedbackCause; count: number }>`
    select date_trunc(${per}, closed_at at time zone ${merchantZone})::date::text as start, cause,
      count(*)::int as count
    from feedback where state = 'closed' and ${withinDays('closed_at', days)}
    group by 1, 2 order by 1, 3 desc, 2`.execute(db)
  const { rows: told } = await sql<{ came: number; late: number; replyMinutes: number | null }>`
    select count(*)::int as came,
      (count(*) filter (where late or due_at < ${now()}))::int as late,
      round(percentile_cont(0.5) within group (
        order by extract(epoch from replied_at - created_at) / 60)
        filter (where replied_at is not null))::int as "replyMinutes"
    from feedback where ${withinDays('created_at', days)}`.execute(db)
  const { came = 0, late = 0, replyMinutes = null } = told[0] ?? {}
  return { causes, came, late, replyMinutes, now: now().toISOString() }
}
