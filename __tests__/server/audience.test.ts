/** The audience of the live sockets (T1): ten frames a second of one slot, and no socket left behind. */
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import type { ServerFrame, Topic } from '@jiyue/contract/live'
import WebSocket, { WebSocketServer } from 'ws'
import { createAudience, type Follower, usualAudience } from '../../server/live/audience.ts'
import { until } from '../world.ts'

const CROWD = Number(process.env.TEST_SOCKETS ?? 300)
const service: Topic = 'service:s'
const slotOf = (version: number, slotId = 'one') => ({
  slots: [{ serviceId: 's', slotId, left: version, version }],
  topics: [],
})

let server: WebSocketServer
const phones: WebSocket[] = []
beforeEach(async () => {
  server = new WebSocketServer({ host: '127.0.0.1', port: 0 })
  await once(server, 'listening')
})
afterEach(async () => {
  for (const phone of phones.splice(0)) phone.terminate()
  await new Promise((resolve) => server.close(resolve))
})

/** A phone and the server's end of its socket. */
async function connect(): Promise<{ phone: WebSocket; here: Follower; heard: ServerFrame[] }> {
  const phone = new WebSocket(`ws://127.0.0.1:${(server.address() as AddressInfo).port}`)
  phones.push(phone)
  const heard: ServerFrame[] = []
  phone.on('message', (data) => heard.push(JSON.parse(String(data))))
  const [socket] = (await once(server, 'connection')) as [WebSocket]
  if (phone.readyState !== phone.OPEN) await once(phone, 'open')
  return { phone, here: { socket, topics: new Set(), missed: new Set() }, heard }
}

test('many changes of a slot are the first at once and then ten a second, the last of them the truth', async () => {
  const audience = createAudience()
  const { here, heard } = await connect()
  audience.follow(here, service)
  const began = performance.now()
  for (let version = 1; version <= 500; version++) {
    audience.deliver(slotOf(version))
    if (version % 10 === 0) await new Promise((resolve) => setImmediate(resolve))
  }
  await until('the last', async () => heard.some((one) => 'version' in one && one.version === 500))
  const seconds = (performance.now() - began) / 1000
  expect(heard[0]).toMatchObject({ version: 1 })
  expect(heard.length).toBeLessThanOrEqual(1 + Math.ceil(seconds * 10))
  expect(heard.at(-1)).toMatchObject({ version: 500 })
  audience.close()
})

test('a slot that changes much keeps no other slot waiting', async () => {
  const audience = createAudience()
  const { here, heard } = await connect()
  audience.follow(here, service)
  for (let version = 1; version <= 5; version++) audience.deliver(slotOf(version))
  audience.deliver(slotOf(1, 'other'))
  await until('both', async () => heard[1])
  expect(heard.slice(0, 2)).toMatchObject([{ slotId: 'one', version: 1 }, { slotId: 'other' }])
  audience.close()
})

test('news that comes out of order never replaces newer news', async () => {
  const audience = createAudience()
  const { here, heard } = await connect()
  audience.follow(here, service)
  for (const version of [1, 4, 3, 2]) audience.deliver(slotOf(version))
  await until('the second', async () => heard[1])
  expect(heard[1]).toMatchObject({ version: 4 })
  audience.close()
})

test('a socket that does not keep up is left out, and told to read again when it has caught up', async () => {
  const audience = createAudience({ ...usualAudience, slowBytes: 64 * 1024 })
  const slow = await connect()
  const quick = await connect()
  for (const { here } of [slow, quick]) audience.follow(here, service)
  slow.phone.pause()
  const filler = 'x'.repeat(1024 * 1024)
  while (slow.here.socket.bufferedAmount < 64 * 1024) slow.here.socket.send(`{"f":"${filler}"}`)
  audience.deliver(slotOf(1))
  await until('the quick one', async () => quick.heard[0])
  const isHint = (frame: ServerFrame) => frame.type === 'hint'
  expect(slow.here.missed).toEqual(new Set([service]))
  slow.phone.resume()
  await until('the hint', async () => slow.heard.find(isHint))
  expect(slow.heard.filter((frame) => 'version' in frame)).toEqual([])
  expect(slow.heard.filter(isHint)).toEqual([{ type: 'hint', topic: service }])
  audience.close()
})

test(`each of ${CROWD} sockets hears a change once; those that left or never followed hear nothing`, async () => {
  const audience = createAudience()
  const all = []
  for (let i = 0; i < CROWD; i++) all.push(await connect())
  const [gone, stranger, ...crowd] = all as [(typeof all)[0], (typeof all)[0], ...typeof all]
  for (const { here } of [gone, ...crowd]) audience.follow(here, service)
  audience.leave(gone.here)
  audience.deliver(slotOf(7))
  await until('all', async () => crowd.every(({ heard }) => heard.length > 0))
  expect(crowd.every(({ heard }) => heard.length === 1)).toBe(true)
  expect([gone.heard, stranger.heard]).toEqual([[], []])
  audience.close()
})
