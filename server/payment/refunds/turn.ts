/**
 * A refund's turn (P11). Asking the provider for the money and paying it back otherwise must not happen
 * beside each other, and no transaction is open while a provider is asked: so whoever does either has
 * the turn, written in the row. A process that dies with it gives it back by time.
 */
import { minuteMs } from '@jiyue/contract/time'
import type { Parts } from '../../parts.ts'

/** Far longer than all tries of one call to a provider take (platforms/exchange.ts). */
const TURN_MINUTES = 2

/**
 * Does `work` with the refund's turn, while its state is one of `states`; undefined where somebody
 * else has it, or it is in another state by now.
 */
export async function withTurn<T>(
  { db, now }: Parts,
  refundId: string,
  states: readonly ('requested' | 'failed')[],
  work: () => Promise<T>,
): Promise<T | undefined> {
  const at = now()
  const until = new Date(at.getTime() + TURN_MINUTES * minuteMs)
  const taken = await db
    .updateTable('refunds')
    .set({ asking_until: until })
    .where('id', '=', refundId)
    .where('state', 'in', states)
    .where((where) =>
      where.or([where('asking_until', 'is', null), where('asking_until', '<=', at)]),
    )
    .returning('id')
    .executeTakeFirst()
  if (!taken) return undefined
  const done = await work()
  // Not where it failed: nobody knows then whether the provider was asked.
  await db
    .updateTable('refunds')
    .set({ asking_until: null })
    .where('id', '=', refundId)
    .where('asking_until', '=', until)
    .execute()
  return done
}
