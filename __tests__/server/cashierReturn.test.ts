/** Coming back from a cashier (P1, P10): the provider is asked at once; the address proves nothing. */
import { randomUUID } from 'node:crypto'
import { sql } from 'kysely'
import { lecture } from '../../server/demo/world.ts'
import { newSlot } from '../races/setting.ts'
import { must, openWorld, type Person, registeredOrder, signIn, type World } from '../world.ts'

let world: World
let mei: Person
beforeAll(async () => {
  world = await openWorld()
  // Nobody tells us: what is known here is known by asking.
  expect(world.sandbox.admin.fault('alipay.notice', 'drop', null)).toBe(true)
  mei = await signIn(world)
  await sql`insert into rules values ('ordersPerUser', 1000)`.execute(world.database.db)
})
afterAll(() => world.close())

/** An open payment on Alipay's page for phones. */
async function opened() {
  const order = await registeredOrder(
    mei,
    await newSlot(world.database.db, { serviceId: lecture, capacity: 9 }),
  )
  const id = randomUUID()
  const returnPath = `/pages/payment/index?id=${order.id}&back=${id}`
  const { params } = await must(mei.call, 'createPayment', {
    params: { id: order.id },
    body: { id, method: 'alipay', scene: 'h5', returnPath },
  })
  if (params.way !== 'redirect') throw new Error(params.way)
  return { orderId: order.id, id, url: params.url }
}

/** Pays on the page as a browser does; answers where the page sends it back to. */
async function payOnPage(url: string): Promise<URL> {
  const html = await (await fetch(url)).text()
  const tradeNO = /name="tradeNO" value="([^"]+)"/.exec(html)?.[1] ?? ''
  const answer = await fetch(`${world.sandbox.url}/cashier/alipay`, {
    method: 'POST',
    body: new URLSearchParams({ tradeNO, outcome: 'pay' }),
    redirect: 'manual',
  })
  return new URL(answer.headers.get('location') ?? '')
}

const back = (id: string, query: string, person = mei) =>
  person.call('putReturn', { params: { id }, body: { query } })

const factsOf = (paymentId: string) =>
  world.database.db
    .selectFrom('facts')
    .select(['heard_by', 'state', 'verdict', 'reference'])
    .where('payment_id', '=', paymentId)
    .orderBy('id')
    .execute()

test('paid: the order is confirmed by the answer to this one request, and the way is noted', async () => {
  const { orderId, id, url } = await opened()
  const address = await payOnPage(url)
  expect(`${address.pathname}${address.search}`).toContain(
    `/pages/payment/index?id=${orderId}&back=${id}`,
  )
  const read = await back(id, address.search.slice(1))
  expect(read).toMatchObject({ ok: true, value: { id, state: 'succeeded' } })
  expect((await must(mei.call, 'getOrder', { params: { id: orderId } })).state).toBe('confirmed')
  const [fact] = await factsOf(id)
  expect(fact).toMatchObject({ heard_by: 'return', state: 'paid', verdict: 'confirmed' })
  expect(fact?.reference).toContain(`out_trade_no=${id.replaceAll('-', '')}`)
  expect(fact?.reference).not.toContain('sign')
})

test('an address that says 已支付 makes nothing paid', async () => {
  const { orderId, id } = await opened()
  const lie = `out_trade_no=${id.replaceAll('-', '')}&trade_status=TRADE_SUCCESS&total_amount=49.00`
  expect(await back(id, lie)).toMatchObject({ ok: true, value: { state: 'pending' } })
  expect((await must(mei.call, 'getOrder', { params: { id: orderId } })).state).toBe('registered')
})

test('coming back twice is hearing the same twice', async () => {
  const { orderId, id, url } = await opened()
  const { search } = await payOnPage(url)
  for (let i = 0; i < 2; i++) {
    expect(await back(id, search)).toMatchObject({ ok: true, value: { state: 'succeeded' } })
  }
  const { refunds, state } = await must(mei.call, 'getOrder', { params: { id: orderId } })
  expect([state, refunds]).toEqual(['confirmed', []])
})

test('another’s payment is not there', async () => {
  const { id } = await opened()
  const other = await signIn(world)
  expect(await back(id, '', other)).toMatchObject({ ok: false, code: 'not_found' })
})
