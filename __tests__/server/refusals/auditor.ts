/** Refusals of the auditor's endpoints, and of slots it stopped (setting.ts). */
import { randomUUID } from 'node:crypto'
import { sql } from 'kysely'
import { lecture, loft, staff, venue } from '../../../server/demo/world.ts'
import { newSlot } from '../../races/setting.ts'
import { caller, must, signIn } from '../../world.ts'
import { wholeRound } from '../auditing.ts'
import { ask, byId, db, mei, owner, refuses, take, world } from './setting.ts'

const acknowledge = (id: string) =>
  ask(owner.token, 'putAcknowledgement', { ...byId(id), body: { note: '已安排核对' } })
const recount = (id: string) => ask(owner.token, 'putRecount', byId(id))

/** A slot of one order whose counter says another number; the finding about it. */
async function drifted({ taken = 3, capacity = 9, ...of } = {}): Promise<{
  slot: string
  finding: string
}> {
  const slot = await newSlot(db(), { serviceId: lecture, capacity, ...of })
  const body = { slotId: slot, party: 2 }
  await must((await signIn(world)).call, 'putOrder', { ...byId(), body })
  await sql`update slots set taken = ${taken} where id = ${slot}`.execute(db())
  await wholeRound(world.parts, 'slots')
  const { id } = await db()
    .selectFrom('findings')
    .select('id')
    .where('subject', '=', slot)
    .where('kind', '=', 'seats')
    .executeTakeFirstOrThrow()
  return { slot, finding: id }
}

async function over(): Promise<string> {
  const { slot, finding } = await drifted()
  await sql`update slots set taken = 2 where id = ${slot}`.execute(db())
  await wholeRound(world.parts, 'slots')
  return finding
}

let hours = 700
const twice = staff.find((one) => one.serviceIds.length === 2)?.id as string

/** A counter of 0 hides that its person or room is taken; meanwhile somebody took it elsewhere. */
async function takenElsewhere(resource: { staffId: string } | { roomId: string }): Promise<string> {
  hours += 5
  await sql`insert into rules values ('bookingDays', 90) on conflict do nothing`.execute(db())
  const { finding } = await drifted({ taken: 0, startsIn: hours, ...resource } as object)
  const other = await newSlot(db(), {
    serviceId: venue,
    capacity: 60,
    ...resource,
    startsIn: hours,
  })
  await must((await signIn(world)).call, 'putOrder', {
    ...byId(),
    body: { slotId: other, party: 8 },
  })
  await sql`delete from rules where key = 'bookingDays'`.execute(db())
  return finding
}

export function auditorRefusals(): void {
  refuses('putOrder', 'slot_checking', async () => take(mei, (await drifted()).slot))
  refuses('putAcknowledgement', 'not_found', () => acknowledge(randomUUID()))
  refuses('putAcknowledgement', 'finding_over', async () => acknowledge(await over()))
  refuses('putRecount', 'not_found', () => recount(randomUUID()))
  refuses('putRecount', 'finding_over', async () => recount(await over()))
  refuses('putRecount', 'recount_refused', async () => {
    const { slot, finding } = await drifted({ taken: 1 })
    await sql`update slots set capacity = 1 where id = ${slot}`.execute(db())
    return recount(finding)
  })
  refuses('putRecount', 'staff_busy', async () => recount(await takenElsewhere({ staffId: twice })))
  refuses('putRecount', 'room_busy', async () => recount(await takenElsewhere({ roomId: loft })))
  refuses('deleteStop', 'not_found', () => ask(owner.token, 'deleteStop', byId()))
  refuses('deleteStop', 'finding_open', async () =>
    ask(owner.token, 'deleteStop', byId((await drifted()).slot)),
  )
  refuses('listFindings', 'malformed', () =>
    ask(owner.token, 'listFindings', { query: { after: 'x' } }),
  )
  test('a person without the right may look, and may not act', async () => {
    const { finding, slot } = await drifted()
    const desk = await must(caller(world.url), 'createConsoleSession', {
      body: { name: 'desk', password: 'jiyue-demo' },
    })
    expect((await ask(desk.token, 'listFindings', { query: {} })).status).toBe(200)
    expect((await ask(desk.token, 'getAudit', {})).status).toBe(200)
    for (const asked of [
      await ask(desk.token, 'putRecount', byId(finding)),
      await ask(desk.token, 'deleteStop', byId(slot)),
      await ask(desk.token, 'putAcknowledgement', { ...byId(finding), body: { note: '知悉' } }),
    ])
      expect(asked.body.error.code).toBe('forbidden')
  })
}
