/** Refusals of times outside the offer (B5). */
import { randomUUID } from 'node:crypto'
import type { Input } from '@jiyue/contract/schema/wire'
import { cleaning, lecture, rooms, staff } from '../../../server/demo/world.ts'
import { must, type Person, signIn } from '../../world.ts'
import { ask, byId, hour, mei, owner, refuses, world } from './setting.ts'
import { fullSlot } from './waits.ts'

type Asking = Input<'putNegotiation'>['body']

let far = 400
/** A time that nobody else here asks for. */
const someTime = () => {
  far += 5
  return Date.now() + far * hour
}

const wish = (change: Partial<Asking> = {}): Asking => ({
  serviceId: lecture,
  startsAt: new Date(someTime()).toISOString(),
  party: 1,
  note: '只有这天有空',
  ...change,
})

const put = (person: Person, body: Asking, id: string = randomUUID()) =>
  ask(person.token, 'putNegotiation', { params: { id }, body })

async function asked(body = wish()) {
  const person = await signIn(world)
  const id = randomUUID()
  await must(person.call, 'putNegotiation', { params: { id }, body })
  return { person, id, body }
}

type Offer = Extract<Input<'putNegotiationAnswer'>['body'], { answer: 'offer' }>
const offer = ({ startsAt }: Asking, change: Partial<Offer> = {}): Offer => ({
  answer: 'offer',
  slotId: randomUUID(),
  startsAt,
  endsAt: new Date(Date.parse(startsAt) + 2 * hour).toISOString(),
  staffId: null,
  branchId: null,
  roomId: null,
  priceFen: null,
  reason: null,
  ...change,
})
const answer = (id: string, body: Input<'putNegotiationAnswer'>['body']) =>
  ask(owner.token, 'putNegotiationAnswer', { params: { id }, body })

export function negotiationRefusals(): void {
  refuses('putNegotiation', 'negotiation_id_reused', async () => {
    const { person, id, body } = await asked()
    return put(person, { ...body, note: '另一天也可以' }, id)
  })
  refuses('putNegotiation', 'not_found', () => put(mei, wish({ serviceId: randomUUID() })))
  refuses('putNegotiation', 'invalid_fields', () =>
    put(mei, wish({ startsAt: new Date(Date.now() - hour).toISOString() })),
  )
  refuses('putNegotiation', 'party_invalid', () =>
    put(mei, wish({ serviceId: cleaning, party: 2 })),
  )
  refuses('putNegotiation', 'asked_too_often', async () => {
    const person = await signIn(world)
    for (let times = 0; times < 3; times++) await put(person, wish())
    return put(person, wish())
  })
  refuses('deleteNegotiation', 'not_found', () => ask(mei.token, 'deleteNegotiation', byId()))
  refuses('deleteNegotiation', 'negotiation_state', async () => {
    const { person, id } = await asked()
    await must(person.call, 'deleteNegotiation', byId(id))
    return ask(person.token, 'deleteNegotiation', byId(id))
  })
  refuses('putNegotiationAnswer', 'not_found', () => answer(randomUUID(), offer(wish())))
  refuses('putNegotiationAnswer', 'negotiation_state', async () => {
    const { person, id, body } = await asked()
    await must(person.call, 'deleteNegotiation', byId(id))
    return answer(id, offer(body))
  })
  refuses('putNegotiationAnswer', 'slot_id_reused', async () => {
    const { id, body } = await asked()
    return answer(id, offer(body, { slotId: (await fullSlot()).slot }))
  })
  refuses('putNegotiationAnswer', 'invalid_fields', async () => {
    const { id, body } = await asked()
    return answer(id, offer(body, { endsAt: body.startsAt }))
  })
  refuses('putNegotiationAnswer', 'staff_busy', async () => {
    const staffId = staff.find(({ serviceIds }) => serviceIds.includes(lecture))?.id ?? ''
    await fullSlot({ staffId, startsIn: 320, capacity: 2 })
    const startsAt = new Date(Date.now() + 321 * hour).toISOString()
    const { id, body } = await asked(wish({ startsAt }))
    return answer(id, offer(body, { staffId }))
  })
  refuses('putNegotiationAnswer', 'room_busy', async () => {
    const roomId = rooms.find(({ serviceIds }) => serviceIds.includes(lecture))?.id ?? ''
    await fullSlot({ roomId, startsIn: 340, capacity: 2 })
    const startsAt = new Date(Date.now() + 341 * hour).toISOString()
    const { id, body } = await asked(wish({ startsAt }))
    return answer(id, offer(body, { roomId }))
  })
}
