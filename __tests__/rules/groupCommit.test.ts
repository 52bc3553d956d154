/** Group commit (server/db/groupCommit.ts): who comes while a batch is in flight is in the next. */
import { groupCommit } from '../../server/db/groupCommit.ts'

/** A decision that waits until the test lets it go. */
function gated() {
  const batches: number[][] = []
  const gates: (() => void)[] = []
  const decide = async (batch: readonly number[]) => {
    batches.push([...batch])
    await new Promise<void>((resolve) => gates.push(resolve))
    return batch.map((n) => n * 10)
  }
  const open = async () => {
    gates.shift()?.()
    await turn()
  }
  return { batches, decide, open }
}

const turn = () => new Promise((resolve) => setImmediate(resolve))

test('who asks in one turn of the event loop is decided in it; who comes meanwhile forms the next batch, in order', async () => {
  const { batches, decide, open } = gated()
  const ask = groupCommit(decide)
  const first = [1, 2].map((n) => ask(n))
  expect(batches).toEqual([])
  await turn()
  expect(batches).toEqual([[1, 2]])
  const later = [3, 4, 5].map((n) => ask(n))
  await turn()
  expect(batches).toEqual([[1, 2]])
  await open()
  expect(batches).toEqual([
    [1, 2],
    [3, 4, 5],
  ])
  await open()
  expect(await Promise.all([...first, ...later])).toEqual([10, 20, 30, 40, 50])
})

test('a batch has a limit, and nobody is left behind', async () => {
  const { batches, decide, open } = gated()
  const ask = groupCommit(decide, { most: 2 })
  const answers = [1, 2, 3, 4, 5].map((n) => ask(n))
  for (let i = 0; i < 4; i++) await open()
  expect(batches).toEqual([[1, 2], [3, 4], [5]])
  expect(await Promise.all(answers)).toEqual([10, 20, 30, 40, 50])
})

test('one that cannot be decided fails alone, and the line goes on', async () => {
  const ask = groupCommit(async (batch: readonly number[]) => {
    if (batch.includes(3)) throw Object.assign(new Error('three'), { code: '23503' })
    return batch.map((n) => n * 10)
  })
  const answers = await Promise.allSettled([1, 2, 3, 4].map((n) => ask(n)))
  expect(answers.map((one) => (one.status === 'fulfilled' ? one.value : 'failed'))).toEqual([
    10,
    20,
    'failed',
    40,
  ])
  expect(await ask(5)).toBe(50)
})

test('a decision that forgets somebody is an error, never a wrong answer', async () => {
  const ask = groupCommit(async () => [] as number[])
  await expect(ask(1)).rejects.toThrow('without all its answers')
})

test('a database that is away fails the batch once, not each of it in turn', async () => {
  let calls = 0
  const ask = groupCommit(async (): Promise<number[]> => {
    calls += 1
    throw new Error('connect ECONNREFUSED')
  })
  const answers = await Promise.allSettled([1, 2, 3, 4].map((n) => ask(n)))
  expect(answers.map((one) => one.status)).toEqual(Array(4).fill('rejected'))
  expect(calls).toBe(1)
})
