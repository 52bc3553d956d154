/** Refusals of the waiting list (B11). */
import { randomUUID } from 'node:crypto'
import { sql } from 'kysely'
import { lecture, loft, staff } from '../../../server/demo/world.ts'
import { newSlot, type SlotOf } from '../../races/setting.ts'
import { lectureAnswers, must, type Person, signIn } from '../../world.ts'
import { ask, byId, db, mei, owner, type Refusing, refuses, world } from './setting.ts'

const join = (person: Person, slotId: string, party = 1, id: string = randomUUID()) =>
  ask(person.token, 'putWait', { params: { id }, body: { slotId, party } })

export async function fullSlot(of: Partial<SlotOf> = {}) {
  const slot = await newSlot(db(), { serviceId: lecture, capacity: 2, ...of })
  const person = await signIn(world)
  const order = await must(person.call, 'putOrder', {
    params: { id: randomUUID() },
    body: { slotId: slot, party: of.capacity ?? 2 },
  })
  return { slot, person, order }
}

/** Joins the list of a full slot that was changed just before. */
const changed = (change: (slot: string) => Promise<unknown>) => async () => {
  const { slot } = await fullSlot()
  await change(slot)
  return join(await signIn(world), slot)
}

/** With another number for a rule while `how` asks. */
export async function ruled(
  key: string,
  value: number,
  how: () => Promise<Refusing>,
): Promise<Refusing> {
  const before = await sql<{ value: string }>`select value from rules where key = ${key}`.execute(
    db(),
  )
  const set = (to: unknown) =>
    sql`insert into rules values (${key}, ${to}::numeric)
      on conflict (key) do update set value = excluded.value`.execute(db())
  await set(value)
  try {
    return await how()
  } finally {
    const [old] = before.rows
    await (old ? set(old.value) : sql`delete from rules where key = ${key}`.execute(db()))
  }
}

export function waitRefusals(): void {
  refuses('putWait', 'wait_id_reused', async () => {
    const { slot } = await fullSlot()
    const id = randomUUID()
    await join(mei, slot, 1, id)
    return join(mei, slot, 2, id)
  })
  refuses('putWait', 'slot_gone', () => join(mei, randomUUID()))
  refuses(
    'putWait',
    'slot_past',
    changed((slot) =>
      sql`update slots set bookable_until = now() where id = ${slot}`.execute(db()),
    ),
  )
  refuses(
    'putWait',
    'slot_closed',
    changed((slot) =>
      sql`update slots set closed_reason = '维护' where id = ${slot}`.execute(db()),
    ),
  )
  refuses(
    'putWait',
    'slot_checking',
    changed((slot) =>
      sql`update slots set checking_since = now() where id = ${slot}`.execute(db()),
    ),
  )
  refuses('putWait', 'party_invalid', async () => join(mei, (await fullSlot()).slot, 3))
  refuses('putWait', 'limit_reached', () =>
    ruled('ordersPerUser', 1, async () => {
      const { slot, person } = await fullSlot()
      return join(person, slot)
    }),
  )
  refuses('putWait', 'held_too_often', () =>
    ruled('holdsPerSlot', 1, async () => {
      const { slot, person, order } = await fullSlot()
      await must(person.call, 'cancelOrder', { params: { id: order.id } })
      await must(mei.call, 'putOrder', {
        params: { id: randomUUID() },
        body: { slotId: slot, party: 2 },
      })
      return join(person, slot)
    }),
  )
  refuses('putWait', 'already_waiting', async () => {
    const { slot } = await fullSlot()
    await join(mei, slot)
    return join(mei, slot)
  })
  refuses('putWait', 'staff_busy', async () => {
    const staffId = staff[3]?.id ?? ''
    const busy = { staffId, startsIn: 300, capacity: 2 }
    await fullSlot(busy)
    return join(mei, await newSlot(db(), { serviceId: lecture, ...busy, startsIn: 301 }))
  })
  refuses('putWait', 'room_busy', async () => {
    const at = { roomId: loft, startsIn: 310, capacity: 2 }
    await fullSlot(at)
    return join(mei, await newSlot(db(), { serviceId: lecture, ...at, startsIn: 311 }))
  })
  refuses('putWait', 'slot_free', async () =>
    join(mei, await newSlot(db(), { serviceId: lecture, capacity: 2 })),
  )
  refuses('putWait', 'wait_full', () =>
    ruled('waitMost', 1, async () => {
      const { slot } = await fullSlot()
      await join(await signIn(world), slot)
      return join(await signIn(world), slot)
    }),
  )
  refuses('deleteWait', 'not_found', () => ask(mei.token, 'deleteWait', byId()))
  refuses('deleteWait', 'order_state', async () => {
    const { slot, person, order } = await fullSlot()
    const waiting = await signIn(world)
    const id = randomUUID()
    await join(waiting, slot, 2, id)
    await must(person.call, 'cancelOrder', { params: { id: order.id } })
    const { form } = await must(waiting.call, 'getOrder', byId(id))
    const body = { formVersion: form.version, values: lectureAnswers() }
    await must(waiting.call, 'putRegistration', { params: { id }, body })
    return ask(waiting.token, 'deleteWait', byId(id))
  })
  refuses('listSlotWaits', 'not_found', () => ask(owner.token, 'listSlotWaits', byId()))
}
