/**
 * The sockets of `/v1/live` (T1, contract/live.ts). A topic is followed only by whom it concerns:
 * services, their queues and waiting lists by anyone, an order by its user or the merchant, an inbox by its person,
 * the console by the merchant.
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
import { type Audience, createAudience, type Follower, usualAudience } from './audience.ts'
import { createSlices } from './slices.ts'

const TOPIC =
  /^(console|(service|queue|waits|order|inbox):[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12})$/
const topic = z.custom<Topic>((value) => typeof value === 'string' && TOPIC.test(value))
const topics = z.array(topic).max(topicsPerSocket)
const clientFrame = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('sign_in'), token: z.string().max(100).nullable() }),
  z.strictObject({ type: z.literal('follow'), topics }),
  z.strictObject({ type: z.literal('unfollow'), topics }),
  z.strictObject({ type: z.literal('ping') }),
])

interface Listener extends Follower {
  address: string
  caller: Caller | null
  token: string | null
  alive: boolean
  /** Frames heard since the last heartbeat. */
  frames: number
}

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
  const perAddress = new Map<string, number>()
  const audience = createAudience(usualAudience, parts.metrics?.frames)
  const slices = createSlices()
  const drop = (who: (one: Listener) => boolean) =>
    dropSignedOut(parts, audience, [...listeners].filter(who)).catch((error) =>
      parts.log.error({ err: error }, 'live sign-out'),
    )
  const stopHearing = parts.bus.hear((news) => {
    audience.deliver(news)
    // An account that was ended hears nothing more from this moment, not from the next beat on.
    if (news.signedOut) void drop(({ caller }) => caller?.kind === 'person')
  })
  parts.metrics?.socketsAre(() => listeners.size)
  parts.bus.onGap(() => {
    for (const { socket } of listeners) socket.close(1012, 'read again')
  })
  const heartbeat = setInterval(() => {
    slices.each(listeners, dropSilent)
    void drop(({ token }) => token !== null)
  }, beatMs)
  app.addHook('preClose', async () => {
    clearInterval(heartbeat)
    stopHearing()
    audience.close()
    for (const { socket } of listeners) socket.close(1001, 'restarting')
  })

  app.get('/v1/live', { websocket: true, schema: { hide: true } }, (socket, { ip }) => {
    const listener = newListener(socket, ip)
    const others = perAddress.get(ip) ?? 0
    if (others >= socketsPerAddress) return socket.close(TOO_MUCH, 'too many')
    perAddress.set(ip, others + 1)
    listeners.add(listener)
    // Frames of one socket are answered in order, also while an earlier one asks the database.
    let line = Promise.resolve()
    socket.on('message', (data: Buffer) => {
      listener.frames += 1
      if (listener.frames > framesPerBeat) return socket.close(TOO_MUCH, 'too many frames')
      line = line
        .then(() => answer(parts, audience, listener, data))
        .catch((error) => {
          parts.log.error({ err: error }, 'live frame failed')
          socket.close(1011)
        })
    })
    socket.on('pong', () => {
      listener.alive = true
    })
    socket.on('error', () => socket.terminate())
    socket.on('close', () => {
      listeners.delete(listener)
      audience.leave(listener)
      const left = (perAddress.get(ip) ?? 1) - 1
      if (left > 0) perAddress.set(ip, left)
      else perAddress.delete(ip)
    })
  })
}

function newListener(socket: WebSocket, address: string): Listener {
  const following = { topics: new Set<Topic>(), missed: new Set<Topic>() }
  return { socket, address, caller: null, token: null, ...following, alive: true, frames: 0 }
}

/** Options of the socket server: frames of phones are small. */
export const socketOptions = { maxPayload: FRAME_BYTES }

async function answer(
  parts: Parts,
  audience: Audience,
  listener: Listener,
  data: Buffer,
): Promise<void> {
  const frame = readFrame(data)
  if (!frame) return send(listener, { type: 'refused', code: 'malformed' })
  switch (frame.type) {
    case 'ping':
      return send(listener, { type: 'pong', now: parts.now().toISOString() })
    case 'sign_in': {
      listener.caller = frame.token ? await callerOf(parts.db, frame.token, parts.now()) : null
      listener.token = listener.caller && frame.token
      // Whoever it is now follows anew, by their own rights.
      forgetPrivate(audience, listener)
      if (frame.token && !listener.caller)
        send(listener, { type: 'refused', code: 'unauthenticated' })
      return send(listener, { type: 'ready', now: parts.now().toISOString() })
    }
    case 'unfollow':
      for (const one of frame.topics) audience.unfollow(listener, one)
      return
    case 'follow':
      for (const one of frame.topics) await follow(parts, audience, listener, one)
      return send(listener, {
        type: 'following',
        topics: frame.topics.filter((one) => listener.topics.has(one)),
      })
  }
}

async function follow(
  parts: Parts,
  audience: Audience,
  listener: Listener,
  one: Topic,
): Promise<void> {
  if (listener.topics.has(one)) return
  if (listener.topics.size >= topicsPerSocket) {
    return send(listener, { type: 'refused', code: 'too_many_requests', topic: one })
  }
  if (!(await mayFollow(parts, listener.caller, one))) {
    return send(listener, { type: 'refused', code: 'not_found', topic: one })
  }
  // The socket may have closed while its right was asked for.
  if (listener.socket.readyState === listener.socket.OPEN) audience.follow(listener, one)
}

async function mayFollow(parts: Parts, caller: Caller | null, one: Topic): Promise<boolean> {
  if (isPublic(one)) return true
  if (one.startsWith('inbox:')) return caller?.kind === 'user' && one === `inbox:${caller.id}`
  if (caller?.kind === 'person') return true
  if (one === 'console' || caller === null) return false
  return (await ownOrder(parts.db, one.slice('order:'.length), caller.id)) !== null
}

const isPublic = (one: Topic) => /^(service|queue|waits):/.test(one)

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

function dropSilent(listener: Listener): void {
  if (!listener.alive) listener.socket.terminate()
  listener.alive = false
  listener.frames = 0
  listener.socket.ping()
}

/** Who signed out, or whose session ran out, hears nothing private any more. */
async function dropSignedOut(
  parts: Parts,
  audience: Audience,
  signedIn: readonly Listener[],
): Promise<void> {
  const tokens = [...new Set(signedIn.flatMap(({ token }) => token ?? []))]
  const open = await stillOpen(parts.db, tokens, parts.now())
  for (const listener of signedIn) {
    if (listener.token === null || open.has(listener.token)) continue
    listener.caller = null
    listener.token = null
    forgetPrivate(audience, listener)
    send(listener, { type: 'refused', code: 'unauthenticated' })
  }
}

function forgetPrivate(audience: Audience, listener: Listener): void {
  for (const one of [...listener.topics]) if (!isPublic(one)) audience.unfollow(listener, one)
}
