import { createClock } from '../../src/lib/clock.ts'
import { createLive, type Live } from '../../src/stores/live.ts'
import { type GlassPhone, glassPhone, ok } from './flowPhone.ts'

const service = 'service:01a20000-0000-7000-8000-00000000aaaa' as const

let phone: GlassPhone
let live: Live
let hints: number

beforeEach(() => {
  phone = glassPhone(() => ok({}))
  live = createLive(phone, createClock(phone.now), () => 'token')
  hints = 0
})

const follower = {
  hint: () => {
    hints++
  },
}
const now = () => new Date(phone.now()).toISOString()
const socket = (at = phone.sockets.length - 1) => phone.sockets[at]!
const ready = () => {
  socket().open()
  socket().say({ type: 'ready', now: now() })
}

test('no socket until somebody follows; the first frame signs in, then topics are followed', () => {
  expect(phone.sockets).toHaveLength(0)
  live.follow(service, follower)
  socket().open()
  expect(socket().sent).toEqual([{ type: 'sign_in', token: 'token' }])
  socket().say({ type: 'ready', now: now() })
  expect(socket().sent[1]).toEqual({ type: 'follow', topics: [service] })
})

test('two followers of a topic share it; it is left with the last of them', () => {
  const first = live.follow(service, follower)
  const second = live.follow(service, { ...follower })
  ready()
  first()
  expect(socket().sent.some(({ type }) => type === 'unfollow')).toBe(false)
  second()
  expect(socket().sent.at(-1)).toEqual({ type: 'unfollow', topics: [service] })
})

test('what happened between a page’s reading and its following is read: each topic once more when it is followed', () => {
  const other = 'order:01a20000-0000-7000-8000-00000000bbbb' as const
  live.follow(service, follower)
  ready()
  expect(hints).toBe(1)
  live.follow(other, follower)
  expect(hints).toBe(2)
})

test('after a gap everything followed is read again: nothing that happened meanwhile is missed', async () => {
  live.follow(service, follower)
  ready()
  const before = hints
  socket().drop()
  expect(live.store.getState().state).toBe('waiting')
  await phone.pass(500)
  expect(phone.sockets).toHaveLength(2)
  ready()
  expect(hints).toBe(before + 1)
})

test('it comes back with growing patience and jitter: never before half of the wait, never after all of it', async () => {
  live.follow(service, follower)
  for (const wait of [500, 1000, 2000, 4000, 8000]) {
    const count = phone.sockets.length
    socket().drop()
    await phone.pass(wait / 2 - 1)
    expect(phone.sockets).toHaveLength(count)
    await phone.pass(wait / 2 + 1)
    expect(phone.sockets).toHaveLength(count + 1)
  }
})

test('a line that fell silent is given up and opened anew', async () => {
  live.follow(service, follower)
  ready()
  await phone.pass(20_000)
  expect(socket().sent.at(-1)).toEqual({ type: 'ping' })
  await phone.pass(41_000)
  expect(phone.sockets[0]?.closed).toBe(true)
  expect(phone.sockets).toHaveLength(2)
})

test('another person signed in: the server learns it on a fresh line', () => {
  live.follow(service, follower)
  ready()
  live.signAgain()
  expect(phone.sockets[0]?.closed).toBe(true)
  socket().open()
  expect(socket().sent[0]).toEqual({ type: 'sign_in', token: 'token' })
})

test('what an old line still says is not heard', () => {
  live.follow(service, follower)
  ready()
  live.signAgain()
  const before = hints
  socket(0).say({ type: 'hint', topic: service })
  socket(0).drop()
  expect(hints).toBe(before)
  expect(phone.sockets).toHaveLength(2)
})
