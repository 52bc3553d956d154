/** Draws histories and runs them: in lanes side by side, in batches that name their seed. */
import fc from 'fast-check'
import { booksOf, checkBooks, checkKnown } from './checks.ts'
import {
  begin,
  type History,
  hour,
  minute,
  perform,
  resume,
  type Setting,
  type Step,
} from './history.ts'
import type { Lane } from './lane.ts'
import type { Fault } from './plan.ts'
import { hearBills, outage, toRest, toTheEnd } from './rest.ts'
import { steps } from './steps.ts'

/** One drawn step: what, chosen by which numbers, and what goes wrong with it. */
interface Drawn {
  what: string
  a: number
  b: number
  c: number
  fault: Fault | null
  /** Starts at the very moment of the next one. */
  together: boolean
}

/** How far an order has come, without trouble, before the trouble begins. */
const stages = ['opened', 'switched', 'paid', 'confirmed'] as const

interface Begun {
  stage: (typeof stages)[number]
  a: number
  b: number
  c: number
}

export interface Life {
  setting: Setting
  begun: Begun[]
  steps: Drawn[]
}

const whatCalls = [
  'unreached',
  'unheard',
  'refused',
  'dies before',
  'dies after',
  'waits before',
  'waits after',
] as const

const atCall: fc.Arbitrary<Fault> = fc.record({
  at: fc.constant('call' as const),
  n: fc.constantFrom(0, 0, 0, 1, 1, 2),
  what: fc.constantFrom(...whatCalls),
})

const atQuery: fc.Arbitrary<Fault> = fc.record({
  at: fc.constant('query' as const),
  n: fc.nat(24),
  what: fc.constantFrom('dies before' as const, 'dies after' as const),
})

const none = fc.constant(null)

const table: typeof steps = { ...steps, resume: { weight: 7, choose: resuming } }

/** A step with what goes wrong: providers are at fault where they are asked, queries anywhere. */
const drawn: fc.Arbitrary<Drawn> = fc.oneof(
  ...Object.entries(table).map(([what, { weight, asks }]) => ({
    weight,
    arbitrary: fc.record({
      what: fc.constant(what),
      a: fc.nat(11),
      b: fc.nat(11),
      c: fc.nat(11),
      fault: fc.oneof(
        { weight: 10, arbitrary: none },
        { weight: asks ? 10 : 0, arbitrary: atCall },
        { weight: 1, arbitrary: atQuery },
      ),
      together: fc.constantFrom(false, false, false, false, true),
    }),
  })),
)

const slot = fc.record({
  startsIn: fc.constantFrom(3 * 24 * hour, 30 * minute, 2 * hour, 24 * hour + 10 * minute),
  cutoff: fc.constantFrom(0, 10 * minute),
  capacity: fc.constantFrom(1, 2, 4),
  moreFen: fc.constantFrom(0, 1_001, -777),
})

export const lives: fc.Arbitrary<Life> = fc.record({
  setting: fc.record({
    service: fc.constantFrom(0, 0, 1, 1, 2, 3),
    outage: fc.constantFrom(true, true, true, true, true, true, true, false),
    slots: fc.array(slot, { minLength: 2, maxLength: 3 }),
  }),
  begun: fc.array(
    fc.record({
      stage: fc.constantFrom('confirmed' as const, ...stages),
      a: fc.nat(11),
      b: fc.nat(11),
      c: fc.nat(11),
    }),
    { minLength: 1, maxLength: 2, size: 'max' },
  ),
  steps: fc.array(drawn, { minLength: 1, maxLength: 8, size: 'max' }),
})

/** Lives one life in a lane. Throws with the whole story when something was wrong. */
export async function live(lane: Lane, { setting, begun, steps: drawnSteps }: Life): Promise<void> {
  const h = await begin(lane, setting)
  try {
    for (const one of begun) await start(h, one)
    await go(h, drawnSteps)
    if (setting.outage) await outage(h)
    await rested(h)
  } catch (error) {
    h.wrongs.push(String(error instanceof Error ? error.stack : error))
  }
  if (h.wrongs.length === 0) return
  await lane.wipe()
  lane.errors()
  throw new Error([...h.wrongs.map((wrong) => `✗ ${wrong}`), ...h.story].join('\n  '))
}

/** Brings an order on its way: what comes later has something to happen to. */
async function start(h: History, { stage, a, b, c }: Begun): Promise<void> {
  await go(h, [plain('bookAndOpen', a, b, c)])
  if (stage === 'switched' && h.payments.length > 0)
    await go(h, [plain('open', h.orders.length - 1, c + 1, 0)])
  const payment = h.payments.at(-1)
  if (stage === 'opened' || !payment?.params || payment.params.way === 'none') return
  await go(h, [plain('pay', h.payments.length - 1, 2, 0)])
  if (stage === 'confirmed') await go(h, [plain('notice', h.lane.rails.mail().length - 1, 0, 0)])
}

const plain = (what: string, a: number, b: number, c: number): Drawn => ({
  what,
  a,
  b,
  c,
  fault: null,
  together: false,
})

/** At rest, after the bills, and after the services: everything must be true each time. */
async function rested(h: History): Promise<void> {
  await toRest(h)
  if (h.wrongs.length > 0) return
  let books = await booksOf(h)
  checkKnown(h, books)
  if (await hearBills(h, books)) {
    await toRest(h)
    books = await booksOf(h)
  }
  checkBooks(h, books)
  if (await toTheEnd(h)) {
    await toRest(h)
    checkBooks(h, await booksOf(h))
  }
  h.wrongs.push(...h.lane.errors())
}

/** Steps of the environment happen alone; errands may start at the same moment. */
async function go(h: History, list: readonly Drawn[]): Promise<void> {
  let beside: Promise<void>[] = []
  for (const { what, a, b, c, fault, together } of list) {
    const step = table[what]?.choose(h, a, b, c)
    if (!step) continue
    if (step.act || step.first) beside = await Promise.all(beside).then(() => [])
    await step.first?.()
    beside.push(perform(h, step, fault ?? undefined))
    if (!together || step.act) beside = await Promise.all(beside).then(() => [])
  }
  await Promise.all(beside)
}

/** What waits at a provider goes on. */
function resuming(h: History, a: number): Step | null {
  if (h.waiting.length === 0) return null
  const index = a % h.waiting.length
  return {
    text: `what waits goes on: ${h.waiting[index]?.name}`,
    act: async () => {
      await resume(h, index)
      return 'done'
    },
  }
}

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
