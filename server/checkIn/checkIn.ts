/**
 * Check-in by code (B10): an order's eight digits, given when its person first looks, and what the
 * desk finds by them. Nobody but the desk can ask about a code, and not often; guessing one shows a
 * person of the merchant somebody else's name on the screen, and completes nothing by itself.
 */
import { randomInt } from 'node:crypto'
import { checkInFrom, checkInQr, checkInVerdict } from '@jiyue/contract/checkIn'
import type { Reply } from '@jiyue/contract/schema/wire'
import { toDataURL } from 'qrcode'
import { type Refused, refuse } from '../http/refusal.ts'
import type { OrderRow } from '../order/order.ts'
import { readRules } from '../order/rules.ts'
import type { Parts } from '../parts.ts'
import { maskPhone } from '../people/mask.ts'
import { orderCard, orderRows } from '../report/orderView.ts'

/** The order's code with its picture; the same each time. Refuses: order_state. */
export async function giveCode(
  parts: Parts,
  order: OrderRow,
): Promise<Reply<'putCheckInCode'> | Refused> {
  if (order.state !== 'confirmed') return refuse('order_state')
  const code = (await codeOf(parts, order.id)) ?? (await makeCode(parts, order.id))
  const [{ starts_at }, rules] = await Promise.all([
    parts.db
      .selectFrom('slots')
      .select('starts_at')
      .where('id', '=', order.slot_id)
      .executeTakeFirstOrThrow(),
    readRules(parts.db),
  ])
  const from = new Date(checkInFrom({ startsAt: starts_at.toISOString() }, rules))
  const picture = await toDataURL(checkInQr(code), {
    errorCorrectionLevel: 'M',
    margin: 2,
    scale: 8,
  })
  return { code, picture, from: from.toISOString() }
}

/** What the desk sees of a code. Refuses: not_found. */
export async function findByCode(
  parts: Parts,
  code: string,
): Promise<Reply<'findCheckIn'> | Refused> {
  const rules = await readRules(parts.db)
  const row = await orderRows(parts.db)
    .innerJoin('check_in_codes', 'check_in_codes.order_id', 'orders.id')
    .innerJoin('users', 'users.id', 'orders.user_id')
    .select(['users.name as person', 'users.phone_sealed'])
    .where('check_in_codes.code', '=', code)
    .executeTakeFirst()
  if (!row) return refuse('not_found')
  const card = await orderCard(parts, row, rules)
  const { startsAt, endsAt } = card.slot
  const now = parts.now()
  return {
    order: {
      ...card,
      person: row.person,
      phoneMasked:
        row.phone_sealed === null ? null : maskPhone(String(parts.seal.open(row.phone_sealed))),
      place: row.branch_name,
      staffName: row.staff_name,
    },
    verdict: checkInVerdict({ state: card.state, startsAt, endsAt }, rules, now.getTime()),
    from: new Date(checkInFrom({ startsAt }, rules)).toISOString(),
    now: now.toISOString(),
  }
}

async function codeOf({ db }: Parts, orderId: string): Promise<string | null> {
  const row = await db
    .selectFrom('check_in_codes')
    .select('code')
    .where('order_id', '=', orderId)
    .executeTakeFirst()
  return row?.code ?? null
}

/** Two screens may ask at once: the first code stays. One that is another order's is drawn again. */
async function makeCode(parts: Parts, orderId: string): Promise<string> {
  for (let tries = 0; tries < 20; tries++) {
    const code = String(randomInt(0, 100_000_000)).padStart(8, '0')
    await parts.db
      .insertInto('check_in_codes')
      .values({ code, order_id: orderId, made_at: parts.now() })
      .onConflict((conflict) => conflict.doNothing())
      .execute()
    const kept = await codeOf(parts, orderId)
    if (kept) return kept
  }
  throw new Error(`no free check-in code for order ${orderId}`)
}
