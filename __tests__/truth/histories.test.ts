/**
 * No yuan without a seat or a refund (P10, P11, B9, X1, X2): ten thousand random histories on real
 * PostgreSQL. `TEST_HISTORIES=100000` runs more, `TEST_SEED` others, `TEST_PROGRAMS=2` uses more
 * cores, `TEST_TALLY=1` tells where they went and how fast. A failure names its seed and tells its story.
 */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import path from 'node:path'
import { text } from 'node:stream/consumers'
import { add, type Tally, told } from './tally.ts'

const CI = 10_000
const HISTORIES = Number(process.env.TEST_HISTORIES ?? CI)
const SEED = Number(process.env.TEST_SEED ?? 20_260_101)
/** Seeds of the programs must not meet. */
const APART = 1_000_000
/** One beside Jest's other workers: with more, whatever runs there waits for a core. */
const PROGRAMS = Number(process.env.TEST_PROGRAMS ?? 1)

jest.setTimeout(Math.max(600_000, HISTORIES * 500))

/** Runs histories in a program of their own; fails with the story of the one that went wrong. */
async function runProgram(histories: number, seed: number) {
  const args = [`--histories=${histories}`, `--seed=${seed}`]
  const child = spawn(process.execPath, [path.join(__dirname, 'program.ts'), ...args])
  const gone = once(child, 'exit')
  const [out, complaint] = await Promise.all([text(child.stdout), text(child.stderr)])
  const [code] = await gone
  if (code !== 0) throw new Error(complaint)
  return JSON.parse(out) as { done: number; tally: [string, number][] }
}

test(`${HISTORIES} histories: every fen is for a seat, a fee, or on its way back`, async () => {
  const started = performance.now()
  const share = Math.ceil(HISTORIES / PROGRAMS)
  const runs = await Promise.all(
    Array.from({ length: PROGRAMS }, (_, i) => runProgram(share, SEED + i * APART)),
  )
  const seconds = (performance.now() - started) / 1000
  const done = runs.reduce((sum, run) => sum + run.done, 0)
  const tally: Tally = new Map()
  for (const [what, n] of runs.flatMap((run) => run.tally)) add(tally, what, n)
  if (process.env.TEST_TALLY)
    console.log(
      `${done} in ${seconds.toFixed(0)} s, ${Math.round(done / seconds)}/s\n${told(tally)}`,
    )
  expect(done).toBeGreaterThanOrEqual(HISTORIES)
  // Fewer cannot be asked to have been everywhere.
  if (HISTORIES >= CI) expect(PLACES.filter((place) => !tally.get(place))).toEqual([])
})

/** Where histories must come by, or they would prove nothing about it. */
const PLACES = [
  ...['held', 'registered', 'confirmed'].map((state) => `once ${state}`),
  ...['completed', 'missed', 'cancelled', 'expired'].map((state) => `order ${state}`),
  'late money confirmed',
  ...['notice', 'query', 'return', 'bill'].map((way) => `heard by ${way}: confirmed`),
  ...['slot_gone', 'paid_twice', 'wrong_amount', 'move_failed'].map(
    (reason) => `heard by query: refunding:${reason}`,
  ),
  ...['notice', 'query'].map((way) => `heard by ${way}: moved`),
  'move done ',
  ...['given_up', 'lapsed', 'order_state', 'slot_full'].map((why) => `move void ${why}`),
  ...['cancelled', 'deposit', 'manual', 'moved', 'slot_gone', 'paid_twice', 'wrong_amount'].map(
    (reason) => `refund ${reason} succeeded`,
  ),
  ...['cancelled', 'deposit', 'slot_gone'].map((reason) => `refund ${reason} closed`),
  'event refund_to_merchant',
  ...['open', 'query', 'close', 'refund', 'bill'].flatMap((call) =>
    [
      'unreached',
      'unheard',
      'refused',
      'dies before',
      'dies after',
      'waits before',
      'waits after',
    ].map((what) => `${call} ${what}`),
  ),
  ...['before', 'after'].map((when) => `the process died ${when}`),
]
