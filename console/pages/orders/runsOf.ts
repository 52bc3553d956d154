import type { Reply } from '@jiyue/contract/schema/wire'

export type Fact = Reply<'getConsoleOrder'>['facts'][number]

/** Facts in a row that say the same, by the same way, and led to the same. */
export interface Run {
  /** Never empty, oldest first. */
  facts: Fact[]
  last: Fact
}

/** An evening of queries that all heard 未支付 is one line; every fact stays inside it. */
export function runsOf(facts: readonly Fact[]): Run[] {
  const runs: Run[] = []
  for (const fact of facts) {
    const run = runs.at(-1)
    if (run && saysTheSame(run.last, fact)) {
      run.facts.push(fact)
      run.last = fact
    } else runs.push({ facts: [fact], last: fact })
  }
  return runs
}

const told = ['method', 'heardBy', 'state', 'amountFen', 'verdict'] as const

function saysTheSame(one: Fact, other: Fact): boolean {
  return told.every((key) => one[key] === other[key])
}
