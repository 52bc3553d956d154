/**
 * Money after we closed its payment (P10). An Alipay address in a browser becomes a trade only when
 * it is opened, so that closing one that nobody opened closes nothing at the provider.
 */
import { randomUUID } from 'node:crypto'
import { lecture } from '../../server/demo/world.ts'
import { askDue } from '../../server/sweep/sweep.ts'
import { newSlot } from '../races/setting.ts'
import { must, openWorld, registeredOrder, signIn, type World } from '../world.ts'

let world: World
beforeAll(async () => {
  world = await openWorld()
})
afterAll(() => world.close())

/** A cancelled order whose payer kept the address of the cashier. */
async function cancelledWithAddress() {
  const slot = await newSlot(world.database.db, { serviceId: lecture, capacity: 1 })
  const person = await signIn(world)
  const order = await registeredOrder(person, slot)
  const payment = await must(person.call, 'createPayment', {
    params: { id: order.id },
    body: { id: randomUUID(), method: 'alipay', scene: 'h5', returnPath: '/' },
  })
  await must(person.call, 'cancelOrder', { params: { id: order.id } })
  if (payment.params.way !== 'redirect') throw new Error(payment.params.way)
  return { id: payment.id, url: payment.params.url }
}

/** Opens the address as a browser does: from now on Alipay has a trade of it. */
async function openCashier(url: string): Promise<string> {
  const page = await (await fetch(url)).text()
  const tradeNo = /name="tradeNO" value="(\d+)"/.exec(page)?.[1]
  if (!tradeNo) throw new Error('the cashier did not open')
  return tradeNo
}

const payments = () => world.database.db.updateTable('payments')

/** Lets a payment be due to be asked about, as it is by its schedule; `over`: after its end. */
async function askAbout(id: string, over = false) {
  const ended = { expires_at: new Date(Date.now() - 1) }
  await payments()
    .set({ ask_at: new Date(), ...(over && ended) })
    .where('id', '=', id)
    .where('ask_at', 'is not', null)
    .execute()
  await askDue(world.parts)
  return world.database.db
    .selectFrom('payments')
    .select(['state', 'ask_at'])
    .where('id', '=', id)
    .executeTakeFirstOrThrow()
}

test('paid by a kept address, the notice lost: the money is found and goes back', async () => {
  const { id, url } = await cancelledWithAddress()
  expect(world.sandbox.admin.fault('alipay.notice', 'drop', null)).toBe(true)
  const tradeNo = await openCashier(url)
  await fetch(`${new URL(url).origin}/cashier/alipay/pay`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ tradeNO: tradeNo, outcome: 'pay' }),
  })
  expect((await askAbout(id)).state).toBe('succeeded')
  const refunds = await world.database.db
    .selectFrom('refunds')
    .select('reason')
    .where('payment_id', '=', id)
    .execute()
  expect(refunds).toEqual([{ reason: 'slot_gone' }])
  world.sandbox.admin.clearFaults()
})

test('a kept address that is opened is closed at the provider, and asked about no more', async () => {
  const { id, url } = await cancelledWithAddress()
  await openCashier(url)
  await askAbout(id)
  expect(await (await fetch(url)).text()).toContain('ACQ.TRADE_HAS_CLOSE')
  expect(await askAbout(id)).toEqual({ state: 'closed', ask_at: null })
})

test('an address nobody opened is asked about until its time is over, and then no more', async () => {
  const { id } = await cancelledWithAddress()
  expect((await askAbout(id)).ask_at).not.toBeNull()
  expect(await askAbout(id, true)).toEqual({ state: 'closed', ask_at: null })
})
