/**
 * One way to serve an endpoint of the contract: `serve(app, parts, 'putOrder', handler)`.
 * The route's method, path, shapes, rights and refusals come from contract/; the handler gets checked
 * values and answers with the reply or a refusal.
 */
import { type Endpoint, type EndpointName, endpoints, everywhere } from '@jiyue/contract/api'
import { whyMayNot } from '@jiyue/contract/people'
import type { RefusalCode } from '@jiyue/contract/refusals'
import { type Reply, type Shape, wire } from '@jiyue/contract/schema/wire'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { z } from 'zod'
import { type Act, acting } from '../db/acting.ts'
import type { Parts } from '../parts.ts'
import { type Caller, callerOf } from '../people/sessions.ts'
import { sendRefusal } from './errors.ts'
import { isPacked, type Packed, sendPacked } from './packed.ts'
import type { ReadyReplies } from './readyReplies.ts'
import { isRefused, type Refused } from './refusal.ts'
import { isKeepable } from './text.ts'

type Wire = typeof wire
type Given<E extends EndpointName, K extends string> =
  Wire[E] extends Record<K, infer S extends z.ZodType> ? z.output<S> : undefined
type CallerOf<E extends EndpointName> = (typeof endpoints)[E]['who'] extends 'user'
  ? Extract<Caller, { kind: 'user' }>
  : (typeof endpoints)[E]['who'] extends 'merchant'
    ? Extract<Caller, { kind: 'person' }>
    : null

export interface Asked<E extends EndpointName> {
  params: Given<E, 'params'>
  query: Given<E, 'query'>
  body: Given<E, 'body'>
  caller: CallerOf<E>
  /** The caller's address. */
  ip: string
  /** What the caller's program says of itself. */
  agent: string | null
  token: string | null
}
/** Only what anyone may read is packed: packed replies are handed over without asking who calls. */
type PackedOf<E extends EndpointName> = (typeof endpoints)[E]['who'] extends 'anyone'
  ? Packed
  : never
export type Handler<E extends EndpointName> = (
  asked: Asked<E>,
) => Promise<Reply<E> | PackedOf<E> | Refused>

/** `checkReplies` (tests): a reply that does not fit the contract is an error. */
export function serve<E extends EndpointName>(
  app: FastifyInstance,
  parts: Parts,
  name: E,
  handler: Handler<E>,
): void {
  const endpoint: Endpoint = endpoints[name]
  const { method, path, who, right, does, refusals: codes, bodyBytes } = endpoint
  const { params, query, body, reply: replyShape } = wire[name] as Shape
  const allowed = new Set<RefusalCode>([
    ...everywhere,
    'unauthenticated',
    'forbidden',
    'second_needed',
    ...codes,
  ])
  app.route({
    method,
    url: path,
    ...limitOf(app, endpoint),
    ...(bodyBytes && { bodyLimit: bodyBytes }),
    schema: {
      operationId: name,
      summary: does,
      tags: [path.split('/')[2] ?? 'v1'],
      description: describe(who, codes),
      ...(params && { params }),
      ...(query && { querystring: query }),
      ...(body && { body }),
      response: { 200: replyShape },
      ...(who !== 'anyone' && { security: [{ bearer: [] }] }),
    },
    // Who calls is asked before what they send is read: a stranger learns nothing about shapes.
    // After the limit (onRequest), so that wrong tokens are counted too.
    preParsing: async (request, reply) => {
      if (who === 'anyone') return
      const caller = await callerOf(parts.db, bearerOf(request) ?? '', parts.now())
      if (!caller) return sendRefusal(request, reply, { refused: 'unauthenticated' })
      const kind = who === 'user' ? 'user' : 'person'
      if (caller.kind !== kind) return sendRefusal(request, reply, { refused: 'forbidden' })
      if (right && caller.kind === 'person') {
        const no = whyMayNot(caller, right)
        if (no) return sendRefusal(request, reply, { refused: no })
      }
      request.caller = caller
    },
    preValidation: async (request, reply) => {
      if (isKeepable(request.body) && isKeepable(request.query)) return
      return sendRefusal(request, reply, { refused: 'malformed' })
    },
    handler: async (request: FastifyRequest, reply: FastifyReply) => {
      const asked = {
        params: request.params,
        query: request.query,
        body: request.body,
        caller: request.caller ?? null,
        ip: request.ip,
        agent: request.headers['user-agent']?.slice(0, 200) ?? null,
        token: bearerOf(request),
      } as Asked<E>
      const act = method === 'GET' ? null : actOf(name, request)
      const answer = await (act ? acting.run(act, () => handler(asked)) : handler(asked))
      if (isPacked(answer)) {
        if (app.checkReplies) replyShape.parse(JSON.parse(answer.body.toString()))
        keepReady(app, parts, request, answer)
        return sendPacked(request, reply, answer)
      }
      if (!isRefused(answer)) return app.checkReplies ? replyShape.parse(answer) : answer
      if (!allowed.has(answer.refused))
        throw new Error(`${name} does not declare ${answer.refused}`)
      return sendRefusal(request, reply, answer)
    },
  })
}

/** Who asks the same next gets it without coming here. */
function keepReady(app: FastifyInstance, parts: Parts, request: FastifyRequest, reply: Packed) {
  const { count } = request.routeOptions.config
  app.readyReplies.keep(request.raw.url ?? '', {
    reply,
    count(status, seconds) {
      count?.(status, seconds)
      parts.metrics?.cached(true)
    },
  })
}

/** A person of the merchant changes something: who, by what, why, from where. */
function actOf(action: EndpointName, { id, ip, caller, body }: FastifyRequest): Act | null {
  if (caller?.kind !== 'person') return null
  const { reason, note } = (body ?? {}) as { reason?: unknown; note?: unknown }
  const why = [reason, note].find((text) => typeof text === 'string')
  return { id, person: caller.id, action, reason: (why as string | undefined) ?? null, address: ip }
}

/**
 * An endpoint's own limit. Strangers are counted by address: a made-up token must not open a fresh
 * count; signed-in callers by session, as everywhere.
 */
function limitOf(app: FastifyInstance, { who, method, perMinute }: Endpoint) {
  const max = app.limitOf(perMinute)
  if (who !== 'anyone') return perMinute ? { config: { rateLimit: { max } } } : {}
  if (!perMinute && method !== 'POST') return {}
  return { config: { rateLimit: { max, keyGenerator: ({ ip }: FastifyRequest) => ip } } }
}

/** The token a request carries, or null. */
export function bearerOf(request: FastifyRequest): string | null {
  return /^Bearer ([\w-]{20,100})$/.exec(request.headers.authorization ?? '')?.[1] ?? null
}

function describe(who: string, codes: readonly RefusalCode[]): string {
  const caller = {
    anyone: 'Anyone',
    user: 'A signed-in user',
    merchant: 'A person of the merchant',
  }[who]
  return `${caller} may call this. Refusals, in order: ${codes.length > 0 ? codes.join(', ') : 'none of its own'}.`
}

declare module 'fastify' {
  interface FastifyRequest {
    caller?: Caller
  }
  interface FastifyInstance {
    checkReplies: boolean
    readyReplies: ReadyReplies
    /** Requests a minute: an endpoint's own limit, or the general one. */
    limitOf(perMinute?: number): number
  }
}
