/** Runs histories: in lanes side by side, in batches that name their seed. */
import fc from 'fast-check'
import { lives } from './draw.ts'
import type { Lane } from './lane.ts'
import { live } from './live.ts'

export interface Batches {
  histories: number
  seed: number
  /** Histories to a batch. */
  batch: number
}

/** Runs batches in all lanes at once. Answers how many histories ran; throws at the first that fails. */
export async function runBatches(
  lanes: readonly Lane[],
  of: Batches,
  shrink = true,
): Promise<number> {
  const batches = Math.ceil(of.histories / of.batch)
  let next = 0
  let failed = false
  const work = async (lane: Lane) => {
    while (next < batches && !failed) {
      const seed = of.seed + next++
      const property = fc.asyncProperty(lives, (life) => live(lane, life))
      await lane.wipe()
      const result = await fc.check(property, {
        seed,
        numRuns: of.batch,
        unbiased: true,
        endOnFailure: !shrink,
      })
      if (!result.failed) continue
      failed = true
      throw new Error(
        `seed ${seed}, path ${result.counterexamplePath}, after ${result.numRuns} histories and ` +
          `${result.numShrinks} shrinks:\n  ${(result.errorInstance as Error)?.message}`,
      )
    }
  }
  const results = await Promise.allSettled(lanes.map(work))
  const broken = results.find((one) => one.status === 'rejected')
  if (broken) throw broken.reason
  return batches * of.batch
}
