/**
 * The live socket: signs in, follows topics, reconnects by itself. It knows nothing of React or of
 * queries; following.tsx says what a hint means.
 */
import { backoffMs, type ClientFrame, type ServerFrame, type Topic } from '@jiyue/contract/live'

export interface LiveEvents {
  /** Signed in. `missed`: a connection was lost before, so anything may have happened meanwhile. */
  ready(now: string, missed: boolean): void
  /** Something about a topic is new, or may be: read again. A `slot` frame is that too for its service. */
  news(topic: Topic): void
  refused(code: string): void
  lost(): void
}

export interface Live {
  /** Follows topics until the returned function is called. The same topic may be followed twice. */
  follow(topics: readonly Topic[]): () => void
  /** Tries now instead of at the end of the wait: the network or the tab came back. */
  wake(): void
  close(): void
}

const pingMs = 20_000

/** Opens the socket and keeps it open until `close`. */
export function openLive(url: string, token: string, events: LiveEvents): Live {
  const followed = new Map<Topic, number>()
  let socket: WebSocket | null = null
  let state: 'waiting' | 'connecting' | 'ready' | 'closed' = 'waiting'
  let everReady = false
  let failed = 0
  let heard = true
  let retry: ReturnType<typeof setTimeout> | undefined
  let beat: ReturnType<typeof setInterval> | undefined

  function connect(): void {
    clearTimeout(retry)
    state = 'connecting'
    const mine = new WebSocket(url)
    socket = mine
    heard = true
    mine.onopen = () => send({ type: 'sign_in', token })
    mine.onmessage = ({ data }) => socket === mine && hear(JSON.parse(String(data)) as ServerFrame)
    mine.onclose = () => socket === mine && lose()
    clearInterval(beat)
    beat = setInterval(ping, pingMs)
  }

  function hear(frame: ServerFrame): void {
    heard = true
    if (frame.type === 'ready') welcome(frame.now)
    if (frame.type === 'hint') events.news(frame.topic)
    // What happened between a page's reading and its following was told to nobody.
    if (frame.type === 'following') frame.topics.forEach(events.news)
    if (frame.type === 'slot') events.news(`service:${frame.serviceId}`)
    if (frame.type === 'refused') events.refused(frame.code)
  }

  function welcome(now: string): void {
    state = 'ready'
    failed = 0
    const topics = [...followed.keys()]
    if (topics.length > 0) send({ type: 'follow', topics })
    events.ready(now, everReady)
    everReady = true
  }

  /** A dead line does not close itself for minutes: silence for one whole beat is a loss. */
  function ping(): void {
    if (heard) {
      heard = false
      send({ type: 'ping' })
    } else lose()
  }

  function lose(): void {
    const dead = socket
    socket = null
    hangUp(dead)
    clearInterval(beat)
    if (state === 'ready') events.lost()
    state = 'waiting'
    const wait = backoffMs(failed++)
    // Jitter: after a restart of the server not every console knocks in the same instant.
    retry = setTimeout(connect, wait * (0.5 + Math.random() / 2))
  }

  function send(frame: ClientFrame): void {
    if (socket?.readyState === WebSocket.OPEN) socket.send(JSON.stringify(frame))
  }

  /** Counts followers of each topic; tells the server of the first and of the last. */
  function count(topics: readonly Topic[], by: 1 | -1): void {
    const turned = topics.filter((topic) => {
      const before = followed.get(topic) ?? 0
      if (before + by > 0) followed.set(topic, before + by)
      else followed.delete(topic)
      return before === 0 || before + by === 0
    })
    if (state !== 'ready' || turned.length === 0) return
    send({ type: by === 1 ? 'follow' : 'unfollow', topics: turned })
  }

  connect()
  return {
    follow(topics) {
      count(topics, 1)
      return () => count(topics, -1)
    },
    wake() {
      if (state === 'waiting') connect()
      else if (state === 'ready') send({ type: 'ping' })
    },
    close() {
      state = 'closed'
      clearTimeout(retry)
      clearInterval(beat)
      const mine = socket
      socket = null
      hangUp(mine)
    },
  }
}

/** One that is still connecting ends once it stands: ended earlier, a browser logs it as a fault. */
function hangUp(socket: WebSocket | null): void {
  if (socket?.readyState === WebSocket.CONNECTING) socket.onopen = () => socket.close()
  else socket?.close()
}
