/** No yuan without a seat or a refund (P10, P11, B9, X1, X2): ten thousand random histories. */
import { type Lane, openLane } from './lane.ts'
import { modelRails } from './model.ts'
import { runBatches } from './run.ts'
import { add, type Tally, told } from './tally.ts'

const LANES = 4
const HISTORIES = Number(process.env.TEST_HISTORIES ?? 10_000)
const SEED = Number(process.env.TEST_SEED ?? 20_260_101)

jest.setTimeout(Math.max(600_000, HISTORIES * 200))

let lanes: Lane[] = []
beforeAll(async () => {
  lanes = await Promise.all(Array.from({ length: LANES }, () => openLane({ rails: modelRails })))
})
afterAll(() => Promise.all(lanes.map((lane) => lane.close())))

test(`${HISTORIES} histories: every fen is for a seat, a fee, or on its way back`, async () => {
  const started = performance.now()
  const done = await runBatches(lanes, { histories: HISTORIES, seed: SEED, batch: 100 })
  const seconds = (performance.now() - started) / 1000
  console.log(
    `${done} histories in ${seconds.toFixed(1)} s: ${(done / seconds).toFixed(0)} a second`,
  )
  const tally: Tally = new Map()
  for (const lane of lanes) {
    await lane.wipe()
    for (const [what, n] of lane.tally) add(tally, what, n)
  }
  console.log(told(tally))
  expect(done).toBeGreaterThanOrEqual(HISTORIES)
})
