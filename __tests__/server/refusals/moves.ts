/** Refusals of moves: a row `refuses(endpoint, code, how)` each (setting.ts). */
import { randomUUID } from 'node:crypto'
import { type EndpointName, endpoints } from '@jiyue/contract/api'
import type { RefusalCode } from '@jiyue/contract/refusals'
import type { Input } from '@jiyue/contract/schema/wire'
import { sql } from 'kysely'
import { cleaning, loft, staff, venue } from '../../../server/demo/world.ts'
import { newSlot } from '../../races/setting.ts'
import { lectureAnswers, must, signIn } from '../../world.ts'
import {
  askMove,
  type Booked,
  booked,
  hearPaid,
  openPayment,
  type PricedSlot,
  paying as payingMove,
  pricedSlot,
} from '../moving.ts'
import {
  ask,
  byId,
  cancelled,
  db,
  expectRefusal,
  mei,
  type Refusing,
  refuses,
  registered,
  submit,
  take,
  world,
} from './setting.ts'

/** An order and a slot it may not go to; who asks is the order's person. */
interface Wish {
  token: string
  orderId: string
  slotId: string
}

const quote = ({ token, orderId, slotId }: Wish) =>
  ask(token, 'getMoveQuote', { ...byId(orderId), query: { slotId } })

const put = (
  { token, orderId, slotId }: Wish,
  more: Partial<Input<'putMove'>['body']> = {},
  id: string = randomUUID(),
) =>
  ask(token, 'putMove', {
    ...byId(id),
    body: { orderId, slotId, dueFen: 0, refundFen: 0, ...more },
  })

const wishOf = ({ person, order }: Pick<Booked, 'person' | 'order'>, slotId: string): Wish => ({
  token: person.token,
  orderId: order.id,
  slotId,
})

/** A confirmed order of two that wants into a slot. */
const wanting = async (slotId: string) => wishOf(await booked(world, { party: 2 }), slotId)

/** What a slot says no for, each with its one reason. */
const noSlots: Partial<Record<RefusalCode, () => Promise<Wish>>> = {
  slot_same: async () => {
    const one = await booked(world)
    return wishOf(one, one.slot)
  },
  slot_gone: () => wanting(randomUUID()),
  slot_past: async () => wanting(await pricedSlot(world, { startsIn: -1 })),
  slot_closed: async () => wanting(await closed()),
  slot_checking: async () => wanting(await checking()),
  staff_busy: async () => wanting(await busy()),
  room_busy: async () => wanting(await busy(9, { roomId: loft })),
  slot_full: async () => wanting(await full(1)),
  party_too_large: async () => wanting(await pricedSlot(world, { capacity: 1 })),
  already_registered: sameFaceThere,
}

async function closed(of: PricedSlot = {}): Promise<string> {
  const id = await pricedSlot(world, of)
  await sql`update slots set closed_reason = '讲师请假' where id = ${id}`.execute(db())
  return id
}

async function checking(): Promise<string> {
  const id = await pricedSlot(world)
  await sql`update slots set checking_since = now() where id = ${id}`.execute(db())
  return id
}

async function full(capacity: number): Promise<string> {
  const id = await pricedSlot(world, { capacity })
  await take(await signIn(world), id, capacity)
  return id
}

const twice = staff.find((one) => one.serviceIds.length === 2)?.id as string
let hours = 30
/** A slot whose staff member, or room, another service has at that hour. */
async function busy(
  capacity = 9,
  resource: Pick<PricedSlot, 'staffId' | 'roomId'> = { staffId: twice },
): Promise<string> {
  hours += 5
  const other = await newSlot(db(), {
    serviceId: venue,
    capacity: 60,
    ...resource,
    startsIn: hours,
  })
  await take(await signIn(world), other, 8)
  return pricedSlot(world, { capacity, ...resource, startsIn: hours + 1 })
}

/** An order that would meet its own phone and ID in the other slot. */
async function sameFaceThere(): Promise<Wish> {
  const answers = lectureAnswers()
  const slots = [await pricedSlot(world), await pricedSlot(world, { capacity: 5 })]
  const orders = []
  for (const slotId of slots) {
    const person = await signIn(world)
    const { params } = byId()
    await must(person.call, 'putOrder', { params, body: { slotId, party: 1 } })
    expect((await submit(person, params.id, answers)).status).toBe(200)
    orders.push({ person, orderId: params.id })
  }
  const [{ person, orderId }] = orders as [(typeof orders)[0]]
  await hearPaid(world, (await openPayment(person, orderId)).id)
  return { token: person.token, orderId, slotId: slots[1] as string }
}

export function movesRefusals(): void {
  for (const [code, how] of Object.entries(noSlots) as [RefusalCode, () => Promise<Wish>][]) {
    refuses('getMoveQuote', code, async () => quote(await how()))
    refuses('putMove', code, async () => put(await how()))
  }

  const someSlot = () => pricedSlot(world)
  const mine = async (orderId: string): Promise<Wish> => ({
    token: mei.token,
    orderId,
    slotId: await someSlot(),
  })
  refuses('getMoveQuote', 'not_found', async () => quote(await mine(randomUUID())))
  refuses('getMoveQuote', 'order_state', async () => quote(await mine(await registered(mei))))
  refuses('putMove', 'not_found', async () => put(await mine(randomUUID())))
  refuses('putMove', 'order_state', async () => put(await mine(await cancelled(mei))))
  refuses('putMove', 'move_id_reused', async () => {
    const one = await booked(world)
    const { move } = await askMove(one, await someSlot())
    return put(wishOf(one, await someSlot()), {}, move.id)
  })
  refuses('putMove', 'payment_pending', async () => put(wishOf(await silent(), await someSlot())))
  refuses('putMove', 'price_changed', async () =>
    put(wishOf(await booked(world), await someSlot()), { refundFen: 1 }),
  )
  refuses('deleteMove', 'not_found', () => ask(mei.token, 'deleteMove', byId()))
  refuses('deleteMove', 'payment_pending', async () => {
    const { person, move } = await silent()
    return ask(person.token, 'deleteMove', byId(move.id))
  })
  refuses('deleteMove', 'order_state', async () => {
    const one = await booked(world)
    const { move } = await askMove(one, await someSlot())
    return ask(one.person.token, 'deleteMove', byId(move.id))
  })

  test.each(precedence)('%s: %s before %s', async (name, first, second, how) => {
    const declared = endpoints[name].refusals as readonly RefusalCode[]
    expect(declared.indexOf(first)).toBeLessThan(declared.indexOf(second))
    expectRefusal(await how(), first)
  })

  test('a payment for no move, for somebody else’s, or for one that is over', async () => {
    const one = await booked(world)
    const other = await payingMove(world)
    const payFor = (moveId: string) =>
      ask(one.person.token, 'createPayment', {
        ...byId(one.order.id),
        body: { id: randomUUID(), method: 'wechat', scene: 'weapp', moveId },
      })
    expectRefusal(await payFor(randomUUID()), 'not_found')
    expectRefusal(await payFor(other.move.id), 'not_found')
    const { move } = await askMove(one, await pricedSlot(world, { priceFen: 9900 }))
    await must(one.person.call, 'deleteMove', byId(move.id))
    expectRefusal(await payFor(move.id), 'order_state')
  })
}

/** An order whose open move is being paid, at a provider that does not answer. */
async function silent() {
  const one = await payingMove(world)
  world.sandbox.admin.fault('wechat.close', 'status500', null)
  return one
}

/** Where two apply, the earlier in the contract answers. */
const precedence: [EndpointName, RefusalCode, RefusalCode, () => Promise<Refusing>][] = [
  [
    'putMove',
    'move_id_reused',
    'order_state',
    async () => {
      const one = await booked(world)
      const { move } = await askMove(one, await pricedSlot(world))
      await must(one.person.call, 'cancelOrder', byId(one.order.id))
      return put(wishOf(one, one.slot), {}, move.id)
    },
  ],
  [
    'putMove',
    'order_state',
    'slot_same',
    async () => {
      const one = await booked(world)
      await must(one.person.call, 'cancelOrder', byId(one.order.id))
      return put(wishOf(one, one.slot))
    },
  ],
  [
    'putMove',
    'payment_pending',
    'slot_same',
    async () => {
      const one = await silent()
      return put(wishOf(one, one.slot))
    },
  ],
  [
    'putMove',
    'slot_same',
    'slot_closed',
    async () => {
      const one = await booked(world)
      await sql`update slots set closed_reason = '讲师请假' where id = ${one.slot}`.execute(db())
      return put(wishOf(one, one.slot))
    },
  ],
  [
    'getMoveQuote',
    'slot_gone',
    'slot_past',
    async () =>
      quote(await wanting(await newSlot(db(), { serviceId: cleaning, capacity: 1, startsIn: -1 }))),
  ],
  [
    'putMove',
    'slot_past',
    'slot_closed',
    async () => put(await wanting(await closed({ startsIn: -1 }))),
  ],
  ['putMove', 'staff_busy', 'party_too_large', async () => put(await wanting(await busy(1)))],
  [
    'putMove',
    'room_busy',
    'party_too_large',
    async () => put(await wanting(await busy(1, { roomId: loft }))),
  ],
  ['putMove', 'slot_full', 'party_too_large', async () => put(await wanting(await full(1)))],
  [
    'putMove',
    'party_too_large',
    'already_registered',
    async () => {
      const wish = await sameFaceThere()
      await sql`update slots set capacity = 2 where id = ${wish.slotId}`.execute(db())
      await sql`update orders set party = 2 where id = ${wish.orderId}`.execute(db())
      await sql`update slots set taken = 2 where id = (select slot_id from orders
        where id = ${wish.orderId})`.execute(db())
      return put(wish)
    },
  ],
  [
    'putMove',
    'slot_full',
    'price_changed',
    async () => put(await wanting(await full(2)), { dueFen: 1 }),
  ],
]
