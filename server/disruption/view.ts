/** Acts of the disruption desk as the console shows them (M9): who has answered what, and who not. */
import {
  type DisruptionAnswer,
  disruptionAnswerOf,
  disruptionAnswers,
} from '@jiyue/contract/disruption'
import { type OrderState, stateAt } from '@jiyue/contract/order'
import { channelNames } from '@jiyue/contract/reminder'
import type {
  AffectedOrder,
  ChaseChannel,
  DisruptionDetail,
  DisruptionSummary,
} from '@jiyue/contract/schema/disruptions'
import type { Reply } from '@jiyue/contract/schema/wire'
import { type Kysely, type Selectable, sql } from 'kysely'
import { isBeyond } from '../db/conditions.ts'
import type { Database, DisruptionTable } from '../db/schema.ts'
import type { Parts } from '../parts.ts'
import { doerName } from '../people/doer.ts'
import { maskPhone } from '../people/mask.ts'
import { chasable } from './chase.ts'
import { deskSlots, deskSlotView } from './deskSlots.ts'

/** Acts of one page, and orders shown of one act. */
const PAGE = 50
const ORDERS_SHOWN = 2_000

type Act = Selectable<DisruptionTable> & {
  byName: string | null
  slots: number
  first: Date
  services: string[]
}

/** A page, newest first; `next` continues it. */
export async function listDisruptions(
  parts: Parts,
  after?: string,
): Promise<Reply<'listDisruptions'>> {
  const now = parts.now()
  const found = await actRows(parts.db)
    .where(isBeyond([sql.ref('acted_at'), sql.ref('id')], after))
    .limit(PAGE + 1)
    .execute()
  const acts = found.slice(0, PAGE)
  const last = found.length > PAGE ? acts.at(-1) : undefined
  const rows = await stateRows(
    parts.db,
    acts.map(({ id }) => id),
  )
  return {
    disruptions: acts.map((one) =>
      summary(
        one,
        rows.filter(({ disruption_id }) => disruption_id === one.id),
        now,
      ),
    ),
    next: last ? `${last.acted_at.toISOString()},${last.id}` : null,
    now: now.toISOString(),
  }
}

/** One act in full, or null. */
export async function readDisruption(parts: Parts, id: string): Promise<DisruptionDetail | null> {
  const { db } = parts
  const now = parts.now()
  const one = await actRows(db).where('disruptions.id', '=', id).executeTakeFirst()
  if (!one) return null
  const [states, rows, slots, sends, chases] = await Promise.all([
    stateRows(db, [id]),
    affectedRows(db, id),
    deskSlots(db)
      .innerJoin('disruption_slots', 'disruption_slots.slot_id', 'slots.id')
      .select('disruption_slots.is_choice')
      .where('disruption_slots.disruption_id', '=', id)
      .execute(),
    sendsOf(db, id),
    chasesOf(db, id),
  ])
  return {
    ...summary(one, states, now),
    note: one.note,
    coupon:
      one.coupon_fen !== null && one.coupon_days !== null
        ? { offFen: one.coupon_fen, days: one.coupon_days }
        : null,
    fallen: slots.filter(({ is_choice }) => !is_choice).map(deskSlotView),
    choices: slots.filter(({ is_choice }) => is_choice).map(deskSlotView),
    orders: rows.map((row) => affectedView(parts, row, sends.get(row.id) ?? [], now)),
    chases,
    now: now.toISOString(),
  }
}

const actRows = (db: Kysely<Database>) =>
  db
    .selectFrom('disruptions')
    .selectAll()
    .select([
      doerName('disruptions.by').as('byName'),
      sql<number>`(select count(*)::int from disruption_slots s
        where s.disruption_id = disruptions.id and not s.is_choice)`.as('slots'),
      sql<Date>`(select min(slots.starts_at) from disruption_slots s join slots on slots.id = s.slot_id
        where s.disruption_id = disruptions.id and not s.is_choice)`.as('first'),
      sql<string[]>`array(select distinct services.name from disruption_slots s
        join slots on slots.id = s.slot_id join services on services.id = slots.service_id
        where s.disruption_id = disruptions.id and not s.is_choice order by 1)`.as('services'),
    ])
    .orderBy('acted_at', 'desc')
    .orderBy('id', 'desc')

/** What an answer is told from. */
interface StateRow {
  disruption_id: string
  slot_id: string
  ruled_at: Date | null
  order_slot: string
  state: OrderState
  held_until: Date | null
  confirmed_at: Date | null
}

function stateRows(db: Kysely<Database>, ids: readonly string[]): Promise<StateRow[]> {
  if (ids.length === 0) return Promise.resolve([])
  return db
    .selectFrom('disrupted_orders as d')
    .innerJoin('orders', 'orders.id', 'd.order_id')
    .select(['d.disruption_id', 'd.slot_id', 'd.ruled_at', 'orders.slot_id as order_slot'])
    .select(['orders.state', 'orders.held_until', 'orders.confirmed_at'])
    .where('d.disruption_id', 'in', ids)
    .execute()
}

function answerOf(row: StateRow, now: Date): DisruptionAnswer {
  const heldUntil = row.held_until?.toISOString() ?? null
  return disruptionAnswerOf({
    state: stateAt({ state: row.state, heldUntil }, now.getTime()),
    inSlot: row.order_slot === row.slot_id,
    wasConfirmed: row.confirmed_at !== null,
    ruled: row.ruled_at !== null,
  })
}

function summary(one: Act, rows: readonly StateRow[], now: Date): DisruptionSummary {
  const counts = Object.fromEntries(Object.keys(disruptionAnswers).map((key) => [key, 0]))
  for (const row of rows) {
    const answer = answerOf(row, now)
    counts[answer] = (counts[answer] ?? 0) + 1
  }
  return {
    id: one.id,
    reason: one.reason,
    fallback: one.fallback,
    deadlineAt: one.deadline_at.toISOString(),
    actedAt: one.acted_at.toISOString(),
    byName: one.byName,
    slots: one.slots,
    firstStartsAt: one.first.toISOString(),
    services: one.services,
    counts: counts as Record<DisruptionAnswer, number>,
  }
}

/** Who has not answered first; no more than a person looks through. */
function affectedRows(db: Kysely<Database>, id: string) {
  return db
    .selectFrom('disrupted_orders as d')
    .innerJoin('orders', 'orders.id', 'd.order_id')
    .innerJoin('slots', 'slots.id', 'd.slot_id')
    .innerJoin('slots as now_in', 'now_in.id', 'orders.slot_id')
    .innerJoin('services', 'services.id', 'orders.service_id')
    .innerJoin('users', 'users.id', 'orders.user_id')
    .select(['d.id', 'd.disruption_id', 'd.slot_id', 'd.ruled_at', 'd.refund_at', 'd.order_id'])
    .select(['orders.number', 'orders.party', 'orders.state', 'orders.held_until'])
    .select(['orders.confirmed_at', 'orders.ended_at', 'orders.slot_id as order_slot'])
    .select(['slots.starts_at', 'slots.ends_at', 'services.name as service'])
    .select(['now_in.starts_at as to_starts', 'now_in.ends_at as to_ends'])
    .select(['users.name as person', 'users.phone_sealed'])
    .select([
      sql<Date | null>`(select max(ended_at) from moves where moves.order_id = orders.id
        and moves.from_slot = d.slot_id and moves.state = 'done')`.as('moved_at'),
      sql<number>`coalesce((
        select sum(coalesce(p.paid_fen, 0) - coalesce((select sum(r.amount_fen) from refunds r
          where r.payment_id = p.id and r.state <> 'closed'), 0)) from payments p
        where p.order_id = orders.id and p.state = 'succeeded'), 0)::int8`.as('kept_fen'),
    ])
    .where('d.disruption_id', '=', id)
    .orderBy(sql`orders.state = 'confirmed' and orders.slot_id = d.slot_id`, 'desc')
    .orderBy('orders.number')
    .limit(ORDERS_SHOWN)
    .execute()
}
type AffectedRow = Awaited<ReturnType<typeof affectedRows>>[number]

function affectedView(
  { seal }: Parts,
  row: AffectedRow,
  sends: AffectedOrder['sends'],
  now: Date,
): AffectedOrder {
  const answer = answerOf(row, now)
  const phone = row.phone_sealed === null ? null : String(seal.open(row.phone_sealed))
  const answeredAt = answer === 'moved' ? row.moved_at : row.ended_at
  return {
    orderId: row.order_id,
    number: row.number,
    person: row.person,
    phoneMasked: phone && maskPhone(phone),
    party: row.party,
    serviceName: row.service,
    startsAt: row.starts_at.toISOString(),
    endsAt: row.ends_at.toISOString(),
    answer,
    answeredAt: answeredAt?.toISOString() ?? null,
    movedTo:
      answer === 'moved'
        ? { startsAt: row.to_starts.toISOString(), endsAt: row.to_ends.toISOString() }
        : null,
    keptFen: Number(row.kept_fen),
    refundAt: row.refund_at.toISOString(),
    sends,
  }
}

/** By affected order. */
async function sendsOf(
  db: Kysely<Database>,
  id: string,
): Promise<Map<string, AffectedOrder['sends']>> {
  const { rows } = await sql<AffectedOrder['sends'][number] & { about: string }>`
    select d.id as about, s.channel, s.state, s.reason from disrupted_orders d
    join reminders r on r.kind = 'emergency' and r.once = d.id::text
    join sends s on s.reminder_id = r.id
    where d.disruption_id = ${id}
    -- All ways of one turn have its time: in the order in which they are tried.
    order by s.at, array_position(${[...channelNames]}::text[], s.channel)`.execute(db)
  const lists = new Map<string, AffectedOrder['sends']>()
  for (const { about, channel, state, reason } of rows) {
    lists.set(about, [...(lists.get(about) ?? []), { channel, state, reason }])
  }
  return lists
}

const chaseChannels: readonly ChaseChannel[] = ['wechat', 'alipay', 'sms', 'mail']

async function chasesOf(db: Kysely<Database>, id: string): Promise<DisruptionDetail['chases']> {
  const [open, asked] = await Promise.all([
    sql<{ channel: string; n: number }>`select channel, count(*)::int as n from (${chasable}) open
      where disruption_id = ${id} group by 1`.execute(db),
    sql<{ channel: string; n: number }>`select c.channel, count(*)::int as n from chases c
      join reminders r on r.id = c.reminder_id join disrupted_orders d on r.once = d.id::text
      where d.disruption_id = ${id} group by 1`.execute(db),
  ])
  const of = (rows: readonly { channel: string; n: number }[], name: string) =>
    rows.find(({ channel }) => channel === name)?.n ?? 0
  return chaseChannels.map((channel) => ({
    channel,
    open: of(open.rows, channel),
    asked: of(asked.rows, channel),
  }))
}
