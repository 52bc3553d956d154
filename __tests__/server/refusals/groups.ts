/** Refusals of a party over several slots (B6): one part is refused, so all are. */
import { randomUUID } from 'node:crypto'
import { sql } from 'kysely'
import { lecture, loft, staff, venue } from '../../../server/demo/world.ts'
import { newSlot, type SlotOf } from '../../races/setting.ts'
import { must, type Person, signIn } from '../../world.ts'
import { atPeak, beyondTheMost } from './queue.ts'
import { ask, db, heldOrder, mei, type Refusing, refuses, world } from './setting.ts'
import { fullSlot, ruled } from './waits.ts'

const freeSlot = (of: Partial<SlotOf> = {}) =>
  newSlot(db(), { serviceId: lecture, capacity: 9, ...of })

/** A free slot and this one. */
async function together(person: Person, slotId: string, party = 1, id: string = randomUUID()) {
  const free = { id: randomUUID(), slotId: await freeSlot({ startsIn: 260 }), party: 1 }
  return ask(person.token, 'putOrders', { body: { orders: [free, { id, slotId, party }] } })
}

const twoHalls = (person: Person, slotId: string): Promise<Refusing> =>
  ask(person.token, 'putOrders', {
    body: { orders: [8, 8].map((party) => ({ id: randomUUID(), slotId, party })) },
  })

/** A slot whose person or room is taken at that hour. */
async function taken(by: Partial<SlotOf>): Promise<string> {
  await fullSlot({ ...by, startsIn: 330, capacity: 2 })
  return freeSlot({ ...by, startsIn: 331 })
}

export function groupRefusals(): void {
  refuses('putOrders', 'order_id_reused', async () =>
    together(mei, await freeSlot(), 1, await heldOrder(mei)),
  )
  refuses('putOrders', 'queued', () => atPeak(twoHalls))
  refuses('putOrders', 'too_busy', () => atPeak(beyondTheMost(twoHalls)))
  refuses('putOrders', 'slot_gone', () => together(mei, randomUUID()))
  refuses('putOrders', 'slot_past', async () => together(mei, await freeSlot({ startsIn: -1 })))
  refuses('putOrders', 'slot_closed', async () => {
    const slot = await freeSlot()
    await sql`update slots set closed_reason = '维护' where id = ${slot}`.execute(db())
    return together(mei, slot)
  })
  refuses('putOrders', 'slot_checking', async () => {
    const slot = await freeSlot()
    await sql`update slots set checking_since = now() where id = ${slot}`.execute(db())
    return together(mei, slot)
  })
  refuses('putOrders', 'party_invalid', async () => together(mei, await freeSlot(), 6))
  refuses('putOrders', 'limit_reached', () =>
    ruled('ordersPerUser', 1, async () => together(await signIn(world), await freeSlot())),
  )
  refuses('putOrders', 'held_too_often', () =>
    ruled('holdsPerSlot', 1, async () => {
      const { slot, person, order } = await fullSlot()
      await must(person.call, 'cancelOrder', { params: { id: order.id } })
      return together(person, slot)
    }),
  )
  refuses('putOrders', 'staff_busy', async () =>
    together(mei, await taken({ staffId: staff[3]?.id ?? '' })),
  )
  refuses('putOrders', 'room_busy', async () => together(mei, await taken({ roomId: loft })))
  refuses('putOrders', 'slot_full', async () => together(mei, (await fullSlot()).slot))
  refuses('putOrders', 'party_too_large', async () =>
    together(mei, await freeSlot({ capacity: 3 }), 4),
  )

  test('putOrders refuses slots of two services', async () => {
    const hall = await newSlot(db(), { serviceId: venue, capacity: 60, startsIn: 270 })
    const { status, body } = await together(mei, hall, 8)
    expect([status, body.error.code]).toEqual([400, 'malformed'])
  })
}
