/**
 * The same random histories over the real wire: our own gateways, the sandbox's signatures, cashiers,
 * notices and bills (P10, P11, X2, X13).
 */
import { type Lane, openLane } from './lane.ts'
import { runBatches } from './run.ts'
import { wirePeople, wireRails } from './wire.ts'

const HISTORIES = Number(process.env.TEST_WIRE_HISTORIES ?? 200)
const SEED = Number(process.env.TEST_SEED ?? 20_260_101)

jest.setTimeout(Math.max(300_000, HISTORIES * 2_000))

let lane: Lane
beforeAll(async () => {
  lane = await openLane({ rails: wireRails, people: wirePeople })
})
afterAll(() => lane.close())

test(`${HISTORIES} histories over the wire: every fen is for a seat, a fee, or on its way back`, async () => {
  const done = await runBatches([lane], { histories: HISTORIES, seed: SEED, batch: 40 })
  expect(done).toBeGreaterThanOrEqual(HISTORIES)
})
