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
import { type Caller, callerOf } from '../people/sessions.ts'
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
  caller: Caller | null
  topics: Set<Topic>
  alive: boolean
}

/** A client this far behind gets no more frames until it has caught up; hints make up for them. */
const SLOW_BYTES = 256 * 1024
const FRAME_BYTES = 8 * 1024
const HEARTBEAT_MS = 30_000

export function liveRoutes(app: FastifyInstance, parts: Parts): void {
  const listeners = new Set<Listener>()
  const stopHearing = parts.bus.hear((news) => deliver(listeners, news))
  parts.bus.onGap(() => {
    for (const { socket } of listeners) socket.close(1012, 'read again')
  })
  const heartbeat = setInterval(() => dropSilent(listeners), HEARTBEAT_MS)
  app.addHook('preClose', async () => {
    clearInterval(heartbeat)
    stopHearing()
    for (const { socket } of listeners) socket.close(1001, 'restarting')
  })

  app.get('/v1/live', { websocket: true, schema: { hide: true } }, (socket: WebSocket) => {
    const listener: Listener = { socket, caller: null, topics: new Set(), alive: true }
    listeners.add(listener)
    // Frames of one socket are answered in order, also while an earlier one asks the database.
    let line = Promise.resolve()
    socket.on('message', (data: Buffer) => {
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
      // Whoever it is now follows anew, by their own rights.
      for (const one of listener.topics) if (!isPublic(one)) listener.topics.delete(one)
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
function deliver(listeners: ReadonlySet<Listener>, news: News): void {
  for (const slot of news.slots) {
    spread(listeners, `service:${slot.serviceId}`, { type: 'slot', ...slot })
  }
  for (const one of news.topics) spread(listeners, one, { type: 'hint', topic: one })
}

function spread(listeners: ReadonlySet<Listener>, to: Topic, frame: ServerFrame): void {
  const text = JSON.stringify(frame)
  for (const { socket, topics } of listeners) {
    if (topics.has(to) && socket.bufferedAmount < SLOW_BYTES) socket.send(text)
  }
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
    listener.socket.ping()
  }
}
