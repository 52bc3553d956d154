/** Refusals of bills: a row `refuses(endpoint, code, how)` each (setting.ts). */
import { randomUUID } from 'node:crypto'
import { addDays, dayOf } from '@jiyue/contract/time'
import { ask, byId, db, owner, refuses, world } from './setting.ts'

const daysAgo = (count: number) => addDays(dayOf(Date.now()), -count)
const bill = (day: string) => ask(owner.token, 'putBill', { params: { method: 'wechat', day } })
const resolve = (id: string) =>
  ask(owner.token, 'putResolution', { ...byId(id), body: { note: '已与支付平台核对' } })

async function resolvedDifference(): Promise<string> {
  const id = randomUUID()
  const now = new Date()
  await db()
    .insertInto('differences')
    .values({
      id,
      method: 'wechat',
      day: daysAgo(1),
      kind: 'theirs_only',
      about: 'trade',
      trade_no: id,
      refund_no: null,
      payment_id: null,
      refund_id: null,
      ours_fen: null,
      theirs_fen: 1,
      ours_state: null,
      theirs_state: 'succeeded',
      state: 'resolved',
      resolution: '已退回',
      by: 'merchant:x',
      found_at: now,
      resolved_at: now,
    })
    .execute()
  return id
}

export function billsRefusals(): void {
  refuses('putBill', 'bill_not_ready', () => bill(daysAgo(0)))
  refuses('putBill', 'bill_not_ready', async () => {
    world.sandbox.admin.fault('wechat.bill', 'creating')
    return bill(daysAgo(1))
  })
  refuses('putBill', 'gateway_refused', async () => {
    world.sandbox.admin.fault('wechat.bill', 'status500', null)
    return bill(daysAgo(1))
  })
  refuses('putBill', 'malformed', () => bill(daysAgo(93)))
  refuses('getReconciliation', 'malformed', () =>
    ask(owner.token, 'getReconciliation', {
      query: { from: '2026-10-02', to: '2026-10-01', per: 'day' },
    }),
  )
  refuses('getReconciliation', 'malformed', () =>
    ask(owner.token, 'getReconciliation', {
      query: { from: '2020-01-01', to: '2026-10-01', per: 'month' },
    }),
  )
  refuses('listBills', 'malformed', () =>
    ask(owner.token, 'listBills', { query: { from: '2026-01-01', to: '2026-04-03' } }),
  )
  refuses('putResolution', 'not_found', () => resolve(randomUUID()))
  refuses('putResolution', 'difference_resolved', async () => resolve(await resolvedDifference()))
}
