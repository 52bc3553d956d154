/** The simulation of docs/SCALE.md: it obeys the arithmetic it stands for. */
import fc from 'fast-check'
import { type Costs, type Rush, simulate } from '../../bench/simulate.ts'

const costs: Costs = { fixedMs: 4, eachMs: 0.1 }
const rush: Rush = { perSecond: 2000, seconds: 5, services: 500, skew: 0, most: 128 }
/** What one database can do with full batches. */
const mostOfOne = 1000 / (costs.eachMs + costs.fixedMs / rush.most)

test('what one database can serve is served, and nobody waits for long', () => {
  const { served, p99Ms } = simulate(costs, rush, 1)
  expect(served / rush.perSecond).toBeGreaterThan(0.9)
  expect(p99Ms).toBeLessThan(10 * (costs.fixedMs + costs.eachMs * rush.most))
})

test('more than it can is served at its own rate, however much is asked', () => {
  const { served, busiest } = simulate(costs, { ...rush, perSecond: 4 * mostOfOne }, 1)
  expect(served / mostOfOne).toBeCloseTo(1, 1)
  expect(busiest).toBeCloseTo(1, 1)
})

test('even demand grows with the databases; one service that all want does not', () => {
  const four = { ...rush, perSecond: 3 * mostOfOne }
  expect(simulate(costs, four, 4).served / four.perSecond).toBeGreaterThan(0.9)
  const one = simulate(costs, { ...four, services: 1 }, 4)
  expect(one.served / mostOfOne).toBeCloseTo(1, 1)
})

test('every hold that is asked for is answered once, none before its batch’s commit', () => {
  const rushes = fc.record({
    perSecond: fc.integer({ min: 10, max: 5000 }),
    services: fc.integer({ min: 1, max: 100 }),
    skew: fc.constantFrom(0, 0.8, 1.2),
    seed: fc.nat(1000),
    shards: fc.integer({ min: 1, max: 8 }),
  })
  fc.assert(
    fc.property(rushes, ({ shards, seed, ...of }) => {
      const { p50Ms, busiest } = simulate(costs, { ...rush, seconds: 1, ...of }, shards, seed)
      expect(p50Ms).toBeGreaterThanOrEqual(costs.fixedMs + costs.eachMs - 1e-6)
      expect(busiest).toBeLessThanOrEqual(1 + 1e-9)
    }),
    { numRuns: 50 },
  )
})
