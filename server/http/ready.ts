/** `/readyz`: may this node be sent requests? `/healthz` only says that the process lives. */
import type { FastifyInstance } from 'fastify'
import { sql } from 'kysely'
import { isMigrated } from '../db/migrate.ts'
import type { Parts } from '../parts.ts'

/** What has not answered by then is away, ms. */
const PATIENCE_MS = 2_000

const PROBE = 'jiyue:ready'

/** A database that answers but takes nothing, as a standby after a failover, serves nobody. */
async function takesWrites({ db }: Parts): Promise<boolean> {
  const { rows } = await sql<{ writes: boolean }>`
    select current_setting('transaction_read_only') = 'off' as writes`.execute(db)
  return rows[0]?.writes === true
}

/** 200 with `{ ok: true }`, or 503 with the names of what is not so. */
export function readiness(app: FastifyInstance, parts: Parts): void {
  const checks: Record<string, () => boolean | Promise<boolean>> = {
    staying: () => !app.isDraining(),
    database: () => takesWrites(parts),
    migrations: () => isMigrated(parts.db),
    // Written to: one that only answers (a replica, a full disk) keeps no queue and counts nothing.
    redis: async () => !parts.redis || (await parts.redis.set(PROBE, '1', 'PX', 5_000)) === 'OK',
    bus: () => parts.bus.stands(),
  }
  // Not counted against anybody's limit: a balancer must hear even when it asks often.
  const config = { rateLimit: false as const }
  app.get('/readyz', { schema: { hide: true }, config }, async (_, reply) => {
    const names = Object.keys(checks)
    const answers = await Promise.all(Object.values(checks).map(inTime))
    const not = names.filter((_, i) => !answers[i])
    return reply
      .code(not.length === 0 ? 200 : 503)
      .header('cache-control', 'no-store')
      .send(not.length === 0 ? { ok: true } : { ok: false, not })
  })
}

/** A check that fails or says nothing is a no: why stands in the log of whoever lost the connection. */
async function inTime(check: () => boolean | Promise<boolean>): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<boolean>((resolve) => {
    timer = setTimeout(resolve, PATIENCE_MS, false)
  })
  try {
    return await Promise.race([check(), late])
  } catch {
    return false
  } finally {
    clearTimeout(timer)
  }
}
