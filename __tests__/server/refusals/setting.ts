/**
 * What the refusal tests share: one world, and orders in every state. Module state: each test file
 * has its own copy. Rows of an area live in a file beside this one.
 */
import { randomUUID } from 'node:crypto'
import type { EndpointName } from '@jiyue/contract/api'
import { type Answer, createCall } from '@jiyue/contract/client'
import { type RefusalBody, type RefusalCode, refusals } from '@jiyue/contract/refusals'
import type { Input } from '@jiyue/contract/schema/wire'
import { sql } from 'kysely'
import { lecture } from '../../../server/demo/world.ts'
import { newSlot } from '../../races/setting.ts'
import {
  lectureAnswers,
  must,
  openWorld,
  type Person,
  payAtCashier,
  registeredOrder,
  send,
  signIn,
  signInOwner,
  until,
  type World,
} from '../../world.ts'

/** The world of these tests; there from `beforeAll` on. */
export let world: World
/** Somebody who books. */
export let mei: Person
export let owner: Awaited<ReturnType<typeof signInOwner>>
beforeAll(async () => {
  world = await openWorld()
  mei = await signIn(world)
  owner = await signInOwner(world)
  await sql`insert into rules values ('ordersPerUser', 1000)`.execute(world.database.db)
})
afterAll(() => world.close())
afterEach(() => world.sandbox.admin.clearFaults())

export type Refusing = Awaited<ReturnType<typeof ask>>

/** A call over HTTP as somebody, and the raw answer. */
export async function ask<E extends EndpointName>(
  token: string | null,
  name: E,
  input: Input<E>,
  url = world.url,
): Promise<{ status: number; body: RefusalBody }> {
  let seen: Answer | undefined
  const call = createCall(
    async (request) => {
      seen = await send(url, request)
      return seen
    },
    () => token,
  )
  await call(name, input)
  return seen as { status: number; body: RefusalBody }
}

/** Names of the tests there are. */
export const proven = new Set<string>()

/** One row: `how` must be refused with exactly this code, its status and its sentence. */
export function refuses(name: EndpointName, code: RefusalCode, how: () => Promise<Refusing>): void {
  proven.add(`${name} refuses ${code}`)
  test(`${name} refuses ${code}`, async () => expectRefusal(await how(), code))
}

export function expectRefusal({ status, body }: Refusing, code: RefusalCode): void {
  expect([body.error?.code, status]).toEqual([code, refusals[code].status])
  expect(body.error.message).toBe(refusals[code].zh)
  expect(body.error.requestId).toMatch(/^[0-9a-f-]{36}$/)
}

export const db = () => world.database.db
export const byId = (id: string = randomUUID()) => ({ params: { id } })
export const hour = 3_600_000

export async function heldOrder(person: Person, serviceId = lecture, party = 1): Promise<string> {
  const slotId = await newSlot(db(), { serviceId, capacity: 60 })
  const { params } = byId()
  await must(person.call, 'putOrder', { params, body: { slotId, party } })
  return params.id
}

export async function registered(person: Person): Promise<string> {
  return (await registeredOrder(person, await newSlot(db(), { serviceId: lecture, capacity: 9 })))
    .id
}

export async function cancelled(person: Person): Promise<string> {
  const id = await heldOrder(person)
  await must(person.call, 'cancelOrder', byId(id))
  return id
}

export const wechat = (id: string = randomUUID()) => ({
  id,
  method: 'wechat' as const,
  scene: 'weapp' as const,
})

/** A registered order whose payment is open. */
export async function paying(person: Person) {
  const orderId = await registered(person)
  const payment = await must(person.call, 'createPayment', { ...byId(orderId), body: wechat() })
  return { orderId, payment }
}

export async function confirmed(person: Person): Promise<string> {
  const { orderId, payment } = await paying(person)
  await payAtCashier(world, payment.params)
  await until('confirmed', async () => {
    return (await must(person.call, 'getOrder', byId(orderId))).state === 'confirmed'
  })
  return orderId
}

/** Moves the end of an order's time; the database's own clock decides. */
export const endsIn = (orderId: string, ms: number) =>
  sql`update orders set held_until = clock_timestamp() + ${`${ms} milliseconds`}::interval
    where id = ${orderId}`.execute(db())

export const submit = (
  person: Person,
  id: string,
  values: Record<string, unknown> = lectureAnswers(),
) => ask(person.token, 'putRegistration', { ...byId(id), body: { formVersion: 1, values } })

export const pay = (
  person: Person,
  orderId: string,
  body: Input<'createPayment'>['body'] = wechat(),
) => ask(person.token, 'createPayment', { ...byId(orderId), body })

export const take = (person: Person, slotId: string, party = 1, id: string = randomUUID()) =>
  ask(person.token, 'putOrder', { ...byId(id), body: { slotId, party } })
