import { QueryClient, QueryObserver } from '@tanstack/react-query'
import { readingAgain } from '../../console/readAgain.ts'
import { until } from '../world.ts'

/** A list on screen whose readings are answered when the test says, with what was true when they began. */
function list() {
  const queries = new QueryClient()
  const readAgainSoon = readingAgain(queries)
  const began: { truth: string; answer: () => void }[] = []
  let truth = 'nothing'
  const observer = new QueryObserver<string>(queries, {
    queryKey: ['listConsoleNegotiations'],
    queryFn: () =>
      new Promise((resolve) => {
        const seen = truth
        began.push({ truth: seen, answer: () => resolve(seen) })
      }),
  })
  const stop = observer.subscribe(() => {})
  return {
    begun: (count: number) => until(`reading ${count}`, async () => began[count - 1]),
    change(to: string) {
      truth = to
      readAgainSoon('listConsoleNegotiations')
    },
    shown: (text: string) => until(text, async () => observer.getCurrentResult().data === text),
    count: () => began.length,
    stop() {
      stop()
      queries.clear()
    },
  }
}

describe('reading again', () => {
  test('news that come while a list is read for the first time are read too: that reading may be older', async () => {
    const it = list()
    const first = await it.begun(1)
    it.change('one request')
    first.answer()
    const second = await it.begun(2)
    second.answer()
    await it.shown('one request')
    it.stop()
  })

  test('however many news come during one reading, one more follows it', async () => {
    const it = list()
    const first = await it.begun(1)
    first.answer()
    await it.shown('nothing')
    it.change('one')
    const second = await it.begun(2)
    for (const text of ['two', 'three', 'four']) it.change(text)
    second.answer()
    const third = await it.begun(3)
    third.answer()
    await it.shown('four')
    expect(it.count()).toBe(3)
    it.stop()
  })
})
