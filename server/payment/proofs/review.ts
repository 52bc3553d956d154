/** Deciding about a proof (P10): exactly once, by a person or by the money that came meanwhile. */
import type { Fen } from '@jiyue/contract/money'
import type { Selectable } from 'kysely'
import type { ProofTable } from '../../db/schema.ts'
import { after, type Tx, tx } from '../../db/tx.ts'
import { type Refused, refuse } from '../../http/refusal.ts'
import type { Parts } from '../../parts.ts'
import { remind } from '../../reminder/reminder.ts'
import { ask, closeTrade } from '../ask.ts'
import type { TradeFact } from '../gateways/gateway.ts'
import { lockTrade, settleIn } from '../settle.ts'
import type { PaymentRow } from '../view.ts'
import { isSpent, lockNumber } from './numbers.ts'

type ProofRow = Selectable<ProofTable>

/** `paidFen`, `transactionId`: what was really paid, as the merchant's own account says. */
export type Decision =
  | { decision: 'approve'; paidFen: Fen; transactionId: string | null; reason: string }
  | { decision: 'reject'; reason: string }

/**
 * Approves a proof, so that the payment counts as made and has its seat or its refund by the same
 * rules as any other money, or rejects it. The same decision of the same person again changes
 * nothing. Refuses: not_found, proof_decided (by somebody else, or by the money itself),
 * transaction_known (the number is another payment's), unavailable (another amount, and the provider
 * is silent).
 */
export async function decideProof(
  parts: Parts,
  proofId: string,
  personId: string,
  decision: Decision,
): Promise<'ok' | Refused> {
  const proof = await readProof(parts, proofId)
  if (!proof) return refuse('not_found')
  const by = `merchant:${personId}`
  if (proof.state !== 'submitted') return again(proof, by, decision)
  const payment = await readPayment(parts, proof.payment_id)
  if (decision.decision === 'approve') {
    // Before its trade is closed for nothing; once more under the locks.
    const number = numberOf(proof, decision)
    if (number && (await isSpent(parts.db, number, payment.id))) return refuse('transaction_known')
    const known = await lastWord(parts, payment)
    // Another amount than was asked for would go back by a number the provider may not know so: only
    // the provider itself can say it.
    if (!known && decision.paidFen !== payment.amount_fen) return refuse('unavailable')
  }
  return tx(parts.db, (t) => decide(t, parts, { proof, payment, by }, decision))
}

/**
 * The provider's last word before a person's counts: money that is there is taken (and answers the
 * proof), and a trade that nobody paid is closed, so that nobody pays it after it counts as paid.
 * False when the provider did not answer; that alone holds nobody up.
 */
async function lastWord(parts: Parts, payment: PaymentRow): Promise<boolean> {
  const isOpen = payment.state === 'created' || payment.state === 'pending'
  const verdict = await (isOpen ? closeTrade(parts, payment) : ask(parts, payment))
  if (verdict === 'unknown') {
    parts.log.warn({ payment: payment.id }, 'a proof is approved without the provider’s last word')
  }
  return verdict !== 'unknown'
}

interface Deciding {
  proof: ProofRow
  payment: PaymentRow
  by: string
}

/** Locks like money that arrives, then the proof: whoever comes second finds it decided. */
async function decide(
  t: Tx,
  parts: Parts,
  { proof, payment, by }: Deciding,
  decision: Decision,
): Promise<'ok' | Refused> {
  const trade = tradeOf(payment)
  await lockTrade(t, trade)
  const now = parts.now()
  const isApproved = decision.decision === 'approve'
  if (decision.decision === 'approve') {
    const refused = await spent(t, proof, payment, decision)
    if (refused) return refused
  }
  const reason = decision.reason === '' ? null : decision.reason
  const state = isApproved ? 'approved' : 'rejected'
  const written = await t
    .updateTable('proofs')
    .set({ state, reason, decided_by: by, decided_at: now })
    .where('id', '=', proof.id)
    .where('state', '=', 'submitted')
    .returning('id')
    .executeTakeFirst()
  if (!written) return again(await readProof({ db: t }, proof.id), by, decision)
  if (isApproved) {
    const paidAt = earlier(proof.created_at, payment.expires_at)
    await settleIn(t, parts, factOf(trade, proof, decision, paidAt), 'proof')
  }
  await tellOf(t, parts, { proof, payment, by }, decision)
  return 'ok'
}

type Approval = Extract<Decision, { decision: 'approve' }>

/** The number that is approved: what the merchant's own account says, else what the person typed. */
function numberOf(proof: ProofRow, { transactionId }: Approval): string | null {
  return transactionId ?? proof.transaction_id
}

/** Refuses a proof that still waits, when its number was another payment's meanwhile. */
async function spent(
  t: Tx,
  proof: ProofRow,
  payment: PaymentRow,
  decision: Approval,
): Promise<Refused | null> {
  const number = numberOf(proof, decision)
  if (!number) return null
  await lockNumber(t, number)
  const waits = (await readProof({ db: t }, proof.id))?.state === 'submitted'
  return waits && (await isSpent(t, number, payment.id)) ? refuse('transaction_known') : null
}

/**
 * When the money was paid the provider has not said: at the latest when the proof was sent, and the
 * trade could be paid until its end. That keeps it on the day on which a bill would show it.
 */
function factOf(
  trade: Pick<TradeFact, 'method' | 'tradeNo'>,
  proof: ProofRow,
  { paidFen, transactionId }: Approval,
  paidAt: Date,
): TradeFact {
  return {
    kind: 'trade',
    ...trade,
    state: 'paid',
    amountFen: paidFen,
    paidAt,
    reference: `proof ${proof.id}`,
    ...(transactionId !== null && { transactionId }),
  }
}

/** The event, with who decided what, and the message to the person. */
async function tellOf(
  t: Tx,
  parts: Parts,
  { proof, by }: Deciding,
  { decision, ...details }: Decision,
): Promise<void> {
  const { order_id: orderId } = proof
  const { slot_id: slotId } = await t
    .selectFrom('orders')
    .select('slot_id')
    .where('id', '=', orderId)
    .executeTakeFirstOrThrow()
  const now = parts.now()
  const isApproved = decision === 'approve'
  await t
    .insertInto('events')
    .values({
      order_id: orderId,
      slot_id: slotId,
      what: isApproved ? 'approve_proof' : 'reject_proof',
      by,
      details: JSON.stringify({ proof: proof.id, ...details }),
      at: now,
    })
    .execute()
  const kind = isApproved ? 'proof_approved' : 'proof_rejected'
  await remind(t, { orderId, kind, about: proof.id, now })
  after(t, () => parts.bus.changed({ topics: [`order:${orderId}`, 'console'] }))
}

/** A decided proof: the same decision once more, whose answer was lost, or another one's. */
function again(proof: ProofRow | undefined, by: string, { decision, reason }: Decision) {
  const state = decision === 'approve' ? 'approved' : 'rejected'
  const isSame =
    proof?.decided_by === by && proof.state === state && (proof.reason ?? '') === reason
  return isSame ? ('ok' as const) : refuse('proof_decided')
}

function tradeOf(payment: PaymentRow): Pick<TradeFact, 'method' | 'tradeNo'> {
  if (!payment.method) throw new Error(`payment ${payment.id} has no provider to prove anything of`)
  return { method: payment.method, tradeNo: payment.trade_no }
}

const earlier = (one: Date, other: Date) => (one < other ? one : other)

function readProof({ db }: Pick<Parts, 'db'>, id: string): Promise<ProofRow | undefined> {
  return db.selectFrom('proofs').selectAll().where('id', '=', id).executeTakeFirst()
}

function readPayment({ db }: Parts, id: string): Promise<PaymentRow> {
  return db.selectFrom('payments').selectAll().where('id', '=', id).executeTakeFirstOrThrow()
}
