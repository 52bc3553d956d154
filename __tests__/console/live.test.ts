import type { AddressInfo } from 'node:net'
import type { ClientFrame, ServerFrame } from '@jiyue/contract/live'
import { type WebSocket as Peer, WebSocketServer } from 'ws'
import { type Live, type LiveEvents, openLive } from '../../console/live.ts'
import { until } from '../world.ts'

/** A server on a free port that keeps what it hears, and says only what a test tells it to. */
let server: WebSocketServer
let heard: ClientFrame[]
let peers: Peer[]
let live: Live | undefined
const lines: string[] = []

beforeEach(async () => {
  heard = []
  peers = []
  lines.length = 0
  server = new WebSocketServer({ port: 0, host: '127.0.0.1' })
  await new Promise((resolve) => server.once('listening', resolve))
  server.on('connection', (peer) => {
    peers.push(peer)
    peer.on('message', (data) => {
      const frame = JSON.parse(String(data)) as ClientFrame
      heard.push(frame)
      if (frame.type === 'sign_in') say(peer, { type: 'ready', now: '2026-11-23T01:00:00.000Z' })
      if (frame.type === 'follow') say(peer, { type: 'following', topics: frame.topics })
    })
  })
})

afterEach(async () => {
  live?.close()
  for (const peer of peers) peer.terminate()
  await new Promise((resolve) => server.close(resolve))
})

const events: LiveEvents = {
  ready: (_, missed) => lines.push(missed ? 'ready, something missed' : 'ready'),
  news: (topic) => lines.push(`news of ${topic}`),
  refused: (code) => lines.push(`refused ${code}`),
  lost: () => lines.push('lost'),
}

const say = (peer: Peer, frame: ServerFrame) => peer.send(JSON.stringify(frame))
const open = () => {
  const { port } = server.address() as AddressInfo
  live = openLive(`ws://127.0.0.1:${port}`, 'token', events)
  return live
}
const hears = (line: string) => until(line, async () => lines.includes(line))
const told = (type: ClientFrame['type']) =>
  until(type, async () => heard.find((frame) => frame.type === type))

describe('the console’s live socket', () => {
  test('signs in first, and follows what was asked before it was ready', async () => {
    open().follow(['console', 'service:a'])
    await told('follow')
    expect(heard).toEqual([
      { type: 'sign_in', token: 'token' },
      { type: 'follow', topics: ['console', 'service:a'] },
    ])
  })

  test('a slot frame is news of its service, a hint of its topic', async () => {
    open()
    await hears('ready')
    say(peers[0]!, { type: 'slot', serviceId: 'a', slotId: 's', left: 1, version: 2 })
    say(peers[0]!, { type: 'hint', topic: 'console' })
    await hears('news of console')
    expect(lines).toEqual(['ready', 'news of service:a', 'news of console'])
  })

  test('a topic followed later is read once more from where its news begin', async () => {
    const { follow } = open()
    await hears('ready')
    follow(['service:a'])
    await hears('news of service:a')
    expect(lines).toEqual(['ready', 'news of service:a'])
  })

  test('a lost line is made again by itself: follows again, and says that news were missed', async () => {
    open().follow(['console'])
    await hears('news of console')
    heard = []
    peers[0]!.terminate()
    await until('both read again', async () => lines.length === 5)
    expect(lines).toEqual([
      'ready',
      'news of console',
      'lost',
      'ready, something missed',
      'news of console',
    ])
    expect(heard).toEqual([
      { type: 'sign_in', token: 'token' },
      { type: 'follow', topics: ['console'] },
    ])
  })

  test('two followers of a topic are one to the server, until the last one leaves', async () => {
    const { follow } = open()
    await hears('ready')
    const first = follow(['console'])
    const second = follow(['console'])
    first()
    second()
    await told('unfollow')
    expect(heard.slice(1)).toEqual([
      { type: 'follow', topics: ['console'] },
      { type: 'unfollow', topics: ['console'] },
    ])
  })

  test('after close nothing is tried again', async () => {
    const closed = open()
    await hears('ready')
    closed.close()
    await until('the line to end', async () => peers[0]!.readyState === peers[0]!.CLOSED)
    closed.wake()
    expect(lines).toEqual(['ready'])
    expect(peers).toHaveLength(1)
  })

  test('a line that is silent for two beats is given up without waiting for TCP', async () => {
    jest.useFakeTimers({ advanceTimers: true })
    try {
      open()
      await hears('ready')
      jest.advanceTimersByTime(20_000)
      await told('ping')
      // The server of this test never answers a ping.
      jest.advanceTimersByTime(20_000)
      expect(lines).toEqual(['ready', 'lost'])
    } finally {
      jest.useRealTimers()
    }
  })
})
