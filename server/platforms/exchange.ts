/**
 * One HTTP exchange with a platform: limits of time and size, raw bytes, bounded repeats. Never throws
 * for I/O.
 */
import { setTimeout as delay } from 'node:timers/promises'

/** How a wire reaches its platform. Tests put in their own `fetch` and a `pause` that does not wait. */
export interface Wire {
  fetch: typeof globalThis.fetch
  /** Limit of one attempt, headers and body together. */
  timeoutMs: number
  /** Largest body, after HTTP's own unpacking. Answers of an API have a few KB; files say more. */
  maxBytes: number
  /** Attempts in all; 1 where a repeat would do the thing twice. */
  attempts: number
  pause(ms: number): Promise<unknown>
}

export interface Outgoing {
  url: URL
  method: 'GET' | 'POST'
  headers?: Record<string, string>
  body?: string | undefined
}

export interface Reply {
  status: number
  headers: Headers
  /** As it came: signatures are over bytes. */
  body: Buffer
}

/** Nothing came back, or only half of it. What was asked may have happened all the same. */
export interface Silence {
  /** What happened instead, for operators. */
  silence: string
  /** The answer was larger than `maxBytes`: asking again would bring the same. */
  tooLarge?: boolean
}

export function wire(options: Partial<Wire> = {}): Wire {
  // The global is looked up at each call, so that it can be instrumented after start-up.
  const fetch: Wire['fetch'] = (input, init) => globalThis.fetch(input, init)
  return { fetch, timeoutMs: 5000, maxBytes: 4 * MIB, attempts: 3, pause: delay, ...options }
}

export const MIB = 1024 * 1024

/**
 * Asks until an answer counts. `next` makes the request of each attempt (same content, fresh
 * signature); `again` says which answers are worth a repeat, next to silence.
 */
export async function exchange(
  over: Wire,
  next: (attempt: number) => Outgoing,
  again: (reply: Reply) => boolean = (reply) => reply.status >= 500,
): Promise<Reply | Silence> {
  let reply = await once(over, next(0))
  for (let attempt = 1; attempt < over.attempts; attempt++) {
    if (isSilent(reply) ? reply.tooLarge : !again(reply)) break
    await over.pause(200 * 3 ** (attempt - 1))
    reply = await once(over, next(attempt))
  }
  return reply
}

export function isSilent(reply: Reply | Silence): reply is Silence {
  return 'silence' in reply
}

async function once(over: Wire, { url, ...init }: Outgoing): Promise<Reply | Silence> {
  try {
    const signal = AbortSignal.timeout(over.timeoutMs)
    // A redirected answer would be one nobody signed the address of.
    const response = await over.fetch(url, { ...init, signal, redirect: 'error' })
    const body = await bodyOf(response, over.maxBytes)
    if (body) return { status: response.status, headers: response.headers, body }
    return { silence: `${url.host} sent more than ${over.maxBytes} bytes`, tooLarge: true }
  } catch (error) {
    return { silence: `${url.host} did not answer: ${reasonOf(error)}` }
  }
}

/** The whole body; null, and no more is read, when it is larger than `most`. */
async function bodyOf({ body }: Response, most: number): Promise<Buffer | null> {
  const reader = body?.getReader()
  const chunks: Uint8Array[] = []
  let size = 0
  for (;;) {
    const read = await reader?.read()
    if (!read?.value) return Buffer.concat(chunks)
    size += read.value.length
    chunks.push(read.value)
    if (size <= most) continue
    await reader?.cancel()
    return null
  }
}

/** `fetch failed` says nothing; the cause says it. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  return error.cause instanceof Error ? error.cause.message : error.message
}

/** The JSON object in a body, or null: platforms answer HTML, XML or nothing on a bad day. */
export function jsonObject(body: Buffer | string): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(body.toString('utf8'))
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : null
  } catch {
    return null // not JSON is an answer here; every caller says what it makes of it
  }
}
