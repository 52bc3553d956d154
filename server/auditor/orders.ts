/** Money and states of orders, judged one by one from one picture of each. */
import { after, type Tx } from '../db/tx.ts'
import { readRules } from '../order/rules.ts'
import type { Parts } from '../parts.ts'
import { moneyOfNobody, picturesOf } from './auditor.sql.ts'
import { type FoundOf, keepFindings } from './findings.ts'
import { judge } from './judge.ts'

/** Looks at orders; those that are gone have nothing wrong but their seats. Answers how many it saw. */
export async function auditOrders(
  t: Tx,
  parts: Parts,
  ids: readonly string[],
  now: Date,
): Promise<number> {
  if (ids.length === 0) return 0
  const { cancelFeePercent } = await readRules(t)
  const pictures = await picturesOf(t, ids)
  const found = pictures.flatMap((order) =>
    judge(order, cancelFeePercent).map((one): FoundOf => ({ ...one, orderId: order.id })),
  )
  await keep(t, parts, { orders: ids }, found, now)
  return ids.length
}

/** Looks for money that names no payment of ours. */
export async function auditNobody(t: Tx, parts: Parts, now: Date): Promise<void> {
  const found = (await moneyOfNobody(t)).map(({ subject, fen }): FoundOf => {
    return { kind: 'fact_without_payment', subject, expected: { fen: 0 }, found: { fen } }
  })
  await keep(t, parts, 'nobody', found, now)
}

async function keep(
  t: Tx,
  parts: Parts,
  looked: Parameters<typeof keepFindings>[1],
  found: readonly FoundOf[],
  now: Date,
): Promise<void> {
  const news = await keepFindings(t, looked, found, now)
  if (news === 0) return
  const about = found.map(({ kind, subject }) => ({ kind, subject }))
  parts.log.error({ about }, 'books and the auditor’s own sums differ')
  after(t, () => parts.bus.changed({ topics: ['console'] }))
}
