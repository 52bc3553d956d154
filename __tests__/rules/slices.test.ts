/** Slices: a crowd is served whole and in order, and nobody else has to wait for all of it. */
import { createSlices } from '../../server/live/slices.ts'

const nextTurn = () => new Promise((resolve) => setImmediate(resolve))
const crowd = (count: number) => Array.from({ length: count }, (_, i) => i)

test('few are served at once', () => {
  const served: number[] = []
  createSlices(10).each(crowd(9), (one) => served.push(one))
  expect(served).toEqual(crowd(9))
})

test('of many each is served once, in order, and others have their turn in between', async () => {
  const served: number[] = []
  const seenByOthers: number[] = []
  createSlices(10).each(crowd(95), (one) => served.push(one))
  while (served.length < 95) {
    seenByOthers.push(served.length)
    await nextTurn()
  }
  expect(served).toEqual(crowd(95))
  expect(seenByOthers.length).toBeGreaterThan(5)
})

test('what is asked later comes later, whoever is still being served', async () => {
  const slices = createSlices(10)
  const said: string[] = []
  slices.each(crowd(25), () => said.push('first'))
  slices.each(crowd(3), () => said.push('second'))
  while (said.length < 28) await nextTurn()
  expect(said).toEqual([...Array(25).fill('first'), ...Array(3).fill('second')])
})

test('who leaves meanwhile is left out, and the others are not', async () => {
  const there = new Set(crowd(30))
  const served: number[] = []
  createSlices(10).each(there, (one) => served.push(one))
  there.delete(25)
  for (let turn = 0; turn < 5; turn++) await nextTurn()
  expect(served).toEqual(crowd(30).filter((one) => one !== 25))
})
