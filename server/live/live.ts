/**
 * The sockets of `/v1/live` (T1, contract/live.ts). A topic is followed only by whom it concerns:
 * services by anyone, an order by its user or the merchant, the console by the merchant.
 */
import {
  type ClientFrame,
  type ServerFrame,
  type Topic,
  topicsPerSocket,
} from '@jiyue/contract/live'
import type { FastifyInstance } from 'fastify'
import type { WebSocket } from 'ws'
import { z } from 'zod'
import { ownOrder } from '../order/order.ts'
import type { Parts } from '../parts.ts'
import { type Caller, callerOf, stillOpen } from '../people/sessions.ts'
import type { News } from './bus.ts'

const TOPIC = /^(console|(service|order):[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12})$/
const topic = z.custom<Topic>((value) => typeof value === 'string' && TOPIC.test(value))
const topics = z.array(topic).max(topicsPerSocket)
const clientFrame = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('sign_in'), token: z.string().max(100).nullable() }),
  z.strictObject({ type: z.literal('follow'), topics }),
  z.strictObject({ type: z.literal('unfollow'), topics }),
  z.strictObject({ type: z.literal('ping') }),
])

interface Listener {
  socket: WebSocket
  address: string
  caller: Caller | null
  token: string | null
  topics: Set<Topic>
  alive: boolean
  /** Frames heard since the last heartbeat. */
  frames: number
}

/** A client this far behind gets no more frames until it has caught up; hints make up for them. */
const SLOW_BYTES = 256 * 1024
const FRAME_BYTES = 8 * 1024
const HEARTBEAT_MS = 30_000
/** A phone sends a handful of frames a page; this many in one heartbeat is a program gone wild. */
const FRAMES_PER_BEAT = 300
/** Many people stand behind one address of a mobile network, but not without end. */
const SOCKETS_PER_ADDRESS = 2_000
/** Closing for more than is fair (RFC 6455 7.4.1, policy violation). */
const TOO_MUCH = 1008

export interface LiveLimits {
  beatMs: number
  framesPerBeat: number
  socketsPerAddress: number
}

const usualLimits: LiveLimits = {
  beatMs: HEARTBEAT_MS,
  framesPerBeat: FRAMES_PER_BEAT,
  socketsPerAddress: SOCKETS_PER_ADDRESS,
}

/** `limits` are for tests. */
export function liveRoutes(
  app: FastifyInstance,
  parts: Parts,
  limits: Partial<LiveLimits> = {},
): void {
  const { beatMs, framesPerBeat, socketsPerAddress } = { ...usualLimits, ...limits }
  const listeners = new Set<Listener>()
  const stopHearing = parts.bus.hear((news) => deliver(listeners, news, parts.metrics?.frames))
  parts.metrics?.socketsAre(() => listeners.size)
  parts.bus.onGap(() => {
    for (const { socket } of listeners) socket.close(1012, 'read again')
  })
  const heartbeat = setInterval(() => {
    dropSilent(listeners)
    dropSignedOut(parts, listeners).catch((error) => parts.log.error({ err: error }, 'live beat'))
  }, beatMs)
  app.addHook('preClose', async () => {
    clearInterval(heartbeat)
    stopHearing()
    for (const { socket } of listeners) socket.close(1001, 'restarting')
  })

  app.get('/v1/live', { websocket: true, schema: { hide: true } }, (socket, { ip }) => {
    const listener = newListener(socket, ip)
    if (countOf(listeners, ip) >= socketsPerAddress) return socket.close(TOO_MUCH, 'too many')
    listeners.add(listener)
    // Frames of one socket are answered in order, also while an earlier one asks the database.
    let line = Promise.resolve()
    socket.on('message', (data: Buffer) => {
      listener.frames += 1
      if (listener.frames > framesPerBeat) return socket.close(TOO_MUCH, 'too many frames')
      line = line
        .then(() => answer(parts, listener, data))
        .catch((error) => {
          parts.log.error({ err: error }, 'live frame failed')
          socket.close(1011)
        })
    })
    socket.on('pong', () => {
      listener.alive = true
    })
    socket.on('error', () => socket.terminate())
    socket.on('close', () => listeners.delete(listener))
  })
}

function newListener(socket: WebSocket, address: string): Listener {
  const topics = new Set<Topic>()
  return { socket, address, caller: null, token: null, topics, alive: true, frames: 0 }
}

function countOf(listeners: ReadonlySet<Listener>, address: string): number {
  let count = 0
  for (const listener of listeners) if (listener.address === address) count += 1
  return count
}

/** Options of the socket server: frames of phones are small. */
export const socketOptions = { maxPayload: FRAME_BYTES }

async function answer(parts: Parts, listener: Listener, data: Buffer): Promise<void> {
  const frame = readFrame(data)
  if (!frame) return send(listener, { type: 'refused', code: 'malformed' })
  switch (frame.type) {
    case 'ping':
      return send(listener, { type: 'pong', now: parts.now().toISOString() })
    case 'sign_in': {
      listener.caller = frame.token ? await callerOf(parts.db, frame.token, parts.now()) : null
      listener.token = listener.caller && frame.token
      // Whoever it is now follows anew, by their own rights.
      forgetPrivate(listener)
      if (frame.token && !listener.caller)
        send(listener, { type: 'refused', code: 'unauthenticated' })
      return send(listener, { type: 'ready', now: parts.now().toISOString() })
    }
    case 'unfollow':
      for (const one of frame.topics) listener.topics.delete(one)
      return
    case 'follow':
      for (const one of frame.topics) await follow(parts, listener, one)
  }
}

async function follow(parts: Parts, listener: Listener, one: Topic): Promise<void> {
  if (listener.topics.has(one)) return
  if (listener.topics.size >= topicsPerSocket) {
    return send(listener, { type: 'refused', code: 'too_many_requests', topic: one })
  }
  if (!(await mayFollow(parts, listener.caller, one))) {
    return send(listener, { type: 'refused', code: 'not_found', topic: one })
  }
  listener.topics.add(one)
}

async function mayFollow(parts: Parts, caller: Caller | null, one: Topic): Promise<boolean> {
  if (isPublic(one)) return true
  if (caller?.kind === 'person') return true
  if (one === 'console' || caller === null) return false
  return (await ownOrder(parts.db, one.slice('order:'.length), caller.id)) !== null
}

const isPublic = (one: Topic) => one.startsWith('service:')

/** Each frame is written once and sent to whom it concerns. */
function deliver(listeners: ReadonlySet<Listener>, news: News, seen?: Seen): void {
  for (const slot of news.slots) {
    spread(listeners, `service:${slot.serviceId}`, { type: 'slot', ...slot }, seen)
  }
  for (const one of news.topics) spread(listeners, one, { type: 'hint', topic: one }, seen)
}

/** Hears how many got a frame, and how many were too far behind. */
type Seen = (sent: number, dropped: number) => void

function spread(
  listeners: ReadonlySet<Listener>,
  to: Topic,
  frame: ServerFrame,
  seen?: Seen,
): void {
  const text = JSON.stringify(frame)
  let [sent, dropped] = [0, 0]
  for (const { socket, topics } of listeners) {
    if (!topics.has(to)) continue
    if (socket.bufferedAmount < SLOW_BYTES) {
      socket.send(text)
      sent += 1
    } else dropped += 1
  }
  if (sent + dropped > 0) seen?.(sent, dropped)
}

function send({ socket }: Listener, frame: ServerFrame): void {
  socket.send(JSON.stringify(frame))
}

function readFrame(data: Buffer): ClientFrame | null {
  try {
    const parsed = clientFrame.safeParse(JSON.parse(data.toString('utf8')))
    return parsed.success ? parsed.data : null
  } catch {
    return null // not JSON: answered as malformed
  }
}

function dropSilent(listeners: ReadonlySet<Listener>): void {
  for (const listener of listeners) {
    if (!listener.alive) listener.socket.terminate()
    listener.alive = false
    listener.frames = 0
    listener.socket.ping()
  }
}

/** Who signed out, or whose session ran out, hears nothing private any more. */
async function dropSignedOut(parts: Parts, listeners: ReadonlySet<Listener>): Promise<void> {
  const signedIn = [...listeners].filter(({ token }) => token !== null)
  const tokens = [...new Set(signedIn.map(({ token }) => token as string))]
  const open = await stillOpen(parts.db, tokens, parts.now())
  for (const listener of signedIn) {
    if (listener.token === null || open.has(listener.token)) continue
    listener.caller = null
    listener.token = null
    forgetPrivate(listener)
    send(listener, { type: 'refused', code: 'unauthenticated' })
  }
}

function forgetPrivate({ topics }: Listener): void {
  for (const one of topics) if (!isPublic(one)) topics.delete(one)
}
