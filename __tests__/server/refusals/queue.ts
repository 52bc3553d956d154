/** Refusals of the queue (T5), and of the hold while people wait. */
import { randomUUID } from 'node:crypto'
import { sql } from 'kysely'
import { venue } from '../../../server/demo/world.ts'
import { usualLimits } from '../../../server/queue/admit.ts'
import { newSlot } from '../../races/setting.ts'
import { type Person, signIn } from '../../world.ts'
import {
  ask,
  byId,
  db,
  expectRefusal,
  mei,
  type Refusing,
  refuses,
  take,
  world,
} from './setting.ts'

export function queueRefusals(): void {
  refuses('putOrder', 'queued', () => atPeak((person, slot) => take(person, slot)))
  refuses('putOrder', 'too_busy', () => atPeak(beyondTheMost(take)))
  refuses('putQueue', 'too_busy', () => atPeak(beyondTheMost(look)))
  refuses('putQueue', 'not_found', () => look(mei, randomUUID()))
  refuses('deleteQueue', 'not_found', () => ask(mei.token, 'deleteQueue', byId()))
  refuses('putQueueReminder', 'not_found', () => ask(mei.token, 'putQueueReminder', byId()))

  test('putOrder: order_id_reused before queued', () =>
    atPeak(async (_, slot) => {
      world.limits.most = usualLimits.most
      const { params } = byId()
      const other = await signIn(world)
      await other.call('putOrder', { params, body: { slotId: slot, party: 8 } })
      world.limits.most = 0
      const answer = await take(await signIn(world), slot, 9, params.id)
      expectRefusal(answer, 'order_id_reused')
      return answer
    }))
}

const look = (person: Person, slotId: string) =>
  ask(person.token, 'putQueue', { ...byId(venue), body: { slotId, party: 8 } })

/** Nobody goes in while `how` asks; then everything is as before. */
export async function atPeak(
  how: (person: Person, slot: string) => Promise<Refusing>,
): Promise<Refusing> {
  const slot = await newSlot(db(), { serviceId: venue, capacity: 60, startsIn: 200 })
  const person = await signIn(world)
  world.limits.most = 0
  try {
    return await how(person, slot)
  } finally {
    world.limits.most = usualLimits.most
    await person.call('deleteQueue', byId(venue))
  }
}

/** One person waits, and no more than one may. */
export const beyondTheMost =
  (how: (person: Person, slot: string) => Promise<Refusing>) =>
  async (person: Person, slot: string) => {
    await sql`insert into rules values ('queueMost', 1)`.execute(db())
    world.parts.queue.rules = null
    try {
      await take(person, slot)
      return await how(await signIn(world), slot)
    } finally {
      await sql`delete from rules where key = 'queueMost'`.execute(db())
      world.parts.queue.rules = null
    }
  }
