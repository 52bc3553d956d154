import type { ConsoleOrder } from '@jiyue/contract/schema/wire'

/** What makes a row worth a glow when it differs: its state or its money. */
export function markOf({ state, payment, refundedFen, payableFen }: ConsoleOrder): string {
  return [state, payment?.state, refundedFen, payableFen].join(' ')
}
