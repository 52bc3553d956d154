/**
 * The phone's end of `/v1/live` (T1). Pages follow topics; this keeps one socket for all of them,
 * opens it when somebody follows, comes back with patience after a break, and then makes everybody
 * read again what they follow, so that a gap can hide nothing.
 */
import { backoffMs, type ClientFrame, type ServerFrame, type Topic } from '@jiyue/contract/live'
import { createStore, type StoreApi } from 'zustand/vanilla'
import type { Clock } from '../lib/clock.ts'
import type { Phone, Socket } from '../lib/phone.ts'

export interface Follower {
  /** Read again: something changed, or may have changed while nobody listened. */
  hint(): void
  slot?(frame: Extract<ServerFrame, { type: 'slot' }>): void
  queue?(frame: Extract<ServerFrame, { type: 'queue' }>): void
}

export interface Live {
  store: StoreApi<{ state: 'off' | 'connecting' | 'on' | 'waiting' }>
  /** Follows a topic until the answer is called. */
  follow(topic: Topic, follower: Follower): () => void
  /** The app is in front again or the network is back: connect now, read again. */
  wake(): void
  /** Another person (or nobody) is signed in: the server must know. */
  signAgain(): void
}

/** A ping each time this passes, so that proxies keep the line and a dead one shows itself. */
const pingMs = 20_000
const silenceMs = 45_000

export function createLive(
  phone: Pick<Phone, 'openSocket' | 'now' | 'later'>,
  clock: Clock,
  token: () => string | null,
): Live {
  const store = createStore<{ state: 'off' | 'connecting' | 'on' | 'waiting' }>(() => ({
    state: 'off',
  }))
  const followers = new Map<Topic, Set<Follower>>()
  let socket: Socket | null = null
  let failed = 0
  let stopTimer = () => {}
  let pingedAt = 0
  let heardAt = 0

  const topics = () => Array.from(followers.keys())
  const say = (frame: ClientFrame) => socket?.send(JSON.stringify(frame))

  function connect() {
    stopTimer()
    if (socket || followers.size === 0) return
    store.setState({ state: 'connecting' })
    heardAt = phone.now()
    const mine: Socket = phone.openSocket('/v1/live', {
      onOpen: () => {
        if (socket !== mine) return
        pingedAt = phone.now()
        say({ type: 'sign_in', token: token() })
      },
      onMessage: (text) => {
        if (socket === mine) hear(JSON.parse(text) as ServerFrame)
      },
      onClose: () => {
        if (socket === mine) lost()
      },
    })
    socket = mine
    stopTimer = phone.later(pingMs, watch)
  }

  function hear(frame: ServerFrame) {
    heardAt = phone.now()
    if (frame.type === 'ready') return ready(frame.now)
    if (frame.type === 'pong') return clock.heard(frame.now, pingedAt, heardAt)
    if (frame.type === 'hint') return each(frame.topic, (one) => one.hint())
    // What happened between a page's reading and its following was told to nobody.
    if (frame.type === 'following') return readAgain(frame.topics)
    if (frame.type === 'queue') each(`queue:${frame.serviceId}`, (one) => one.queue?.(frame))
    if (frame.type === 'slot') each(`service:${frame.serviceId}`, (one) => one.slot?.(frame))
  }

  function ready(now: string) {
    clock.heard(now, pingedAt, heardAt)
    failed = 0
    store.setState({ state: 'on' })
    say({ type: 'follow', topics: topics() })
  }

  function lost() {
    socket = null
    stopTimer()
    if (followers.size === 0) return store.setState({ state: 'off' })
    store.setState({ state: 'waiting' })
    // Jitter of a half: a thousand phones must not come back in one second.
    const wait = backoffMs(failed++) * (0.5 + Math.random() / 2)
    stopTimer = phone.later(wait, connect)
  }

  function watch() {
    if (!socket) return
    if (followers.size === 0) return hangUp()
    if (phone.now() - heardAt > silenceMs) {
      socket.close()
      return lost()
    }
    pingedAt = phone.now()
    say({ type: 'ping' })
    stopTimer = phone.later(pingMs, watch)
  }

  function hangUp() {
    stopTimer()
    socket?.close()
    socket = null
    store.setState({ state: 'off' })
  }

  function each(topic: Topic, tell: (one: Follower) => void) {
    for (const one of Array.from(followers.get(topic) ?? [])) tell(one)
  }

  function readAgain(which: readonly Topic[]) {
    for (const topic of which) each(topic, (one) => one.hint())
  }

  return {
    store,
    follow(topic, follower) {
      const known = followers.get(topic)
      if (known) known.add(follower)
      else {
        followers.set(topic, new Set([follower]))
        if (store.getState().state === 'on') say({ type: 'follow', topics: [topic] })
      }
      connect()
      return () => {
        const rest = followers.get(topic)
        if (!rest?.delete(follower) || rest.size > 0) return
        followers.delete(topic)
        if (store.getState().state === 'on') say({ type: 'unfollow', topics: [topic] })
      }
    },
    wake() {
      failed = 0
      if (followers.size === 0) return hangUp()
      if (store.getState().state === 'on') {
        pingedAt = phone.now()
        say({ type: 'ping' })
        return readAgain(topics())
      }
      if (!socket) connect()
    },
    signAgain() {
      hangUp()
      connect()
    },
  }
}
