/**
 * Providers whose answers get lost after the work was done (P10, P11, X2), over the sandbox's wire:
 * whatever is repeated because of it, nobody pays twice and nothing goes back twice.
 */
import { type Method, methods } from '@jiyue/contract/payment'
import { makeRandom } from '../../sandbox/random.ts'
import { booksOf, checkBooks, checkKnown } from './checks.ts'
import { each, openMany, payNow } from './crowd.ts'
import { type History, type PaymentIn, perform, type Step } from './history.ts'
import { type Lane, openLane } from './lane.ts'
import { toRest, toTheEnd } from './rest.ts'
import { byHand, cancel } from './steps/end.ts'
import { open, openAgain, payableOf } from './steps/open.ts'
import { type WireRails, wirePeople, wireRails } from './wire.ts'

jest.setTimeout(300_000)

let lane: Lane
beforeAll(async () => {
  lane = await openLane({ rails: wireRails, people: wirePeople })
})
afterAll(() => lane.close())
beforeEach(() => lane.wipe())

const CALLS: Record<Method, string[]> = {
  wechat: ['order', 'query', 'close', 'refund', 'refundQuery'].map((call) => `wechat.${call}`),
  alipay: ['create', 'query', 'close', 'refund', 'fastpay.refund.query'].map(
    (call) => `alipay.trade.${call}`,
  ),
}

function loseAnswers(method: Method, rate: number): void {
  const { admin } = (lane.rails as WireRails).sandbox
  for (const [i, call] of CALLS[method].entries())
    if (!admin.fault(call, 'dropAfterCommit', null, { rate, seed: i + 1 })) throw new Error(call)
}

/** How many answers were really lost. */
function lostAnswers(): number {
  const { admin } = (lane.rails as WireRails).sandbox
  return admin.faults().reduce((sum, { struck }) => sum + struck, 0)
}

const always = (step: Step | null) => {
  if (!step) throw new Error('there is nothing to do it with')
  return step
}

/** A step is repeated as a person would, until `done`. */
async function persist(h: History, step: () => Step | null, done: () => boolean): Promise<void> {
  for (let tries = 0; !done(); tries++) {
    if (tries === 20) throw new Error(h.story.slice(-20).join('\n'))
    await perform(h, always(step()), undefined)
  }
}

/** Each third person changes the method's trade for a new one first; the old one must be closed. */
async function openAll(h: History): Promise<PaymentIn[]> {
  const chosen: PaymentIn[] = []
  const first = [...h.payments]
  const again = (payment: PaymentIn) => () => openAgain(h, h.payments.indexOf(payment))
  await each(first, async (payment) => {
    const index = first.indexOf(payment)
    await persist(h, again(payment), () => payment.params !== null)
    if (index % 3 !== 0) return void chosen.push(payment)
    const { order } = payment
    await persist(
      h,
      () => open(h, h.orders.indexOf(order), index % 2),
      () => order.payments.at(-1) !== payment && order.payments.at(-1)?.params !== null,
    )
    chosen.push(order.payments.at(-1) as PaymentIn)
    if (payableOf(h, order).length !== 1) throw new Error(`${order.name} can be paid twice`)
  })
  return chosen
}

/** Notices come not at all, once or twice. */
async function deliverSome(h: History, seed: number): Promise<void> {
  const next = makeRandom(seed)
  const names = new Set(h.payments.map(({ tradeNo }) => tradeNo))
  const letters = lane.rails.mail().filter(({ tradeNo }) => names.has(tradeNo))
  await each(letters, async (letter) => {
    for (let times = Math.floor(next() * 3); times > 0; times--) await letter.deliver(lane.parts())
  })
}

describe.each(methods)('%s', (method) => {
  test.each([
    ['5 %', 0.05, 300, 100],
    ['half', 0.5, 40, 20],
  ])(
    'with %s of the answers lost each order is paid once and each refund given once',
    async (_, rate, payments, refunds) => {
      const h = await openMany(lane, method, payments)
      loseAnswers(method, rate)
      const chosen = await openAll(h)
      await each(chosen, (payment) => payNow(h, payment))
      await lane.rails.settle()
      await deliverSome(h, payments)
      await toRest(h)
      // Each fifth of those who get money back gets a part of it by hand, the others cancel.
      const back = h.orders.slice(0, refunds)
      await each(back, async (order) => {
        const index = h.orders.indexOf(order)
        const step = index % 5 === 0 ? byHand(h, index, index % 3) : cancel(h, index)
        await perform(h, always(step), undefined)
      })
      await toRest(h)
      const books = await booksOf(h)
      checkKnown(h, books)
      checkBooks(h, books)
      if (await toTheEnd(h)) await toRest(h)
      checkBooks(h, await booksOf(h))
      expect([...h.wrongs, ...lane.errors()]).toEqual([])
      expect(lostAnswers()).toBeGreaterThan(rate * payments)
      expect(summary(h)).toEqual({ paid: payments, back: refunds })
    },
  )
})

/** What the provider has of it: trades paid, refunds given. */
function summary(h: History) {
  const trades = h.payments.map(({ method, tradeNo }) => lane.rails.trade(method, tradeNo))
  const given = trades.flatMap((trade) => trade?.refunds ?? [])
  return {
    paid: trades.filter((trade) => (trade?.paidFen ?? null) !== null).length,
    back: given.filter(({ state }) => state === 'succeeded').length,
  }
}
