/** Many orders at once on one lane: for what has to be true of crowds. */
import type { Method } from '@jiyue/contract/payment'
import { begin, type History, hour, type PaymentIn, perform, type Step } from './history.ts'
import type { Lane } from './lane.ts'
import { book } from './steps/book.ts'

/** Index of the way in which a method's own mini-program pays (steps/open.ts). */
const OWN_WAY: Record<Method, number> = { wechat: 0, alipay: 1 }
const BESIDE = 6

/** `count` orders of one seat with an open payment each; the slot starts in three days. */
export async function openMany(lane: Lane, method: Method, count: number): Promise<History> {
  const slot = { startsIn: 72 * hour, cutoff: 0, capacity: 4 * count, moreFen: 0 }
  const h = await begin(lane, { service: 0, outage: false, slots: [slot] })
  h.mostOrders = 4 * count
  const steps = Array.from({ length: count }, (_, i) => book(h, 0, i, OWN_WAY[method], 'open'))
  await each(steps, (step) => perform(h, step as Step, undefined))
  return h
}

/** Does `work` for each item, a few side by side. */
export async function each<T>(items: readonly T[], work: (item: T) => Promise<unknown>) {
  const queue = [...items]
  const worker = async () => {
    for (let item = queue.shift(); item !== undefined; item = queue.shift()) await work(item)
  }
  await Promise.all(Array.from({ length: BESIDE }, worker))
}

/** The payer pays in the wallet; throws when it cannot be paid. */
export async function payNow({ lane }: History, payment: PaymentIn): Promise<void> {
  if (!payment.params || !(await lane.rails.pay(payment.params, 0)))
    throw new Error(`${payment.name} cannot be paid`)
}
