/** Who is affected when slots fall through, before anything is done (M9). Locks and writes nothing. */
import type { Reply } from '@jiyue/contract/schema/wire'
import { type Kysely, sql } from 'kysely'
import type { Database } from '../db/schema.ts'
import { type Refused, refuse } from '../http/refusal.ts'
import { readRules } from '../order/rules.ts'
import type { Parts } from '../parts.ts'
import { choosable, deskSlots, deskSlotView } from './deskSlots.ts'

/** Slots to offer instead that the desk lists. */
const CHOICES_SHOWN = 60

/** Refuses: not_found, slot_past. */
export async function preview(
  parts: Parts,
  slotIds: readonly string[],
): Promise<Reply<'previewDisruption'> | Refused> {
  const { db } = parts
  const now = parts.now()
  const ids = [...new Set(slotIds)]
  const rows = await deskSlots(db)
    .where('slots.id', 'in', ids)
    .where('removed_at', 'is', null)
    .execute()
  if (rows.length < ids.length) return refuse('not_found')
  const [first] = rows
  if (!first || first.starts_at <= now) return refuse('slot_past')
  const [counted, choices] = await Promise.all([countAffected(db, ids), choicesFor(parts, rows)])
  const slots = rows.map((row) => {
    return { ...deskSlotView(row), ...(counted.get(row.id) ?? nobody) }
  })
  const sum = (key: keyof Affected) => slots.reduce((total, slot) => total + slot[key], 0)
  return {
    slots,
    orders: sum('orders'),
    unpaid: sum('unpaid'),
    people: sum('people'),
    paidFen: sum('paidFen'),
    asked: sum('asked'),
    choices,
    latestDeadlineAt: first.starts_at.toISOString(),
    now: now.toISOString(),
  }
}

interface Affected {
  orders: number
  unpaid: number
  people: number
  paidFen: number
  asked: number
}
const nobody: Affected = { orders: 0, unpaid: 0, people: 0, paidFen: 0, asked: 0 }

/**
 * By slot; the money is what is still here of confirmed orders' payments. Whom an earlier act asked is
 * counted apart: no order is asked twice about one slot.
 */
async function countAffected(
  db: Kysely<Database>,
  slotIds: readonly string[],
): Promise<Map<string, Affected>> {
  const { rows } = await sql<Affected & { slot: string }>`
    select o.slot_id as slot,
      count(*) filter (where o.state = 'confirmed' and not earlier.asked)::int as orders,
      count(*) filter (where o.state <> 'confirmed')::int as unpaid,
      coalesce(sum(o.party) filter (where not earlier.asked), 0)::int as people,
      count(*) filter (where o.state = 'confirmed' and earlier.asked)::int as asked,
      coalesce(sum((
        select sum(coalesce(p.paid_fen, 0) - coalesce((select sum(r.amount_fen) from refunds r
          where r.payment_id = p.id and r.state <> 'closed'), 0)) from payments p
        where p.order_id = o.id and p.state = 'succeeded'))
        filter (where o.state = 'confirmed' and not earlier.asked), 0)::int8 as "paidFen"
    from orders o, lateral (select exists (select from disrupted_orders d
      where d.order_id = o.id and d.slot_id = o.slot_id) as asked) earlier
    where o.slot_id = any (${slotIds}::uuid[]) and (o.state = 'confirmed'
      or (o.state in ('held', 'registered') and o.held_until > clock_timestamp()))
    group by o.slot_id`.execute(db)
  return new Map(rows.map(({ slot, ...of }) => [slot, { ...of, paidFen: Number(of.paidFen) }]))
}

/** Slots of the same services that people may take: soonest first. */
async function choicesFor(
  { db, now }: Parts,
  fallen: readonly { id: string; service_id: string }[],
) {
  const { bookingDays } = await readRules(db)
  const rows = await choosable(db, fallen, now())
    .where('slots.checking_since', 'is', null)
    .where(
      'slots.starts_at',
      '<=',
      sql<Date>`clock_timestamp() + make_interval(days => ${bookingDays}::int + 1)`,
    )
    .where(sql<boolean>`not exists (select from days
      where day = (slots.starts_at at time zone 'Asia/Shanghai')::date and not open)`)
    .where(sql<boolean>`seats_left(slots) > 0`)
    .limit(CHOICES_SHOWN)
    .execute()
  return rows.map(deskSlotView)
}
