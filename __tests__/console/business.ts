/** What stories that walk through the whole console stand on: empty pages would prove little. */
import { randomUUID } from 'node:crypto'
import type { Order } from '@jiyue/contract/schema/wire'
import { lecture } from '../../server/demo/world.ts'
import { caller, must, payAtCashier, registeredOrder, signIn, until, type World } from '../world.ts'
import { bookable } from './desk.ts'

/** What somebody complained about. */
export const told = '老师迟到了十分钟'

/** A look, a hold, an order that waits for its money, and one that is paid, with a complaint: answers that one. */
export async function someBusiness(world: World): Promise<Order> {
  const person = await signIn(world)
  const [first, second, third] = await bookable(world, lecture)
  const looks = [{ n: 0, agoMs: 0, serviceId: lecture, kind: 'service' as const }]
  await must(caller(world.url), 'putLooks', { params: { id: randomUUID() }, body: { looks } })
  const body = { slotId: first!.id, party: 1 }
  await must(person.call, 'putOrder', { params: { id: randomUUID() }, body })
  await registeredOrder(person, second!.id)
  const paid = await registeredOrder(person, third!.id)
  const params = { id: paid.id }
  const payment = await must(person.call, 'createPayment', {
    params,
    body: { id: randomUUID(), method: 'wechat', scene: 'weapp' },
  })
  await payAtCashier(world, payment.params)
  await until('it is confirmed', async () => {
    return (await must(person.call, 'getOrder', { params })).state === 'confirmed'
  })
  await must(person.call, 'putFeedback', {
    params: { id: randomUUID() },
    body: {
      kind: 'complaint',
      text: told,
      pictureIds: [],
      orderId: paid.id,
      phone: null,
      page: '/pages/order/index',
    },
  })
  return paid
}

/** Pages inside pages of the menu that have a screen of their own. */
export const inside = [
  '/payment/reconciliation',
  '/payment/bills',
  '/payment/refunds',
  '/payment/proofs',
  '/payment/deliveries',
  '/settings?tab=rules',
  '/settings?tab=promotions',
  '/settings?tab=wording',
  '/booking?by=staff',
  '/disruptions/new',
  `/forms/${lecture}`,
  `/funnel?service=${lecture}`,
  '/feedback-causes',
  '/me',
]
