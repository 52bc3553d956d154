/** Refusals of refunds and delivery info: a row `refuses(endpoint, code, how)` each (setting.ts). */
import { randomUUID } from 'node:crypto'
import type { Input } from '@jiyue/contract/schema/wire'
import { must } from '../../world.ts'
import { ask, byId, confirmed, db, mei, owner, refuses, registered } from './setting.ts'

const give = (orderId: string, changes: Partial<Input<'putRefund'>['body']> = {}, id?: string) =>
  ask(owner.token, 'putRefund', {
    ...byId(id),
    body: { orderId, amountFen: 1, note: '客户协商退款', ...changes },
  })
const retry = (id: string, way: Input<'retryRefund'>['body']['way'] = 'again') =>
  ask(owner.token, 'retryRefund', { ...byId(id), body: { way } })

const otherwise = (id: string) =>
  ask(owner.token, 'putOtherwise', {
    ...byId(id),
    body: { note: '已转账退还', evidence: '流水号 1' },
  })

/** A refund that we take for abnormal while WeChat never heard of it. */
async function unknownToWechat(): Promise<string> {
  const { id } = byId().params
  await give(await confirmed(mei), {}, id)
  await db()
    .updateTable('refunds')
    .set({ state: 'failed', failure: 'ABNORMAL' })
    .where('id', '=', id)
    .execute()
  return id
}

export function refundsRefusals(): void {
  refuses('putRefund', 'not_found', () => give(randomUUID()))
  refuses('putRefund', 'refund_id_reused', async () => {
    const { id } = byId().params
    const orderId = await confirmed(mei)
    await give(orderId, {}, id)
    return give(orderId, { amountFen: 2 }, id)
  })
  refuses('putRefund', 'not_paid', async () => give(await registered(mei)))
  refuses('putRefund', 'refund_too_much', async () => {
    const orderId = await confirmed(mei)
    const { payableFen } = await must(mei.call, 'getOrder', byId(orderId))
    return give(orderId, { amountFen: payableFen + 1 })
  })

  refuses('retryRefund', 'not_found', () => retry(randomUUID()))
  refuses('retryRefund', 'refund_state', async () => {
    const { id } = byId().params
    await give(await confirmed(mei), {}, id)
    return retry(id)
  })
  refuses('retryRefund', 'gateway_refused', async () =>
    retry(await unknownToWechat(), 'merchant_account'),
  )

  refuses('putOtherwise', 'not_found', () => otherwise(randomUUID()))
  refuses('putOtherwise', 'refund_state', async () => {
    const { id } = byId().params
    await give(await confirmed(mei), {}, id)
    return otherwise(id)
  })
  refuses('retryDelivery', 'not_found', () => ask(owner.token, 'retryDelivery', byId()))
}
