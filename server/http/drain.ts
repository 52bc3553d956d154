/**
 * Leaving without a loss (T4): a node that is told to end says so (/readyz), serves on until those
 * who send to it have noticed, then takes nothing new and finishes what is under way.
 */
import { setTimeout as pause } from 'node:timers/promises'
import type { FastifyInstance } from 'fastify'

/** Longest wait for requests under way, ms; a provider may be slow to answer. */
export const FINISH_MS = 8_000

export function drainable(app: FastifyInstance): void {
  let draining = false
  let underWay = 0
  let finished = () => {}
  app.server.on('request', (_, response) => {
    underWay += 1
    response.once('close', () => {
      underWay -= 1
      if (underWay === 0) finished()
    })
  })
  // Whoever keeps a connection here for the next request opens that one elsewhere: at the end no
  // kept connection is left on which a request could meet our closing.
  app.addHook('onSend', async (_, reply) => {
    if (draining) reply.header('connection', 'close')
  })

  app.decorate('isDraining', () => draining)
  app.decorate('drain', async (forMs: number) => {
    draining = true
    await pause(forMs)
    app.server.close() // the port; app.close() ends the live sockets afterwards
    if (underWay === 0) return
    const all = new Promise<void>((resolve) => {
      finished = resolve
    })
    await Promise.race([all, pause(FINISH_MS, undefined, { ref: false })])
  })
}

declare module 'fastify' {
  interface FastifyInstance {
    isDraining(): boolean
    /**
     * Says that this node is leaving and serves on for `forMs`; then takes no new connections, and
     * waits for the requests under way, `FINISH_MS` at the longest. Close the application afterwards.
     */
    drain(forMs: number): Promise<void>
  }
}
