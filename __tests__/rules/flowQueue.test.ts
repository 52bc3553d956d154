/** The queue as the phone lives it (T5): kept over breaks and restarts, held by itself, never twice. */
import type { Answer, Request } from '@jiyue/contract/client'
import { createApp } from '../../src/stores/app.ts'
import { createBooking } from '../../src/stores/booking.ts'
import { serviceId, someOrder, someSlot } from './flowOrder.ts'
import { glassPhone, no, offline, ok } from './flowPhone.ts'

const now = '2026-11-22T02:00:00.000Z'
const user = { id: '01a20000-0000-7000-8000-0000000000aa', name: '林小满', phoneMasked: null }
const session = { token: 't'.repeat(43), expiresAt: '2026-12-22T02:00:00Z', user }

const place = (ahead: number, more: object = {}) =>
  ok({
    state: 'waiting',
    number: 700,
    ahead,
    admitted: 20,
    perMinute: 60,
    estimateSeconds: ahead + 1,
    slip: 'slip-700',
    until: null,
    now,
    ...more,
  })
const turn = () => place(0, { state: 'admitted', number: 0, slip: null, until: now })
const held = (request: Request) => ok(someOrder({ id: request.path.split('/').at(-1) as string }))

interface World {
  hold: (request: Request) => Answer
  queue: (request: Request) => Answer
}

/** A signed-in phone on the booking page whose tap on a slot was sent to the queue. */
function queueingPhone(kept = new Map([['session', JSON.stringify(session)]])) {
  const world: World = { hold: () => no(409, 'queued'), queue: () => place(5) }
  const phone = glassPhone((request) => {
    if (request.method === 'PUT' && request.path.startsWith('/v1/orders/'))
      return world.hold(request)
    if (request.method === 'PUT' && request.path.endsWith('/queue')) return world.queue(request)
    if (request.path.endsWith('/queue/reminder')) return ok({ reachable: true })
    if (request.path.endsWith('/queue')) return ok({})
    if (request.path.includes('/slots'))
      return ok({ days: [], slots: [someSlot('slot-a', 48), someSlot('slot-b', 50)], now })
    return no(404, 'not_found')
  }, kept)
  const app = createApp(phone)
  const booking = createBooking(app, serviceId, null)
  const { queue } = booking
  const asked = (method: string, part: string) =>
    phone.asked.filter((one) => one.method === method && one.path.includes(part))
  return {
    world,
    phone,
    app,
    booking,
    queue,
    asked,
    stop: queue.follow(),
    state: () => queue.store.getState(),
    holds: () => asked('PUT', '/v1/orders/'),
    async tap(slotId = 'slot-a') {
      booking.picker.chooseSlot(slotId)
      await booking.confirm()
      await phone.pass(0)
    },
    async connect() {
      const socket = phone.sockets.at(-1)
      socket?.open()
      socket?.say({ type: 'ready', now })
      await phone.pass(0)
      return socket
    },
  }
}

const news = (admitted: number, through: number, perMinute: number | null = 60) => ({
  type: 'queue' as const,
  serviceId,
  admitted,
  through,
  perMinute,
})

test('a hold sent to the queue is kept with its place; news move it up without asking', async () => {
  const { tap, connect, state, asked } = queueingPhone()
  await tap()
  const socket = await connect()
  expect(state()).toMatchObject({ state: 'waiting', place: { ahead: 5 }, firstAhead: 5 })
  const before = asked('PUT', '/queue').length
  socket?.say(news(23, 600))
  expect(state()).toMatchObject({ place: { ahead: 2 }, estimateSeconds: 3 })
  expect(asked('PUT', '/queue')).toHaveLength(before)
})

test('the turn holds by itself, once, with the order id of the first tap', async () => {
  const { tap, connect, state, world, holds, phone } = queueingPhone()
  await tap()
  const socket = await connect()
  world.hold = held
  socket?.say(news(26, 700))
  socket?.say(news(27, 701))
  await phone.pass(0)
  expect(holds()).toHaveLength(2)
  expect(holds()[1]).toEqual(holds()[0])
  expect(state()).toMatchObject({ state: 'none', held: { id: holds()[0]?.path.split('/').at(-1) } })
})

test('after a restart the slip brings the place back, and the same order is held', async () => {
  const first = queueingPhone()
  await first.tap()
  const reborn = queueingPhone(first.phone.kept)
  reborn.world.queue = turn
  reborn.world.hold = held
  await reborn.connect()
  expect(reborn.asked('PUT', '/queue')[0]?.body).toMatchObject({ slip: 'slip-700' })
  expect(reborn.holds()[0]).toEqual(first.holds()[0])
  expect(reborn.state().held).not.toBeNull()
})

test('an hour later, or as somebody else, nothing is held behind the person’s back', async () => {
  const first = queueingPhone()
  await first.tap()
  const other = new Map(first.phone.kept)
  other.set('session', JSON.stringify({ ...session, user: { ...user, id: 'somebody-else' } }))
  expect(queueingPhone(other).state().state).toBe('none')
  const late = glassPhone(() => offline, first.phone.kept)
  await late.pass(3_600_000)
  const { queue } = createBooking(createApp(late), serviceId, null)
  queue.follow()
  expect(queue.store.getState().state).toBe('none')
})

test('a network that is away costs no place: it is read again when the socket is back', async () => {
  const { tap, connect, state, world } = queueingPhone()
  await tap()
  await connect()
  world.queue = () => offline
  await connect()
  expect(state()).toMatchObject({ state: 'waiting', place: { ahead: 5 } })
  world.queue = () => place(1)
  await connect()
  expect(state()).toMatchObject({ state: 'waiting', place: { ahead: 1 } })
})

test('sold out at the turn: another slot is held at once, on the same turn', async () => {
  const { tap, connect, state, world, holds, queue, phone } = queueingPhone()
  await tap()
  const socket = await connect()
  world.hold = () => no(409, 'slot_full')
  socket?.say(news(26, 700))
  await phone.pass(0)
  expect(state()).toMatchObject({ state: 'turn', problem: { code: 'slot_full' } })
  world.hold = held
  await queue.choose('slot-b')
  expect(holds().at(-1)?.body).toEqual({ slotId: 'slot-b', party: 1 })
  expect(holds().at(-1)?.path).not.toBe(holds()[0]?.path)
  expect(state().held).not.toBeNull()
})

test('a turn that was missed says so, and the progress begins anew', async () => {
  const { tap, connect, state, world } = queueingPhone()
  await tap()
  world.queue = () => place(9, { number: 900, slip: 'slip-900' })
  await connect()
  expect(state()).toMatchObject({ missed: true, firstAhead: 9, place: { number: 900 } })
})

test('leaving tells the server and forgets; nothing is held later', async () => {
  const { tap, connect, state, queue, asked, phone, holds } = queueingPhone()
  await tap()
  const socket = await connect()
  await queue.leave()
  expect(asked('DELETE', '/queue')).toHaveLength(1)
  socket?.say(news(30, 900))
  await phone.pass(120_000)
  expect(state().state).toBe('none')
  expect(holds()).toHaveLength(1)
})

test('full: the sentence, and a reminder that is asked for once', async () => {
  const { tap, state, world, queue, asked } = queueingPhone()
  world.hold = () => no(429, 'too_busy')
  await tap()
  expect(state()).toMatchObject({ state: 'full', reminder: 'none' })
  await queue.remind()
  expect(state().reminder).toBe('sms')
  expect(asked('PUT', '/queue/reminder')).toHaveLength(1)
})

test('a line that stands still is looked at about once a minute, not more', async () => {
  const { tap, connect, asked, phone } = queueingPhone()
  await tap()
  await connect()
  const before = asked('PUT', '/queue').length
  await phone.pass(10 * 60_000)
  const looks = asked('PUT', '/queue').length - before
  expect(looks).toBeGreaterThanOrEqual(7)
  expect(looks).toBeLessThanOrEqual(14)
})
