/**
 * Who follows what, and how frames reach them: each is written once, many changes of a slot become
 * ten frames a second at the most, thousands of sockets are served in slices, and a socket that
 * cannot keep up is told to read again when it can.
 */
import type { ServerFrame, Topic } from '@jiyue/contract/live'
import type { WebSocket } from 'ws'
import type { News } from './bus.ts'
import { createSlices } from './slices.ts'

/** A socket with what it follows. */
export interface Follower {
  socket: WebSocket
  topics: Set<Topic>
  /** Topics of which it missed frames because it was behind. */
  missed: Set<Topic>
}

export interface Audience {
  follow(one: Follower, topic: Topic): void
  unfollow(one: Follower, topic: Topic): void
  /** Forgets a follower with all its topics. */
  leave(one: Follower): void
  /** Tells everybody whom it concerns. */
  deliver(news: News): void
  close(): void
}

export interface AudienceLimits {
  /** Shortest time between two frames of one slot, ms. */
  slotEveryMs: number
  /** A socket this many bytes behind gets no frames until it has caught up. */
  slowBytes: number
}

export const usualAudience: AudienceLimits = { slotEveryMs: 100, slowBytes: 256 * 1024 }

type SlotNews = News['slots'][number]
interface Paced {
  /** When a frame of it went out last, ms of the process's clock. */
  at: number
  /** What to say when its time comes; null when all is said. */
  next: SlotNews | null
}

/** `seen` hears how many frames were sent, and how many not to sockets that are behind. */
export function createAudience(
  { slotEveryMs, slowBytes }: AudienceLimits = usualAudience,
  seen: (sent: number, dropped: number) => void = () => {},
): Audience {
  const followers = new Map<Topic, Set<Follower>>()
  const behind = new Set<Follower>()
  const paced = new Map<string, Paced>()
  const slices = createSlices()
  let timer: NodeJS.Timeout | null = null

  /** The first change of a slot is told at once, what follows too soon when its time comes. */
  function pace(slot: SlotNews): void {
    const now = performance.now()
    const before = paced.get(slot.slotId)
    const isNews = !before?.next || before.next.version < slot.version
    if (before && now - before.at < slotEveryMs) {
      if (isNews) before.next = slot
      return
    }
    paced.set(slot.slotId, { at: now, next: null })
    spread(`service:${slot.serviceId}`, { type: 'slot', ...slot })
    timer ??= setInterval(beat, slotEveryMs)
  }

  function beat(): void {
    const now = performance.now()
    for (const [slotId, { at, next }] of paced) {
      if (now - at < slotEveryMs) continue
      paced.delete(slotId)
      if (next) pace(next)
    }
    for (const one of behind) if (one.socket.bufferedAmount === 0) catchUp(one)
    if (paced.size > 0 || behind.size > 0 || !timer) return
    clearInterval(timer)
    timer = null
  }

  function spread(topic: Topic, frame: ServerFrame): void {
    const to = followers.get(topic)
    if (!to) return
    const text = JSON.stringify(frame)
    slices.each(to, (one) => {
      if (one.socket.bufferedAmount < slowBytes) {
        one.socket.send(text)
        return seen(1, 0)
      }
      seen(0, 1)
      one.missed.add(topic)
      behind.add(one)
      timer ??= setInterval(beat, slotEveryMs)
    })
  }

  function catchUp(one: Follower): void {
    behind.delete(one)
    for (const topic of one.missed) {
      if (one.topics.has(topic)) one.socket.send(JSON.stringify({ type: 'hint', topic }))
    }
    one.missed.clear()
  }

  function unfollow(one: Follower, topic: Topic): void {
    one.topics.delete(topic)
    const others = followers.get(topic)
    others?.delete(one)
    if (others?.size === 0) followers.delete(topic)
  }

  return {
    follow(one, topic) {
      one.topics.add(topic)
      const others = followers.get(topic) ?? new Set()
      followers.set(topic, others.add(one))
    },
    unfollow,
    leave(one) {
      for (const topic of [...one.topics]) unfollow(one, topic)
      behind.delete(one)
    },
    deliver(news) {
      for (const slot of news.slots) {
        pace(slot)
        const waits: Topic = `waits:${slot.slotId}`
        spread(waits, { type: 'hint', topic: waits })
      }
      for (const one of news.queues ?? [])
        spread(`queue:${one.serviceId}`, { type: 'queue', ...one })
      for (const topic of news.topics) spread(topic, { type: 'hint', topic })
    },
    close() {
      if (timer) clearInterval(timer)
      timer = null
    },
  }
}
