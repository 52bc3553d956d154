/** A phone of glass for store tests: time stands until it is moved, storage and sockets are seen. */
import type { Answer, Request } from '@jiyue/contract/client'
import type { ClientFrame, ServerFrame } from '@jiyue/contract/live'
import type { Phone, SocketHandlers } from '../../src/lib/phone.ts'

export interface GlassSocket {
  sent: ClientFrame[]
  closed: boolean
  open(): void
  say(frame: ServerFrame): void
  drop(): void
}

export interface GlassPhone extends Phone {
  asked: Request[]
  kept: Map<string, string>
  sockets: GlassSocket[]
  /** Lets time pass, timers run in order, and everything they started settle. */
  pass(ms: number): Promise<void>
}

export const settle = () => new Promise<void>((done) => setImmediate(done))

export function glassPhone(
  answer: (request: Request) => Answer | Promise<Answer>,
  kept = new Map<string, string>(),
): GlassPhone {
  let now = Date.parse('2026-11-22T02:00:00Z')
  let made = 0
  let timers: { at: number; run: () => void }[] = []
  const asked: Request[] = []
  const sockets: GlassSocket[] = []
  return {
    asked,
    kept,
    sockets,
    scene: () => 'h5',
    async send(request) {
      asked.push(structuredClone(request))
      return answer(request)
    },
    storage: {
      get: <T>(name: string) => {
        const text = kept.get(name)
        return text === undefined ? undefined : (JSON.parse(text) as T)
      },
      set: (name, value) => kept.set(name, JSON.stringify(value)) === kept,
      remove: (name) => void kept.delete(name),
      names: () => [...kept.keys()],
    },
    openSocket(_path, handlers) {
      const socket = glassSocket(handlers)
      sockets.push(socket)
      return {
        send(text) {
          const frame = JSON.parse(text) as ClientFrame
          socket.sent.push(frame)
          // As the server does: the answer to a follow says from where on nothing is missed.
          if (frame.type === 'follow') socket.say({ type: 'following', topics: frame.topics })
        },
        close: () => {
          socket.closed = true
        },
      }
    },
    pay: async () => 'unknown',
    loginCode: async () => ({ host: 'h5' }),
    webSignIn: null,
    cashierReturn: () => null,
    onCashierReturn: () => () => {},
    choosePicture: async () => null,
    choosePlace: async () => null,
    placeWords: '在地图上选择',
    askConsents: async () => null,
    openDocument: async () => true,
    secret: () => `secret${String(++made).padStart(26, '0')}`,
    now: () => now,
    newId: () => `01a20000-0000-7000-8000-${String(++made).padStart(12, '0')}`,
    later(ms, run) {
      const timer = { at: now + ms, run }
      timers.push(timer)
      return () => {
        timers = timers.filter((one) => one !== timer)
      }
    },
    async pass(ms) {
      const end = now + ms
      await settle()
      for (;;) {
        const due = timers.filter(({ at }) => at <= end).sort((a, b) => a.at - b.at)[0]
        if (!due) break
        timers = timers.filter((one) => one !== due)
        now = due.at
        due.run()
        await settle()
      }
      now = end
    },
  }
}

function glassSocket({ onOpen, onMessage, onClose }: SocketHandlers): GlassSocket {
  return {
    sent: [],
    closed: false,
    open: onOpen,
    say: (frame) => onMessage(JSON.stringify(frame)),
    drop: onClose,
  }
}

export const offline: Answer = { status: 0, cause: 'offline' }
export const ok = (body: unknown): Answer => ({ status: 200, body })
export const no = (status: number, code: string): Answer => ({
  status,
  body: { error: { code, message: code, requestId: 'r' } },
})
