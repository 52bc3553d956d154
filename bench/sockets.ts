/** A slot change on its way to the last of thousands of sockets, against ws sending them one frame. */
import { once } from 'node:events'
import http from 'node:http'
import type { AddressInfo } from 'node:net'
import WebSocket, { WebSocketServer } from 'ws'
import { type Forked, forked } from './forked.ts'
import type { Pace } from './http.ts'
import { holdOnce } from './phone.ts'
import type { Row } from './row.ts'
import type { Stage } from './stage.ts'

const SOCKETS = 5000
/** So many stand behind one address, as the server allows. */
const PER_ADDRESS = 1500
const PAUSE_MS = 300

export async function liveSockets(stage: Stage, { rounds }: Pace): Promise<Row[]> {
  const row: Row = {
    what: `slot change to the last of ${SOCKETS} sockets, from the tap on`,
    reference: 'ws, one frame to all',
    unit: 'ms',
    rounds: [],
    toReach: { most: 1.5 },
  }
  const slot = await stage.slot(1_000_000)
  const bare = await bareBroadcast()
  const ours = await openCrowd(`${stage.node.address}/v1/live`, [
    { type: 'sign_in', token: null },
    { type: 'follow', topics: [`service:${stage.service}`] },
  ])
  const theirs = await openCrowd(bare.address, [])
  try {
    for (let round = -1; round < rounds; round++) {
      const reference = await theirs.timeToLast(() => void bare.child.send('now'))
      const time = await ours.timeToLast(() => holdOnce(stage, slot))
      // The first round warms both up.
      if (round >= 0) row.rounds.push({ ours: time, reference })
      await new Promise((resolve) => setTimeout(resolve, PAUSE_MS))
    }
  } finally {
    ours.close()
    theirs.close()
    await bare.stop()
  }
  return [row]
}

/** ws alone; sends everybody a frame when it is told to. */
export const bareBroadcast = (): Promise<Forked> => forked(import.meta.filename, ['broadcast'])

interface Crowd {
  /** Milliseconds from the call until every socket has heard a frame about it. */
  timeToLast(cause: () => unknown): Promise<number>
  close(): void
}

async function openCrowd(url: string, greeting: readonly object[]): Promise<Crowd> {
  const sockets: WebSocket[] = []
  let heard = 0
  let all = () => {}
  for (let i = 0; i < SOCKETS; i++) {
    const localAddress = `127.0.0.${2 + Math.floor(i / PER_ADDRESS)}`
    const socket = new WebSocket(url.replace('http', 'ws'), { localAddress })
    socket.on('message', (data: Buffer) => {
      // The node says `ready` too; only slot frames count.
      if (!data.includes('"slot"')) return
      heard += 1
      if (heard === SOCKETS) all()
    })
    sockets.push(socket)
    // Not all at once: the listener's queue is short.
    if (i % 100 === 99) await Promise.all(sockets.slice(-100).map(opened))
  }
  await Promise.all(sockets.map(opened))
  for (const socket of sockets) for (const frame of greeting) socket.send(JSON.stringify(frame))
  await new Promise((resolve) => setTimeout(resolve, 10 * PAUSE_MS))
  return {
    async timeToLast(cause) {
      heard = 0
      const done = new Promise<void>((resolve) => {
        all = resolve
      })
      const began = performance.now()
      await Promise.all([cause(), done])
      return performance.now() - began
    },
    close: () => {
      for (const socket of sockets) socket.terminate()
    },
  }
}

async function opened(socket: WebSocket): Promise<void> {
  if (socket.readyState !== socket.OPEN) await once(socket, 'open')
}

/** The reference: a bare ws server that sends one frame of the same size to all, when told. */
function broadcast(): void {
  const server = http.createServer()
  const sockets = new WebSocketServer({ server })
  const frame = JSON.stringify({
    type: 'slot',
    serviceId: '00000000-0000-4000-8000-000000000000',
    slotId: '00000000-0000-4000-8000-000000000000',
    left: 10,
    version: 1000,
  })
  process.on('message', () => {
    for (const client of sockets.clients) client.send(frame)
  })
  server.listen(0, '127.0.0.1', () => {
    process.send?.(`http://127.0.0.1:${(server.address() as AddressInfo).port}`)
  })
}

if (process.argv[2] === 'broadcast') broadcast()
