/**
 * The one way to call the API, for phone, console and tests. It never throws for a "no":
 * `{ ok: true, value }` or `{ ok: false, code, message, fields? }`. No network is a code too.
 */
import { type Endpoint, type EndpointName, endpoints } from './api.ts'
import { type FieldRefusal, type RefusalBody, type RefusalCode, refusals } from './refusals.ts'
import type { Input, Reply } from './schema/wire.ts'

export interface Request {
  method: 'GET' | 'PUT' | 'POST' | 'DELETE'
  /** Path with its query, from `/v1`. */
  path: string
  body?: unknown
  token?: string
  timeoutMs?: number
}

/** Status 0: nothing came back; the request may or may not have arrived. */
export type Answer = { status: number; body: unknown } | { status: 0; cause: 'offline' | 'timeout' }

/** How a host moves bytes (src/platform/http, console/api, tests). Never throws. */
export type Send = (request: Request) => Promise<Answer>

export interface No {
  ok: false
  code: RefusalCode
  message: string
  fields?: FieldRefusal[]
  /** True when nothing came back: repeat with the same ids. */
  unheard: boolean
}
export type Result<T> = { ok: true; value: T } | No

export type Call = <E extends EndpointName>(name: E, input: Input<E>) => Promise<Result<Reply<E>>>

/** A picture on a weak line takes longer than a form. */
const largeBodyMs = 60_000

/** Makes the caller. `token` is read at each call, so signing in needs no new caller. */
export function createCall(send: Send, token: () => string | null): Call {
  return async <E extends EndpointName>(name: E, input: Input<E>) => {
    const { method, path, who, bodyBytes }: Endpoint = endpoints[name]
    const bearer = who === 'anyone' ? null : token()
    const answer = await send({
      method,
      path: fillPath(path, input as Loose),
      body: (input as Loose).body,
      ...(bearer ? { token: bearer } : {}),
      ...(bodyBytes ? { timeoutMs: largeBodyMs } : {}),
    })
    return readAnswer<Reply<E>>(answer)
  }
}

interface Loose {
  params?: Record<string, unknown>
  query?: Record<string, unknown>
  body?: unknown
}

/** Turns a raw answer into a result. Exported for the tests and for uploads. */
export function readAnswer<T>(answer: Answer): Result<T> {
  if (answer.status === 0) return no('unavailable', true)
  if (answer.status < 300) return { ok: true, value: (answer as { body: T }).body }
  const error = ((answer as { body: unknown }).body as RefusalBody | null)?.error
  if (!error || !(error.code in refusals))
    return no(answer.status >= 500 ? 'unavailable' : 'malformed', answer.status >= 500)
  return {
    ok: false,
    code: error.code,
    message: error.message,
    unheard: false,
    ...(error.fields ? { fields: error.fields } : {}),
  }
}

function no(code: RefusalCode, unheard: boolean): No {
  return { ok: false, code, message: refusals[code].zh, unheard }
}

function fillPath(path: string, { params = {}, query = {} }: Loose): string {
  const filled = path.replace(/:(\w+)/g, (_, name: string) =>
    encodeURIComponent(String(params[name])),
  )
  const pairs = Object.keys(query)
    .filter((key) => query[key] !== undefined)
    .map((key) => `${key}=${encodeURIComponent(String(query[key]))}`)
  return pairs.length > 0 ? `${filled}?${pairs.join('&')}` : filled
}
