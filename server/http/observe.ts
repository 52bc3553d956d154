/**
 * Every request is counted by its endpoint, carries its id home, and leaves one line in the log: at
 * debug, or at info when it was slow or our fault. The line names the route, never the address as it
 * was typed: a search may hold a phone number.
 */
import type { FastifyInstance } from 'fastify'

/** Slower than this is worth a line at info, ms. */
const SLOW_MS = 1000

type Count = (status: number, seconds: number) => void

/** Before the routes are made: each gets its counter once. */
export function observe(app: FastifyInstance, requestsOf: (endpoint: string) => Count): void {
  const nowhere = requestsOf('nowhere')
  app.addHook('onRoute', (route) => {
    const named = (route.schema as { operationId?: string } | undefined)?.operationId
    const name = named ?? (route.url.includes('*') ? 'files' : route.url)
    route.config = { ...route.config, endpoint: name, count: countOf(name) }
  })
  const counts = new Map<string, Count>()
  function countOf(name: string): Count {
    const count = counts.get(name) ?? requestsOf(name)
    counts.set(name, count)
    return count
  }

  app.addHook('onRequest', (request, reply, next) => {
    reply.headers(idHeaders(request.id))
    next()
  })
  app.addHook('onResponse', (request, reply, next) => {
    const { elapsedTime: ms, statusCode: status } = reply
    const { count = nowhere, endpoint = 'nowhere' } = request.routeOptions.config
    count(status, ms / 1000)
    const loud = status >= 500 || ms >= SLOW_MS
    if (loud || isChatty(app.log.level)) {
      const line = { endpoint, method: request.method, status, ms: Math.round(ms) }
      request.log[loud ? 'info' : 'debug'](line, 'request')
    }
    next()
  })
}

/** What every reply carries: its id, and that its type is what it says, which pictures of strangers need. */
export const idHeaders = (id: string) => ({
  'x-request-id': id,
  'x-content-type-options': 'nosniff',
})

/** No object is made for a line that nobody writes. */
export const isChatty = (level: string) => level === 'debug' || level === 'trace'

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Name in metrics and log: the contract's, or the route itself. */
    endpoint?: string
    count?: Count
  }
}
