/** Refusals of moving slots by hand (M1). */
import { randomUUID } from 'node:crypto'
import type { Input } from '@jiyue/contract/schema/wire'
import { sql } from 'kysely'
import { lecture, staff } from '../../../server/demo/world.ts'
import { newSlot } from '../../races/setting.ts'
import { must } from '../../world.ts'
import { someMove } from './inputs.ts'
import { ask, byId, db, mei, owner, refuses, take } from './setting.ts'

const lecturer = staff.find((one) => one.serviceIds[0] === lecture)?.id as string

export function slotRefusals(): void {
  const move = (id: string, more: Partial<Input<'putSlotMove'>['body']> = {}) =>
    ask(owner.token, 'putSlotMove', { ...byId(id), body: { ...someMove(), ...more } })
  const back = (id: string) => ask(owner.token, 'deleteSlotMove', byId(id))
  const empty = (more: Partial<Parameters<typeof newSlot>[1]> = {}) =>
    newSlot(db(), { serviceId: lecture, capacity: 2, startsIn: 600, ...more })
  /** A slot that a move made. */
  async function moved(): Promise<string> {
    const body = someMove({ startsIn: 220 })
    await must(owner.call, 'putSlotMove', { ...byId(await empty({ startsIn: 200 })), body })
    return body.slotId
  }
  const set = (id: string, what: string) =>
    sql`update slots set ${sql.raw(what)} where id = ${id}`.execute(db())

  refuses('putSlotMove', 'slot_id_reused', async () =>
    move(await empty(), { slotId: await empty() }),
  )
  refuses('putSlotMove', 'not_found', () => move(randomUUID()))
  refuses('putSlotMove', 'slot_past', async () => move(await empty({ startsIn: -1 })))
  refuses('putSlotMove', 'slot_checking', async () => {
    const slot = await empty()
    await set(slot, 'checking_since = now()')
    return move(slot)
  })
  refuses('putSlotMove', 'slot_booked', async () => {
    const slot = await empty({ startsIn: 200 })
    await take(mei, slot)
    return move(slot)
  })
  refuses('putSlotMove', 'invalid_fields', async () =>
    move(await empty(), someMove({ startsIn: -1 })),
  )
  refuses('putSlotMove', 'slot_overlaps', async () => {
    await empty({ staffId: lecturer, startsIn: 1200 })
    return move(await empty({ staffId: lecturer }), {
      ...someMove({ startsIn: 1201 }),
      staffId: lecturer,
    })
  })
  refuses('deleteSlotMove', 'not_found', async () => back(await empty()))
  refuses('deleteSlotMove', 'slot_past', async () => {
    const slot = await moved()
    await sql`update slots set starts_at = now() - interval '1 hour', bookable_until = now() - interval '1 hour'
      where id = (select from_id from slot_moves where slot_id = ${slot})`.execute(db())
    return back(slot)
  })
  refuses('deleteSlotMove', 'slot_checking', async () => {
    const slot = await moved()
    await set(slot, 'checking_since = now()')
    return back(slot)
  })
  refuses('deleteSlotMove', 'slot_booked', async () => {
    const slot = await moved()
    await take(mei, slot)
    return back(slot)
  })
  refuses('deleteSlotMove', 'slot_overlaps', async () => {
    const body = { ...someMove({ startsIn: 1300 }), staffId: lecturer }
    const slot = await empty({ staffId: lecturer, startsIn: 1250 })
    await must(owner.call, 'putSlotMove', { ...byId(slot), body })
    await empty({ staffId: lecturer, startsIn: 1251 })
    return back(body.slotId)
  })
}
