/**
 * `node bench/scale.ts`: beyond one PostgreSQL. Measures what a batch of holds costs here, fixed and
 * for each hold, and lets a simulation with those costs serve the same rush from 1, 2, 4 … databases,
 * with services spread over them evenly or as unevenly as real demand. docs/SCALE.md reads its table.
 */
import { randomUUID } from 'node:crypto'
import { hold } from '../server/booking/booking.ts'
import { openPool } from '../server/db/pool.ts'
import type { Bus } from '../server/live/bus.ts'
import { median } from './row.ts'
import { type Costs, simulate } from './simulate.ts'
import { openStage, type Stage } from './stage.ts'

const deaf: Bus = {
  changed() {},
  hear: () => () => {},
  onGap() {},
  stands: () => true,
  close: async () => {},
}
const SIZES = [1, 128] as const
const BATCHES = 60

/** Times batches of one hold and of the largest size on this machine's durable database. */
async function measureCosts(stage: Stage): Promise<Costs> {
  const { db, close } = openPool(stage.databaseUrl, { name: 'scale', max: 1 })
  const { rows: people } = await stage.pool.query('select id from users limit 20000')
  const slot = await stage.slot(10_000_000)
  let turn = 0
  const timeOf = async (size: number) => {
    const times: number[] = []
    for (let i = 0; i < BATCHES; i++) {
      const batch = Array.from({ length: size }, () => ({
        order: randomUUID(),
        user: people[turn++ % people.length].id as string,
        slot,
        party: 1,
      }))
      const began = performance.now()
      await hold(db, deaf, batch)
      times.push(performance.now() - began)
    }
    return median(times)
  }
  const [one, many] = [await timeOf(SIZES[0]), await timeOf(SIZES[1])]
  await close()
  const eachMs = (many - one) / (SIZES[1] - SIZES[0])
  return { fixedMs: one - eachMs, eachMs }
}

/** The table of docs/SCALE.md. */
function tableOf(costs: Costs): string {
  const one = 1000 / (costs.eachMs + costs.fixedMs / 128)
  const rows = [1, 2, 4, 8, 16].flatMap((shards) =>
    [0, 1].map((skew) => {
      const perSecond = Math.round(one * 0.8 * shards)
      const rush = { perSecond, seconds: 10, services: 2000, skew, most: 128 }
      const { served, p50Ms, p99Ms, busiest } = simulate(costs, rush, shards)
      const said = [served, p50Ms, p99Ms].map((n) => Math.round(n))
      return `| ${shards} | ${skew === 0 ? 'even' : 'Zipf 1'} | ${perSecond} | ${said.join(' | ')} | ${Math.round(busiest * 100)} % |`
    }),
  )
  return [
    `a batch here: ${costs.fixedMs.toFixed(2)} ms and ${costs.eachMs.toFixed(3)} ms for each hold; one database serves at most ${Math.round(one)} holds/s`,
    '',
    '| databases | demand | asked/s | served/s | p50 ms | p99 ms | busiest database |',
    '| --- | --- | --- | --- | --- | --- | --- |',
    ...rows,
  ].join('\n')
}

const stage = await openStage({ people: 20_000 })
try {
  console.log(tableOf(await measureCosts(stage)))
} finally {
  await stage.close()
}
