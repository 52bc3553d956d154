/**
 * Notices that never come (P10, X2), over the sandbox's wire in virtual time: queries find every
 * payment within ten minutes, whenever it was paid; and one late notice is enough without queries.
 */
import { type Method, methods } from '@jiyue/contract/payment'
import { makeRandom } from '../../sandbox/random.ts'
import { askDue } from '../../server/sweep/sweep.ts'
import { openMany, payNow } from './crowd.ts'
import { nextDue } from './due.ts'
import { type History, minute, type PaymentIn, second } from './history.ts'
import { type Lane, openLane } from './lane.ts'
import { type WireRails, wirePeople, wireRails } from './wire.ts'

jest.setTimeout(300_000)

let lane: Lane
beforeAll(async () => {
  lane = await openLane({ rails: wireRails, people: wirePeople })
})
afterAll(() => lane.close())

const admin = () => (lane.rails as WireRails).sandbox.admin
const now = () => lane.time.now().getTime()

/** The clock moves; what providers had to do by then is done. */
async function goTo(at: number): Promise<void> {
  await lane.time.moveTo(lane.db, at)
  await lane.rails.settle()
}

async function confirmedAt(payment: PaymentIn): Promise<number | null> {
  const { confirmed_at } = await lane.db
    .selectFrom('orders')
    .select('confirmed_at')
    .where('id', '=', payment.order.id)
    .executeTakeFirstOrThrow()
  return confirmed_at?.getTime() ?? null
}

/** Every turn of the queries' schedule, and a payment a second after it. */
const AFTER_A_QUERY = [5, 30, 60, 180, 300, 600, 900, 1200, 1500].map((s) => (s + 1) * second)
/** The last second of the payment clock, and the last five. */
const AT_THE_END = [1, 2, 5].map((s) => 30 * minute - s * second)

/** Instants after the opening at which somebody pays. */
function payTimes(count: number, seed: number): number[] {
  const next = makeRandom(seed)
  const others = count - AFTER_A_QUERY.length - AT_THE_END.length - 1
  const anywhere = Array.from({ length: others }, () => Math.floor(next() * 30 * 60) * second)
  return [0, ...AFTER_A_QUERY, ...AT_THE_END, ...anywhere]
}

/** Lets people pay at their times and the sweep ask at its own, until nothing is due. */
async function liveThrough(h: History, times: readonly number[]): Promise<void> {
  const began = now()
  const payers = h.payments
    .map((payment, i) => ({ payment, at: began + (times[i] as number) }))
    .sort((a, b) => a.at - b.at)
  for (;;) {
    const ask = (await nextDue(h)).ask?.getTime()
    const payer = payers[0]
    if (payer && payer.at <= (ask ?? Number.POSITIVE_INFINITY)) {
      await goTo(payer.at)
      await payNow(h, payer.payment)
      payers.shift()
    } else if (ask !== undefined) {
      await goTo(ask)
      while ((await askDue(lane.parts())) > 0);
    } else return
  }
}

test.each(methods)(
  '%s: with every notice lost, every payment is confirmed within 10 minutes, whenever it was made',
  async (method) => {
    const h = await openMany(lane, method, 60)
    admin().fault(`${method}.notice`, 'drop', null)
    await liveThrough(h, payTimes(h.payments.length, 7))
    const names = new Set(h.payments.map(({ tradeNo }) => tradeNo))
    expect(lane.rails.mail().filter(({ tradeNo }) => names.has(tradeNo))).toEqual([])
    const delays: number[] = []
    for (const payment of h.payments) {
      const paidAt = lane.rails.trade(method, payment.tradeNo)?.paidAt as number
      const confirmed = await confirmedAt(payment)
      expect(confirmed).not.toBeNull()
      delays.push((confirmed as number) - paidAt)
    }
    expect(Math.min(...delays)).toBeGreaterThanOrEqual(0)
    expect(Math.max(...delays)).toBeLessThan(10 * minute)
    const { n } = await lane.db
      .selectFrom('facts')
      .select(({ fn }) => fn.countAll<number>().as('n'))
      .where('heard_by', '=', 'query')
      .where('verdict', '=', 'confirmed')
      .where(
        'payment_id',
        'in',
        h.payments.map(({ id }) => id),
      )
      .executeTakeFirstOrThrow()
    expect(n).toBe(h.payments.length)
  },
)

/** How many tries of a notice are lost so that the next one comes after exactly 14 minutes. */
const LOST: Record<Method, number> = { wechat: 5, alipay: 2 }

/** A paid order whose first notices are lost; the platform keeps to its own schedule. */
async function paidWithLostNotices(method: Method) {
  const h = await openMany(lane, method, 1)
  const payment = h.payments[0] as PaymentIn
  admin().fault(`${method}.notice`, 'drop', LOST[method], { only: payment.tradeNo })
  const paidAt = now()
  await payNow(h, payment)
  await lane.rails.settle()
  const notice = admin().notices()[0] as { id: string }
  const letters = () => lane.rails.mail().filter(({ tradeNo }) => tradeNo === payment.tradeNo)
  return { h, payment, paidAt, notice, letters }
}

describe.each(methods)('%s: the first notices are lost', (method) => {
  test('without any query the one that comes after 14 minutes confirms alone', async () => {
    const { payment, paidAt, notice, letters } = await paidWithLostNotices(method)
    for (let tries = 1; tries <= LOST[method]; tries++) {
      expect(letters()).toEqual([])
      await goTo(admin().nextAt(notice.id) as number)
    }
    expect(now() - paidAt).toBe(14 * minute)
    expect(letters()).toHaveLength(1)
    expect(await confirmedAt(payment)).toBeNull()
    await letters()[0]?.deliver(lane.parts())
    expect(await confirmedAt(payment)).toBe(now())
  })

  test('with queries it is confirmed long before', async () => {
    const { h, payment, paidAt, notice, letters } = await paidWithLostNotices(method)
    while ((await confirmedAt(payment)) === null) {
      const ask = (await nextDue(h)).ask?.getTime() as number
      const retry = admin().nextAt(notice.id) as number
      await goTo(Math.min(ask, retry))
      if (ask <= retry) await askDue(lane.parts())
    }
    expect(now() - paidAt).toBeLessThan(minute)
    expect(letters()).toEqual([])
  })
})
