/** Proofs as the console shows them (P10). */
import { hasGateway } from '@jiyue/contract/payment'
import type { ConsoleProof } from '@jiyue/contract/schema/money'
import type { Reply } from '@jiyue/contract/schema/wire'
import { type Kysely, sql } from 'kysely'
import { isBeyond } from '../../db/conditions.ts'
import type { Database } from '../../db/schema.ts'
import type { Parts } from '../../parts.ts'
import { doerName } from '../../people/doer.ts'
import { maskPhone } from '../../people/mask.ts'

const PAGE = 50

export interface ProofFilter {
  state: 'submitted' | 'decided'
  after?: string | undefined
}

/** A page: what waits, the longest waiting first; or what was decided, the newest first. */
export async function listProofs(
  parts: Parts,
  { state, after }: ProofFilter,
): Promise<Reply<'listProofs'>> {
  const { db } = parts
  const isQueue = state === 'submitted'
  const at = isQueue ? ('proofs.created_at' as const) : ('proofs.decided_at' as const)
  const direction = isQueue ? 'asc' : 'desc'
  const rows = await proofRows(db)
    // To the microsecond: a Date would round it, and a page would end before its last row.
    .select(
      sql<string>`to_char(${sql.ref(at)} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')`.as(
        'shown_at',
      ),
    )
    // Said in the statement itself: only so is its plan kept, and finds the index of these alone.
    .where('proofs.state', isQueue ? '=' : '<>', sql.lit('submitted'))
    .where(isBeyond([sql.ref(at), sql.ref('proofs.id')], after, isQueue))
    .orderBy(at, direction)
    .orderBy('proofs.id', direction)
    .limit(sql.lit(PAGE + 1))
    .execute()
  const { waiting } = await db
    .selectFrom('proofs')
    .select(sql<number>`count(*)::int`.as('waiting'))
    .where('state', '=', 'submitted')
    .executeTakeFirstOrThrow()
  const page = rows.slice(0, PAGE)
  const last = rows.length > PAGE ? page.at(-1) : undefined
  return {
    proofs: page.map((row) => consoleProof(parts, row)),
    next: last ? `${last.shown_at},${last.id}` : null,
    waiting,
    now: parts.now().toISOString(),
  }
}

/** One proof; throws when it is not there (callers have looked). */
export async function readConsoleProof(parts: Parts, proofId: string): Promise<ConsoleProof> {
  const row = await proofRows(parts.db).where('proofs.id', '=', proofId).executeTakeFirstOrThrow()
  return consoleProof(parts, row)
}

function proofRows(db: Kysely<Database>) {
  return db
    .selectFrom('proofs')
    .innerJoin('payments', 'payments.id', 'proofs.payment_id')
    .innerJoin('orders', 'orders.id', 'proofs.order_id')
    .innerJoin('services', 'services.id', 'orders.service_id')
    .innerJoin('users', 'users.id', 'orders.user_id')
    .leftJoinLateral(
      (eb) =>
        eb
          .selectFrom('facts')
          .select(['facts.state as said', 'facts.heard_at'])
          .whereRef('facts.payment_id', '=', 'proofs.payment_id')
          .where('facts.kind', '=', 'trade')
          // A person's word is no provider's.
          .where('facts.heard_by', '<>', 'proof')
          .orderBy('facts.id', 'desc')
          .limit(1)
          .as('heard'),
      (join) => join.onTrue(),
    )
    .selectAll('proofs')
    .select([
      'payments.method',
      'payments.amount_fen',
      'payments.trade_no',
      'orders.number',
      'services.name as service_name',
      'users.name as person',
      'users.phone_sealed',
      'heard.said',
      'heard.heard_at',
      doerName('proofs.decided_by').as('decided_by_name'),
    ])
}

type Row = Awaited<ReturnType<ReturnType<typeof proofRows>['execute']>>[number]

function consoleProof({ seal }: Parts, row: Row): ConsoleProof {
  if (!hasGateway(row.method)) throw new Error(`proof ${row.id} is of a payment without a provider`)
  return {
    id: row.id,
    state: row.state,
    paidFen: row.paid_fen,
    reason: row.reason,
    at: row.created_at.toISOString(),
    orderId: row.order_id,
    orderNumber: row.number,
    serviceName: row.service_name,
    person: row.person,
    phoneMasked: row.phone_sealed && maskPhone(String(seal.open(row.phone_sealed))),
    method: row.method,
    payableFen: row.amount_fen,
    transactionId: row.transaction_id,
    tradeNo: row.trade_no,
    pictureId: row.picture_id,
    flags: row.flags,
    gatewayState: row.said,
    gatewayAt: row.heard_at?.toISOString() ?? null,
    decidedBy: row.decided_by,
    decidedByName: row.decided_by_name,
    decidedAt: row.decided_at?.toISOString() ?? null,
  }
}
