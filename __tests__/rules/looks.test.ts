/** Looks of a visit (M4): told in batches, without who, and never in the way. */
import type { Answer, Request } from '@jiyue/contract/client'
import { looksAtOnce, looksPerVisit, oldestLookMs, visitIdleMs } from '@jiyue/contract/funnel'
import { createLooks } from '../../src/lib/looks.ts'
import { glassPhone, no, offline, ok } from './flowPhone.ts'

const serviceId = '01a20000-0000-7000-9000-000000000001'
const orderId = '01a20000-0000-7000-9000-000000000002'
const gather = 2_000

/** A phone that answers as told, and what it was asked. */
function opened(answer: (request: Request) => Answer = () => ok({}), kept?: Map<string, string>) {
  const phone = glassPhone((request) => answer(request), kept)
  return { phone, looks: createLooks(phone), told: () => phone.asked.flatMap(looksOf) }
}
const looksOf = ({ body }: Request) =>
  (body as { looks: { kind: string; n: number; agoMs: number; fieldId?: string }[] }).looks
const visitOf = ({ path }: Request) => path.split('/')[3]
const field = (fieldId: string) => ({ kind: 'field', serviceId, orderId, fieldId }) as const

test('what is seen within two seconds goes in one request, numbered, without a token', async () => {
  const { phone, looks } = opened()
  looks.see({ kind: 'service', serviceId })
  await phone.pass(500)
  looks.see({ kind: 'slots', serviceId })
  expect(phone.asked).toEqual([])
  await phone.pass(gather)
  expect(phone.asked).toHaveLength(1)
  const [request] = phone.asked as [Request]
  expect(request.method).toBe('PUT')
  expect(request.token).toBeUndefined()
  expect(looksOf(request)).toEqual([
    { kind: 'service', serviceId, n: 0, agoMs: 2_000 },
    { kind: 'slots', serviceId, n: 1, agoMs: 1_500 },
  ])
  // Nothing of it stays on the phone.
  expect(phone.kept.size).toBe(0)
})

test('a page counts once a visit; a field whenever another one is touched', async () => {
  const { phone, looks, told } = opened()
  for (let i = 0; i < 3; i++) looks.see({ kind: 'service', serviceId })
  for (const id of ['name', 'name', 'phone', 'name', 'name']) looks.see(field(id))
  await phone.pass(gather)
  expect(told().map(({ kind, fieldId }) => fieldId ?? kind)).toEqual([
    'service',
    'name',
    'phone',
    'name',
  ])
})

test('who holds has the service before them: the visit says so once', async () => {
  const { phone, looks, told } = opened()
  looks.see({ kind: 'hold', serviceId, orderId })
  looks.see({ kind: 'slot', serviceId })
  await phone.pass(gather)
  expect(told().map(({ kind }) => kind)).toEqual(['service', 'hold', 'slot'])
})

test('a form opened later is no new visit of its service', async () => {
  const { phone, looks, told } = opened()
  looks.see({ kind: 'step', serviceId, orderId, step: 0 })
  await phone.pass(gather)
  expect(told().map(({ kind }) => kind)).toEqual(['step'])
})

test('after half an hour of nothing it is another visit', async () => {
  const { phone, looks } = opened()
  looks.see({ kind: 'service', serviceId })
  await phone.pass(visitIdleMs + 1)
  looks.see({ kind: 'slot', serviceId })
  await phone.pass(gather)
  const [first, second] = phone.asked as [Request, Request]
  expect(visitOf(first)).not.toBe(visitOf(second))
  expect(looksOf(second).map(({ kind, n }) => [kind, n])).toEqual([
    ['service', 0],
    ['slot', 1],
  ])
})

test('without a network it is kept, tried ever more seldom, and told with the same numbers later', async () => {
  let isOnline = false
  const { phone, looks } = opened(() => (isOnline ? ok({}) : offline))
  looks.see({ kind: 'service', serviceId })
  await phone.pass(30 * 60_000)
  expect(phone.asked.length).toBeGreaterThan(2)
  expect(phone.asked.length).toBeLessThan(10)
  expect(phone.kept.get('looks')).toContain(serviceId)
  isOnline = true
  phone.asked.length = 0
  // The app was closed meanwhile.
  const later = createLooks(phone)
  later.hurry()
  await phone.pass(0)
  const [request] = phone.asked as [Request]
  expect(looksOf(request)).toEqual([{ kind: 'service', serviceId, n: 0, agoMs: 30 * 60_000 }])
  expect(phone.kept.size).toBe(0)
})

test('a network that comes back is used at once', async () => {
  let isOnline = false
  const { phone, looks } = opened(() => (isOnline ? ok({}) : offline))
  looks.see({ kind: 'service', serviceId })
  await phone.pass(gather)
  const before = phone.asked.length
  isOnline = true
  looks.hurry()
  await phone.pass(0)
  expect(phone.asked.length).toBe(before + 1)
  await phone.pass(3_600_000)
  expect(phone.asked.length).toBe(before + 1)
})

test('too many requests: later; any other no: never again', async () => {
  const answers = [no(429, 'too_many_requests'), no(400, 'malformed')]
  const { phone, looks } = opened(() => answers.shift() ?? ok({}))
  looks.see({ kind: 'service', serviceId })
  await phone.pass(3_600_000)
  expect(phone.asked).toHaveLength(2)
  expect(phone.kept.size).toBe(0)
})

test('nothing grows without end: batches, a visit, a phone offline for a day', async () => {
  const { phone, looks } = opened()
  for (let i = 0; i < 3 * looksPerVisit; i++) looks.see(field(`f${i}`))
  await phone.pass(gather)
  const sizes = phone.asked.map((request) => looksOf(request).length)
  expect(sizes.reduce((sum, one) => sum + one, 0)).toBe(looksPerVisit)
  expect(Math.max(...sizes)).toBe(looksAtOnce)

  const away = opened(() => offline)
  away.looks.see({ kind: 'service', serviceId })
  await away.phone.pass(oldestLookMs + 3_600_000)
  expect(away.phone.kept.size).toBe(0)
  const asked = away.phone.asked.length
  await away.phone.pass(oldestLookMs)
  expect(away.phone.asked.length).toBe(asked)
})
