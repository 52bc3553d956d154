/**
 * Replies that lie ready (T6), handed over before the framework begins: who asks in the very words of
 * somebody before gets the same bytes. Only what anyone may read, and only while the cache would give
 * it out itself; whatever is unlike the usual question goes the long way. These are not counted
 * against the caller's limit: handing one over costs less than the counting (decision 041).
 */
import { randomUUID } from 'node:crypto'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { FastifyServerOptions } from 'fastify'
import { LRUCache } from 'lru-cache'
import { idHeaders } from './observe.ts'
import { chosenOf, type Packed } from './packed.ts'

interface Ready {
  reply: Packed
  /** Counts the request by its endpoint, as the long way does. */
  count(status: number, seconds: number): void
}

export interface ReadyReplies {
  /** Keeps what anyone who asks by this address (path and query as typed) gets. */
  keep(address: string, ready: Ready): void
  /** Fastify's way to make its server: asks here first. */
  serverFactory: NonNullable<FastifyServerOptions['serverFactory']>
}

/** Fastify's options for a server it would make itself, ms; it has filled in its defaults. */
interface Timeouts {
  keepAliveTimeout: number
  requestTimeout: number
  connectionTimeout: number
}

/** As many as the cache keeps. */
const MOST = 2_000

/** `mayAnswer`: false sends everybody the long way, because a node is leaving or every request is logged. */
export function readyReplies(mayAnswer: () => boolean): ReadyReplies {
  const kept = new LRUCache<string, Ready>({ max: MOST })

  function answer(request: IncomingMessage, response: ServerResponse): boolean {
    const { method, url = '', headers: asked } = request
    // A page of another origin needs headers of its own (CORS).
    if (method !== 'GET' || asked.origin !== undefined || !mayAnswer()) return false
    const ready = kept.get(url)
    if (!ready) return false
    if (!ready.reply.isFresh()) {
      kept.delete(url)
      return false
    }
    const began = performance.now()
    const { status, headers, body } = chosenOf(ready.reply, asked)
    response.writeHead(status, { ...idHeaders(randomUUID()), ...headers })
    response.end(body)
    ready.count(status, (performance.now() - began) / 1000)
    return true
  }

  return {
    keep: (address, ready) => kept.set(address, ready),
    serverFactory(theFramework, options) {
      const { keepAliveTimeout, requestTimeout, connectionTimeout } = options as unknown as Timeouts
      const server = createServer((request, response) => {
        if (!answer(request, response)) theFramework(request, response)
      })
      server.keepAliveTimeout = keepAliveTimeout
      server.requestTimeout = requestTimeout
      server.setTimeout(connectionTimeout)
      return server
    },
  }
}
