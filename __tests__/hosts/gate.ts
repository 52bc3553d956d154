/**
 * The one way out of a host: real HTTP and real sockets, to the product's origin only, which leads
 * to a local server as a name server would. Every other address is refused, as the hosts do with
 * domains that are not on the merchant's list.
 */
import http from 'node:http'
import WebSocket from 'ws'
import type { Work } from './work.ts'

/** What the builds call home (config/index.ts). */
const ORIGIN = 'https://api.jiyue.example'

export interface Answered {
  status: number
  headers: Record<string, string>
  text: string
  bytes: Buffer
}
/** Why there is no answer, in no host's words. */
export type Silence = 'domain' | 'offline' | 'timeout' | 'abort'

export interface Asked {
  url: string
  method: string
  headers: Record<string, string>
  body: string | null
  timeoutMs: number
}

export interface SocketEars {
  open(): void
  message(text: string): void
  /** Once; `failed` when the connection never came about or broke. */
  close(failed: boolean): void
}

export interface Gate {
  /** The answer takes the question back. */
  ask(asked: Asked, answer: (result: Answered | Silence) => void): () => void
  connect(url: string, ears: SocketEars): { send(text: string): void; close(): void }
  /** Cuts the line, or mends it. What is under way when it is cut is lost. */
  cut(off: boolean): void
  isCut(): boolean
  end(): void
}

/** `api` is where the local server listens, `http://127.0.0.1:<port>`. */
export function openGate(api: string, work: Work): Gate {
  let off = false
  /** Ends whatever is open. */
  const open = new Set<() => void>()

  function ask(asked: Asked, answer: (result: Answered | Silence) => void): () => void {
    const end = work.begin(`${asked.method} ${asked.url}`)
    let over = false
    const settle = (result: Answered | Silence) => {
      if (over) return
      over = true
      open.delete(lose)
      clearTimeout(timer)
      request?.destroy()
      // Hosts answer in a turn of their own.
      setImmediate(() => {
        answer(result)
        end()
      })
    }
    const lose = () => settle('offline')
    const timer = setTimeout(() => settle('timeout'), asked.timeoutMs)
    timer.unref()
    open.add(lose)
    let request: http.ClientRequest | undefined
    if (!asked.url.startsWith(`${ORIGIN}/`)) settle('domain')
    else if (off) settle('offline')
    else {
      const { method, body } = asked
      const length = body === null ? {} : { 'content-length': Buffer.byteLength(body) }
      const headers = { ...asked.headers, ...length }
      request = http.request(api + asked.url.slice(ORIGIN.length), { method, headers })
      request.on('error', lose)
      request.on('response', (response) => {
        const parts: Buffer[] = []
        response.on('data', (part: Buffer) => parts.push(part))
        response.on('end', () => {
          const bytes = Buffer.concat(parts)
          const status = response.statusCode ?? 0
          settle({ status, headers: plain(response.headers), text: bytes.toString(), bytes })
        })
        response.on('error', lose)
      })
      request.end(body ?? undefined)
    }
    return () => settle('abort')
  }

  function connect(url: string, ears: SocketEars): { send(text: string): void; close(): void } {
    const home = ORIGIN.replace('https', 'wss')
    if (off || !url.startsWith(`${home}/`)) {
      work.soon(`refuse ${url}`, () => ears.close(true))
      return { send: () => undefined, close: () => undefined }
    }
    const socket = new WebSocket(api.replace('http', 'ws') + url.slice(home.length))
    const drop = () => socket.terminate()
    open.add(drop)
    let failed = false
    socket.on('open', ears.open)
    socket.on('message', (data) => {
      ears.message(String(data))
      work.stirred()
    })
    socket.on('error', () => {
      failed = true
    })
    socket.on('close', () => {
      open.delete(drop)
      ears.close(failed)
      work.stirred()
    })
    return { send: (text) => socket.send(text), close: () => socket.close() }
  }

  const endAll = () => {
    for (const end of Array.from(open)) end()
  }
  return {
    ask,
    connect,
    isCut: () => off,
    cut(now) {
      off = now
      if (off) endAll()
    },
    end: endAll,
  }
}

function plain(headers: http.IncomingHttpHeaders): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name, String(value ?? '')]),
  )
}
