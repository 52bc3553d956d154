/** The queues of a cluster, in Redis: every node sees the same line, and no node is needed. */
import type { Redis } from '../db/redis.ts'
import { type Count, type Keeper, SETTLE_AGAIN, SETTLE_MS, USING_MS } from './keeper.ts'
import * as scripts from './scripts.ts'

type Script = (...args: (string | number)[]) => Promise<string[]>
type Scripted = Redis & Record<`queue${'Arrive' | 'Admit' | 'Finish' | 'Leave' | 'Count'}`, Script>

const OPEN = 'jiyue:{queue}:open'
const keysOf = (service: string) => [
  ...['line', 'passes', 'over', 'head'].map((what) => `jiyue:{queue}:${service}:${what}`),
  OPEN,
]

/** Fails when Redis is away; the callers say what they do then. `settleMs` is for tests. */
export function redisKeeper(redis: Redis, settleMs = SETTLE_MS): Keeper {
  for (const [name, lua] of Object.entries(scripts)) {
    redis.defineCommand(`queue${name[0]?.toUpperCase()}${name.slice(1)}`, { numberOfKeys: 5, lua })
  }
  const run = redis as Scripted
  return {
    async arrive({ service, user, now, straight, most, number, known, keepMs, holds }) {
      const flags = [straight ? 1 : 0, most, number, known ? 1 : 0]
      const rest = [keepMs, settleMs, SETTLE_AGAIN, service, holds ? 1 : 0, USING_MS]
      const said = await run.queueArrive(...keysOf(service), user, now, ...flags, ...rest)
      const [state, ...numbers] = said as [string, ...string[]]
      const [a = 0, b = 0, c = 0, d = 0] = numbers.map(Number)
      if (state === 'free' || state === 'full' || state === 'busy') return { state }
      if (state === 'pass') return { state, until: a }
      return { state: 'waiting', number: a, ahead: b, admitted: c, through: d }
    },
    async admit({ service, now, count, passMs, keepMs }) {
      const said = await run.queueAdmit(...keysOf(service), now, count, passMs, keepMs, service)
      return { users: said.slice(4), count: countOf(said) }
    },
    async finish(service, user, spent) {
      await run.queueFinish(...keysOf(service), user, spent ? 1 : 0)
    },
    async leave(service, user) {
      await run.queueLeave(...keysOf(service), user, service)
    },
    count: async (service) => countOf(await run.queueCount(...keysOf(service))),
    open: () => redis.smembers(OPEN),
  }
}

function countOf(said: readonly string[]): Count {
  const [waiting = 0, admitted = 0, through = 0, busyAt = 0] = said.slice(0, 4).map(Number)
  return { waiting, admitted, through, busyAt }
}
