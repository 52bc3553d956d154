/**
 * Delivery info 发货信息 owed to WeChat: written in the transaction that ends the order, uploaded by
 * a sweep until WeChat has it. Without it WeChat keeps the money frozen.
 *
 * Only payments made inside the mini-program owe it (scene `weapp`): the duty is the trade
 * mini-program's (facts 6.1), and its list knows no payments of browsers (h5, native, WeChat's own),
 * which would answer 10060001 for ever. Alipay wants nothing of the kind; free orders paid nothing.
 */
import { minuteMs } from '@jiyue/contract/time'
import type { Selectable } from 'kysely'
import type { DeliveryTable } from '../db/schema.ts'
import { type Tx, tx } from '../db/tx.ts'
import { type Refused, refuse } from '../http/refusal.ts'
import type { Parts } from '../parts.ts'
import type { No } from '../platforms/answer.ts'
import type { DeliveryInfo } from '../platforms/wechatDelivery.ts'
import type { Kept } from './kept.ts'

export type DeliveryRow = Selectable<DeliveryTable>

/** Owes the delivery info of what is kept of an order that is over, in the caller's transaction. */
export async function oweDeliveries(t: Tx, { payments }: Kept, now: Date): Promise<void> {
  const owed = payments.filter(
    ({ method, scene, refundable_fen }) =>
      method === 'wechat' && scene === 'weapp' && refundable_fen > 0,
  )
  if (owed.length === 0) return
  await t
    .insertInto('deliveries')
    .values(
      owed.map(({ id }) => ({
        payment_id: id,
        state: 'waiting' as const,
        due_at: now,
        failure: null,
        since: now,
        sent_at: null,
        payer: null,
      })),
    )
    .execute()
}

/** One upload of due delivery info; its next turn was already written by the sweep's claim. */
export async function uploadDelivery(parts: Parts, row: DeliveryRow): Promise<void> {
  const info = await infoOf(parts, row.payment_id)
  const answer = info
    ? await parts.platforms.uploadDelivery(info, parts.now())
    : ({ ok: false, kind: 'refused', code: 'no_payer', message: 'openid unknown' } as const)
  if (answer.ok) return write(parts, row, { state: 'sent', sent_at: parts.now() })
  const { code, message } = answer
  const failure = `${code} ${message}`.trim().slice(0, 300)
  const said = { payment: row.payment_id, code, message }
  switch (meaningOf(answer, row)) {
    case 'again':
      parts.log.warn(said, 'delivery info not taken yet; uploaded again')
      return write(parts, row, { failure })
    case 'has_it':
      return write(parts, row, { state: 'sent', sent_at: parts.now() })
    case 'final':
      parts.log.error(said, 'delivery info refused: a person is needed, the money stays frozen')
      return write(parts, row, { state: 'failed', failure, due_at: null })
  }
}

async function infoOf({ db }: Parts, paymentId: string): Promise<DeliveryInfo | null> {
  const row = await db
    .selectFrom('payments')
    .innerJoin('orders', 'orders.id', 'payments.order_id')
    .innerJoin('services', 'services.id', 'orders.service_id')
    .innerJoin('slots', 'slots.id', 'orders.slot_id')
    .innerJoin('deliveries', 'deliveries.payment_id', 'payments.id')
    .leftJoin('identities', (join) =>
      join.onRef('identities.user_id', '=', 'orders.user_id').on('identities.host', '=', 'weapp'),
    )
    .select(['payments.trade_no', 'services.name', 'slots.branch_id'])
    // Who erased themselves has no identity any more (privacy/erase.ts).
    .select((eb) => eb.fn.coalesce('identities.subject', 'deliveries.payer').as('openid'))
    .where('payments.id', '=', paymentId)
    .executeTakeFirst()
  if (!row?.openid) return null
  return {
    tradeNo: row.trade_no,
    openid: row.openid,
    item: row.name,
    given: row.branch_id ? 'branch' : 'elsewhere',
  }
}

/** WeChat has not heard of the payment; the token was over twice in a row. */
const LATER: ReadonlySet<string> = new Set(['10060001', '40001', '40014', '41001', '42001'])
/** [M] 支付单已完成发货: whoever told WeChat, it knows. */
const TOLD = '10060002'
/** [M] Cannot be delivered (any more): after an upload whose answer was lost, that one arrived. */
const NOT_DELIVERABLE = '10060004'

function meaningOf({ kind, code }: No, row: DeliveryRow): 'again' | 'has_it' | 'final' {
  if (kind === 'unknown' || LATER.has(code)) return 'again'
  const lost = /^(no_answer|http_)/.test(row.failure ?? '')
  return code === TOLD || (code === NOT_DELIVERABLE && lost) ? 'has_it' : 'final'
}

async function write(
  { db, bus }: Parts,
  { payment_id }: DeliveryRow,
  to: Partial<Pick<DeliveryRow, 'state' | 'failure' | 'due_at' | 'sent_at'>>,
): Promise<void> {
  await db
    .updateTable('deliveries')
    .set(to.state === 'sent' ? { ...to, failure: null, due_at: null, payer: null } : to)
    .where('payment_id', '=', payment_id)
    .where('state', '<>', 'sent')
    .execute()
  bus.changed({ topics: ['console'] })
}

/** Minutes until the next upload, by uploads so far: WeChat hears of a payment within a minute. */
const TURNS_MINUTES = [0.5, 1, 1, 5, 10, 30, 60] as const

export function nextDeliveryTry(tries: number, now: Date): Date {
  const minutes = TURNS_MINUTES[Math.min(tries, TURNS_MINUTES.length) - 1] ?? 60
  return new Date(now.getTime() + minutes * minuteMs)
}

/** Uploads refused delivery info again, now; what WeChat has already stays as it is. */
export async function retryDelivery(
  { db, bus, now }: Parts,
  paymentId: string,
): Promise<Record<string, never> | Refused> {
  const row = await db
    .selectFrom('deliveries')
    .select('state')
    .where('payment_id', '=', paymentId)
    .executeTakeFirst()
  if (!row) return refuse('not_found')
  await tx(db, (t) =>
    t
      .updateTable('deliveries')
      .set({ state: 'waiting', due_at: now(), tries: 0 })
      .where('payment_id', '=', paymentId)
      .where('state', '<>', 'sent')
      .execute(),
  )
  bus.changed({ topics: ['console'] })
  return {}
}
