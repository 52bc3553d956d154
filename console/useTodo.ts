import { useAsk } from './asking.ts'
import { useWhyNoRight } from './useWhyNoRight.ts'

/** How much of what only a person can do waits, by kind. */
export interface TodoCounts {
  proofs: number
  differences: number
  refunds: number
  /** Asked for again by themselves, but the cause wants a person: the merchant's account is empty. */
  refundsStuck: number
  deliveries: number
}

/**
 * What waits for a person, in numbers; `unanswered` are the questions that failed. Lists answer
 * 50 a page: more than that counts as 50 here, and the list itself shows the rest.
 */
export function useTodo() {
  // What a person may not read does not wait for them.
  const enabled = useWhyNoRight('money') === null
  const proofs = useAsk('listProofs', { query: { state: 'submitted' } }, { enabled })
  const differences = useAsk('listDifferences', { query: { state: 'open' } }, { enabled })
  const failed = useAsk('listRefunds', { query: { state: 'failed' } })
  const underWay = useAsk('listRefunds', { query: { state: 'requested' } })
  const deliveries = useAsk('listDeliveries', {})
  const counts: TodoCounts = {
    proofs: proofs.data?.waiting ?? 0,
    differences: differences.data?.open ?? 0,
    refunds: failed.data?.refunds.length ?? 0,
    refundsStuck: underWay.data?.refunds.filter(({ ways }) => ways.length > 0).length ?? 0,
    deliveries: deliveries.data?.deliveries.filter(({ late }) => late).length ?? 0,
  }
  const asked = [proofs, differences, failed, underWay, deliveries]
  return { counts, unanswered: asked.filter(({ error }) => error !== null) }
}
