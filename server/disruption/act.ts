/**
 * The one act of the disruption desk (M9): in one transaction its slots are closed for sale and each of
 * their orders has a row with a clock. What follows (telling, coupons, refunds of silence) is due work
 * of those rows (follow.ts), so a process killed anywhere leaves all of it, or none.
 */
import { isDeepStrictEqual } from 'node:util'
import type { Input } from '@jiyue/contract/schema/wire'
import { minuteMs } from '@jiyue/contract/time'
import { sql } from 'kysely'
import { after, type Tx, tx } from '../db/tx.ts'
import { type Refused, refuse, refuseField } from '../http/refusal.ts'
import type { Parts } from '../parts.ts'
import { choosable } from './deskSlots.ts'

export type Wish = Input<'putDisruption'>['body']

/** People need some time to answer. */
const LEAST_MINUTES = 5

/** Acts once by its id; the same again is the same. Refusals: contract/api/disruptions.ts. */
export async function act(
  parts: Parts,
  id: string,
  wish: Wish,
  personId: string,
): Promise<'ok' | Refused> {
  const known = await parts.db
    .selectFrom('disruptions')
    .select('wish')
    .where('id', '=', id)
    .executeTakeFirst()
  if (known)
    return isDeepStrictEqual(known.wish, plain(wish)) ? 'ok' : refuse('disruption_id_reused')
  const done = await tx(parts.db, (t) => write(t, parts, id, wish, personId))
  // Named in this very moment by somebody else, or by a repeat of this: it is there to compare now.
  return done === 'raced' ? act(parts, id, wish, personId) : done
}

/** As the column gives it back. */
const plain = (wish: Wish) => JSON.parse(JSON.stringify(wish)) as Record<string, unknown>

async function write(
  t: Tx,
  parts: Parts,
  id: string,
  wish: Wish,
  personId: string,
): Promise<'ok' | 'raced' | Refused> {
  const { reason, note, fallback, coupon } = wish
  const [slotIds, choiceIds] = [[...new Set(wish.slotIds)], [...new Set(wish.choiceIds)]]
  await sql`select expire_holds(lock_slots(${slotIds}::uuid[]), clock_timestamp())`.execute(t)
  const slots = await t
    .selectFrom('slots')
    .select(['id', 'service_id', 'starts_at'])
    .where('id', 'in', slotIds)
    .where('removed_at', 'is', null)
    .orderBy('starts_at')
    .execute()
  if (slots.length < slotIds.length) return refuse('not_found')
  const now = parts.now()
  const deadline = new Date(wish.deadlineAt)
  const [first] = slots
  if (!first || first.starts_at <= now) return refuse('slot_past')
  const wrong =
    checkDeadline(deadline, first.starts_at, now) ?? (await checkChoices(t, wish, slots, now))
  if (wrong) return wrong
  const by = `merchant:${personId}`
  const written = await t
    .insertInto('disruptions')
    .values({
      id,
      reason,
      note,
      fallback,
      deadline_at: deadline,
      coupon_fen: coupon?.offFen ?? null,
      coupon_days: coupon?.days ?? null,
      wish: JSON.stringify(wish),
      by,
      acted_at: now,
    })
    .onConflict((conflict) => conflict.column('id').doNothing())
    .returning('id')
    .executeTakeFirst()
  if (!written) return 'raced'
  await t
    .insertInto('disruption_slots')
    .values([
      ...slotIds.map((slot_id) => ({ disruption_id: id, slot_id, is_choice: false })),
      ...choiceIds.map((slot_id) => ({ disruption_id: id, slot_id, is_choice: true })),
    ])
    .execute()
  await close(t, id, slotIds, reason, by)
  await affect(t, id, slotIds, { deadline, keeps: fallback === 'keep', now })
  after(t, () =>
    parts.bus.changed({
      slots: slotIds,
      topics: [
        ...new Set(slots.map(({ service_id }) => `service:${service_id}` as const)),
        'console',
      ],
    }),
  )
  return 'ok'
}

function checkDeadline(deadline: Date, firstStart: Date, now: Date): Refused | null {
  if (deadline > firstStart) return refuseField('deadlineAt', '截止时间不能晚于最早的时段开始')
  if (deadline.getTime() < now.getTime() + LEAST_MINUTES * minuteMs)
    return refuseField('deadlineAt', `请至少留出 ${LEAST_MINUTES} 分钟供用户选择`)
  return null
}

/** A slot that filled up meanwhile may stay in the list: whoever chooses it hears so. */
async function checkChoices(
  t: Tx,
  { choiceIds }: Wish,
  fallen: readonly { id: string; service_id: string }[],
  now: Date,
): Promise<Refused | null> {
  const ids = [...new Set(choiceIds)]
  if (ids.length === 0) return null
  const fit = await choosable(t, fallen, now).where('slots.id', 'in', ids).execute()
  if (fit.length === ids.length) return null
  return refuseField('choiceIds', '有可选时段已关闭、已截止或不属于同一服务，请重新选择')
}

/** Closed for sale, with an event each; a slot closed before keeps its reason. */
async function close(
  t: Tx,
  id: string,
  slotIds: readonly string[],
  reason: string,
  by: string,
): Promise<void> {
  await sql`update slots set closed_reason = coalesce(closed_reason, ${reason}), by_hand = true
    where id = any (${slotIds}::uuid[])`.execute(t)
  await sql`insert into events (order_id, slot_id, what, by, details, at)
    select null, slot_id, 'close', ${by},
      jsonb_build_object('reason', ${reason}::text, 'disruption', ${id}::uuid), clock_timestamp()
    from unnest(${slotIds}::uuid[]) as slot_id`.execute(t)
}

/**
 * A row for each order that takes a seat there; one affected before keeps its earlier act. What is not
 * paid is ended at once, the rest is asked.
 */
async function affect(
  t: Tx,
  id: string,
  slotIds: readonly string[],
  { deadline, keeps, now }: { deadline: Date; keeps: boolean; now: Date },
): Promise<void> {
  await sql`
    insert into disrupted_orders (disruption_id, order_id, slot_id, refund_at, due_at)
    select ${id}::uuid, o.id, o.slot_id, ends.at,
      case when o.state = 'confirmed' then ends.at else ${now}::timestamptz end
    from orders o join slots s on s.id = o.slot_id,
      lateral (select case when ${keeps} then s.starts_at else ${deadline}::timestamptz end as at) ends
    where o.slot_id = any (${slotIds}::uuid[]) and o.state in ('held', 'registered', 'confirmed')
    order by o.id
    on conflict (order_id, slot_id) do nothing`.execute(t)
}
