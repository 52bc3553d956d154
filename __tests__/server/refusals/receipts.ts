/** Refusals of receipts: a row `refuses(endpoint, code, how)` each (setting.ts). */
import { ask, byId, heldOrder, mei, refuses } from './setting.ts'

export function receiptsRefusals(): void {
  refuses('putReceipt', 'not_found', () => ask(mei.token, 'putReceipt', byId()))
  refuses('putReceipt', 'not_paid', async () =>
    ask(mei.token, 'putReceipt', byId(await heldOrder(mei))),
  )
  refuses('getReceipt', 'not_found', () =>
    ask(null, 'getReceipt', { params: { code: '0123456789ABCDEF' } }),
  )
}
