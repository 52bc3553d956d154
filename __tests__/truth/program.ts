/**
 * A program of its own that runs histories and prints where they went, as one line of JSON; or the
 * story of the one that went wrong, and ends with 1. Jest's sandbox would make each look at a global
 * slow: outside of it twice as many histories fit into the same time (measured).
 */
import { parseArgs } from 'node:util'
import { DATABASES, type FreshDatabase } from '../db.ts'
import { openLane } from './lane.ts'
import { modelRails } from './model.ts'
import { runBatches } from './run.ts'
import { add, type Tally } from './tally.ts'

const LANES = 3
/** Each begins with empty tables, which costs every connection all its plans. */
const BATCH = 400

const { values } = parseArgs({
  options: { histories: { type: 'string' }, seed: { type: 'string' } },
})
const databases: FreshDatabase[] = []
Object.assign(globalThis, { [DATABASES]: databases })
const lanes = await Promise.all(
  Array.from({ length: LANES }, () => openLane({ rails: modelRails })),
)
try {
  const of = { histories: Number(values.histories), seed: Number(values.seed), batch: BATCH }
  const done = await runBatches(lanes, of)
  const tally: Tally = new Map()
  for (const lane of lanes) {
    await lane.wipe()
    for (const [what, n] of lane.tally) add(tally, what, n)
  }
  console.log(JSON.stringify({ done, tally: [...tally] }))
} catch (error) {
  console.error((error as Error).message)
  process.exitCode = 1
} finally {
  for (const lane of lanes) await lane.close()
  for (const database of databases) await database.end()
}
