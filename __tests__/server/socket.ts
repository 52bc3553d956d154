/** One live socket as a front holds it, for the tests: what it says, and everything it hears. */
import type { ClientFrame, ServerFrame } from '@jiyue/contract/live'
import WebSocket from 'ws'
import { until } from '../world.ts'

export interface Ear {
  heard: ServerFrame[]
  say(frame: ClientFrame): void
  /** Bytes as they are, for what no front would say. */
  raw(data: string | Buffer): void
  /** Waits for the first frame that fits, from `from` on. */
  hears(fits: (frame: ServerFrame) => boolean, from?: number): Promise<ServerFrame>
  /** Waits until everything said so far has been answered. */
  settled(): Promise<void>
  closed: Promise<number>
  close(): Promise<number>
}

/** Opens a socket of the server at `url` and waits until it stands. */
export async function openEar(url: string): Promise<Ear> {
  const socket = new WebSocket(`${url.replace('http', 'ws')}/v1/live`)
  const heard: ServerFrame[] = []
  socket.on('message', (data) => heard.push(JSON.parse(String(data))))
  socket.on('error', () => {}) // what follows is its close, and that is what tests look at
  const closed = new Promise<number>((resolve) => socket.once('close', resolve))
  await new Promise((resolve, reject) => {
    socket.once('open', resolve)
    socket.once('error', reject)
  })
  const say = (frame: ClientFrame) => socket.send(JSON.stringify(frame))
  const hears: Ear['hears'] = (fits, from = 0) =>
    until('a frame', async () => heard.slice(from).find(fits))
  return {
    heard,
    say,
    raw: (data) => socket.send(data),
    hears,
    async settled() {
      const from = heard.length
      say({ type: 'ping' })
      await hears((frame) => frame.type === 'pong', from)
    },
    closed,
    close() {
      socket.close()
      return closed
    },
  }
}
