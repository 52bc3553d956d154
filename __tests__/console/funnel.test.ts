import { randomUUID } from 'node:crypto'
import type { Look } from '@jiyue/contract/schema/funnel'
import { cleaning, lecture } from '../../server/demo/world.ts'
import { caller, must, payAtCashier, registeredOrder, signIn, until } from '../world.ts'
import { bookable, type Desk, OPEN_MS, openDesk, shootBoth } from './desk.ts'

let desk: Desk
beforeAll(async () => {
  desk = await openDesk()
}, OPEN_MS)
afterAll(() => desk?.close())

type Told = Look extends infer L ? (L extends Look ? Omit<L, 'n' | 'agoMs'> : never) : never

/** A visit as a phone tells it. */
const visit = (...looks: Told[]) =>
  must(caller(desk.world.url), 'putLooks', {
    params: { id: randomUUID() },
    body: { looks: looks.map((look, n) => ({ ...look, n, agoMs: 0 }) as Look) },
  })

test('漏斗：没有访问时说明原因；同一批访问走到哪一步、停在哪一项，按服务展开，网址即视图', async () => {
  const page = await desk.signedIn('/funnel')
  await page.getByText('这段时间还没有访问，换一个时间范围看看').waitFor()
  await shootBoth(page, 'funnel-empty')

  const person = await signIn(desk.world)
  const slots = await bookable(desk.world, lecture)
  const seen = { kind: 'service', serviceId: lecture } as const
  const chosen = { kind: 'slot', serviceId: lecture } as const
  // One looks, one chooses, one stops in the form, one pays.
  await visit(seen, { kind: 'slots', serviceId: lecture })
  await visit(seen, chosen, { kind: 'service', serviceId: cleaning })
  const stopped = randomUUID()
  await must(person.call, 'putOrder', {
    params: { id: stopped },
    body: { slotId: slots[0]!.id, party: 1 },
  })
  await must(person.call, 'cancelOrder', { params: { id: stopped } })
  const of = (orderId: string) => ({ serviceId: lecture, orderId })
  await visit(
    seen,
    chosen,
    { kind: 'hold', ...of(stopped) },
    { kind: 'step', ...of(stopped), step: 0 },
    { kind: 'field', ...of(stopped), fieldId: 'name' },
    { kind: 'field', ...of(stopped), fieldId: 'idCard' },
  )
  const order = await registeredOrder(person, slots[1]!.id)
  const params = { id: order.id }
  await visit(
    seen,
    chosen,
    { kind: 'hold', ...of(order.id) },
    { kind: 'step', ...of(order.id), step: 0 },
  )
  const body = { id: randomUUID(), method: 'wechat', scene: 'weapp' } as const
  const payment = await must(person.call, 'createPayment', { params, body })
  await payAtCashier(desk.world, payment.params)
  await until('it is confirmed', async () => {
    return (await must(person.call, 'getOrder', { params })).state === 'confirmed'
  })

  await page.reload()
  const row = (name: RegExp) => page.getByRole('row', { name })
  await row(/^访问服务页 100% 4 — —$/).waitFor()
  await row(/^锁定名额 50% 2 66\.7% 1$/).waitFor()
  await row(/^缴费成功 25% 1 100% 0$/).waitFor()
  await row(/亲子沟通讲座 4 2/).waitFor()
  await shootBoth(page, 'funnel')

  // By keyboard into one service; the address is the view.
  const open = page.getByRole('button', { name: '亲子沟通讲座' })
  await open.focus()
  await page.keyboard.press('Enter')
  await row(/^身份证号 1 1 100%$/).waitFor()
  await row(/^姓名 1 0 0%$/).waitFor()
  expect(page.url()).toContain(`service=${lecture}`)
  await shootBoth(page, 'funnel-service')

  // From after to: put right.
  await page.goto(`${desk.world.url}/console/funnel?from=2099-01-01&to=2000-01-01`)
  await row(/^访问服务页 100% 4/).waitFor({ state: 'hidden' })
  await page.getByText('这段时间还没有访问，换一个时间范围看看').waitFor()
  await page.context().close()
})
