/** Registrations as the merchant's team reads them (M2): filtered in the database, newest first. */
import type { FormField } from '@jiyue/contract/fields/kinds'
import { fieldKinds } from '@jiyue/contract/fields/registry'
import { paidStateOf } from '@jiyue/contract/registration'
import type { RegistrationFilter, RegistrationRow } from '@jiyue/contract/schema/registrations'
import type { Reply } from '@jiyue/contract/schema/wire'
import { sql } from 'kysely'
import { readForm } from '../../booking/catalogue.ts'
import { anyOf, inState, withinDays } from '../../db/conditions.ts'
import { anyClue, idsOfPage, type Newest } from '../../db/search.ts'
import { readRules } from '../../order/rules.ts'
import type { Parts } from '../../parts.ts'
import { maskAnswer } from '../../people/mask.ts'
import { openAnswer } from '../../registration/answers.ts'
import { cluesOf } from './clues.ts'

/** Rows of one page on screen. */
const PAGE = 50
const NEWEST: Newest = { table: 'registrations', time: 'submitted_at', id: 'order_id' }

export interface ReadOptions {
  /** The row after which to go on: `submittedAt,orderId`. */
  after?: string | undefined
  limit: number
  /** What is sealed whole: for an export, by right. */
  whole?: boolean
}

/** A page for the console; `next` continues it. */
export async function listRegistrations(
  parts: Parts,
  { after, ...filter }: RegistrationFilter & { after?: string | undefined },
): Promise<Reply<'listRegistrations'>> {
  const rows = await readRegistrations(parts, filter, { after, limit: PAGE + 1 })
  const page = rows.slice(0, PAGE)
  const last = rows.length > PAGE ? page.at(-1) : undefined
  return {
    registrations: page,
    next: last ? afterOf(last) : null,
    now: parts.now().toISOString(),
  }
}

/** At most `limit` rows that fit the filter, newest first. */
export async function readRegistrations(
  parts: Parts,
  filter: RegistrationFilter,
  { after, limit, whole = false }: ReadOptions,
): Promise<RegistrationRow[]> {
  const { closingSeconds } = await readRules(parts.db)
  const clues = await cluesOf(parts, filter.text)
  const from = narrowed(parts, filter)
  const found = await idsOfPage(parts.db, { list: NEWEST, from, clues, after, limit })
  const rows = await rowsOf(parts, found)
  return Promise.all(
    rows.map(async (row): Promise<RegistrationRow> => {
      const form = await readForm(parts.db, row.service_id, row.form_version)
      return {
        orderId: row.orderId,
        number: row.number,
        state: row.state,
        ...clocksOf(row, closingSeconds),
        service: { id: row.service_id, name: row.serviceName },
        slot: {
          id: row.slot_id,
          startsAt: row.starts_at.toISOString(),
          endsAt: row.ends_at.toISOString(),
        },
        staffName: row.staffName,
        branchName: row.branchName,
        party: row.party,
        person: row.person,
        payableFen: row.payable_fen ?? 0,
        paid: paidStateOf(row.paid_fen, row.back_fen),
        paidFen: row.paid_fen,
        refundedFen: row.back_fen,
        submittedAt: row.submitted_at.toISOString(),
        answers: answersOf(parts, form.fields as FormField[], row.answers, whole),
      }
    }),
  )
}

function rowsOf({ db, now }: Parts, orderIds: readonly string[]) {
  return db
    .selectFrom('registrations')
    .innerJoin('orders', 'orders.id', 'registrations.order_id')
    .innerJoin('services', 'services.id', 'orders.service_id')
    .innerJoin('slots', 'slots.id', 'orders.slot_id')
    .innerJoin('users', 'users.id', 'orders.user_id')
    .innerJoinLateral(money, (join) => join.onTrue())
    .leftJoin('staff', 'staff.id', 'slots.staff_id')
    .leftJoin('branches', 'branches.id', 'slots.branch_id')
    .select([
      'orders.id as orderId',
      'orders.number',
      'orders.service_id',
      'orders.slot_id',
      'orders.party',
      'orders.payable_fen',
      'orders.held_until',
      'services.name as serviceName',
      'slots.starts_at',
      'slots.ends_at',
      'staff.name as staffName',
      'branches.name as branchName',
      'users.name as person',
      'registrations.form_version',
      'registrations.answers',
      'money.paid_fen',
      'money.back_fen',
      'registrations.submitted_at',
      stateNow(now()).as('state'),
    ])
    .where('registrations.order_id', '=', anyOf(orderIds))
    .orderBy('registrations.submitted_at', 'desc')
    .orderBy('registrations.order_id', 'desc')
    .execute()
}

/** contract/order.ts: an order keeps its seats a little longer than it may be paid for. */
function clocksOf(
  { state, held_until }: { state: string; held_until: Date | null },
  closingSeconds: number,
) {
  if (state !== 'registered' || !held_until) return { heldUntil: null, payUntil: null }
  const payUntil = new Date(held_until.getTime() - closingSeconds * 1000)
  return { heldUntil: held_until.toISOString(), payUntil: payUntil.toISOString() }
}

/** How many rows a filter leaves. */
export async function countRegistrations(
  parts: Parts,
  filter: RegistrationFilter,
): Promise<Reply<'countRegistrations'>> {
  const clues = await cluesOf(parts, filter.text)
  const { count } = await narrowed(parts, filter)
    .where(await anyClue(parts.db, NEWEST, clues))
    .select(sql<number>`count(*)::int`.as('count'))
    .executeTakeFirstOrThrow()
  return { count }
}

/** Where a page that ended with `row` goes on. */
export function afterOf({ submittedAt, orderId }: RegistrationRow): string {
  return `${submittedAt},${orderId}`
}

/** Narrowed to all but words. */
function narrowed({ db, now }: Parts, filter: RegistrationFilter) {
  const { serviceId, from, to, state, paid } = filter
  return db
    .selectFrom('registrations')
    .innerJoin('orders', 'orders.id', 'registrations.order_id')
    .$if((from ?? to) !== undefined, (q) =>
      q
        .innerJoin('slots', 'slots.id', 'orders.slot_id')
        .where(withinDays('slots.starts_at', { from, to })),
    )
    .$if(serviceId !== undefined, (q) => q.where('orders.service_id', '=', serviceId ?? ''))
    .$if(state !== undefined, (q) => q.where(inState(state ?? 'held', now())))
    .$if(paid !== undefined, (q) =>
      q.innerJoinLateral(money, (join) => join.onTrue()).where(paidNow, '=', paid ?? ''),
    )
}

/** What came in for an order, and what of it went back. */
const money = sql<{ paid_fen: number; back_fen: number }>`(
  select coalesce(sum(paid_fen) filter (where state = 'succeeded'), 0)::int8 as paid_fen,
    coalesce(sum((select sum(amount_fen) from refunds
      where refunds.payment_id = payments.id and refunds.state <> 'closed')), 0)::int8 as back_fen
  from payments where payments.order_id = orders.id)`.as('money')

/** contract/registration.ts paidStateOf, in SQL. */
const paidNow = sql<string>`case when money.paid_fen = 0 then 'unpaid'
  when money.back_fen > 0 then 'refunded' else 'paid' end`

/** The state as time makes it, in SQL: contract/order.ts stateAt. */
function stateNow(now: Date) {
  return sql<
    RegistrationRow['state']
  >`case when orders.held_until <= ${now} then 'expired' else orders.state end`
}

function answersOf(
  { seal }: Parts,
  fields: readonly FormField[],
  answers: Readonly<Record<string, unknown>>,
  whole: boolean,
): RegistrationRow['answers'] {
  return fields
    .filter((field) => field.id in answers)
    .map((field) => {
      const text = fieldKinds[field.kind].show(openAnswer(seal, answers[field.id]), field)
      const shown = whole ? text : maskAnswer(field, text)
      return { field: field.id, label: field.label, text: shown }
    })
}
