/** The waiting list 候补 (B11): whom free seats are for, and what a place is at a moment. Pure. */
import { type OrderState, orderStates } from '@jiyue/contract/order'
import { aheadText, offersOf, waitStateAt } from '@jiyue/contract/wait'
import fc from 'fast-check'

const parties = fc.array(fc.integer({ min: 1, max: 6 }), { maxLength: 12 })
const lineOf = (sizes: readonly number[]) => sizes.map((party, id) => ({ id: String(id), party }))
const seats = (line: readonly { party: number }[]) =>
  line.reduce((sum, { party }) => sum + party, 0)

describe('first come, first served', () => {
  test('whoever is passed by does not fit into what those before them left', () => {
    fc.assert(
      fc.property(parties, fc.integer({ min: 0, max: 20 }), (sizes, free) => {
        const line = lineOf(sizes)
        const offered = offersOf(line, free)
        for (const [place, one] of line.entries()) {
          const before = offered.filter(({ id }) => Number(id) < place)
          expect(offered.includes(one)).toBe(one.party <= free - seats(before))
        }
      }),
    )
  })

  test('never more seats than are free, and in the order of the line', () => {
    fc.assert(
      fc.property(parties, fc.integer({ min: 0, max: 20 }), (sizes, free) => {
        const offered = offersOf(lineOf(sizes), free)
        expect(seats(offered)).toBeLessThanOrEqual(free)
        const places = offered.map(({ id }) => Number(id))
        expect(places).toEqual([...places].sort((a, b) => a - b))
      }),
    )
  })

  test('what is left over fits nobody who still waits', () => {
    fc.assert(
      fc.property(parties, fc.integer({ min: 0, max: 20 }), (sizes, free) => {
        const line = lineOf(sizes)
        const offered = offersOf(line, free)
        const left = free - seats(offered)
        const waiting = line.filter((one) => !offered.includes(one))
        expect(waiting.every(({ party }) => party > left)).toBe(true)
      }),
    )
  })

  test('where all are alone, the line is served exactly in its order, however seats come free', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 12 }),
        fc.array(fc.integer({ min: 0, max: 4 }), { maxLength: 10 }),
        (people, frees) => {
          let line = lineOf(Array.from({ length: people }, () => 1))
          const served: string[] = []
          for (const free of frees) {
            const offered = offersOf(line, free)
            served.push(...offered.map(({ id }) => id))
            line = line.filter((one) => !offered.includes(one))
          }
          expect(served).toEqual(
            lineOf(Array.from({ length: served.length }, () => 1)).map((o) => o.id),
          )
        },
      ),
    )
  })
})

describe('what a place is', () => {
  const now = Date.parse('2026-11-29T04:00:00Z')
  const at = (minutes: number) => new Date(now + minutes * 60_000).toISOString()
  const place = (state: 'waiting' | 'offered' | 'left', cutOff = 60) => ({
    state,
    bookableUntil: at(cutOff),
  })

  test('it waits until the cut-off, from that instant on it is over', () => {
    expect(waitStateAt(place('waiting', 1), null, now)).toBe('waiting')
    expect(waitStateAt(place('waiting', 0), null, now)).toBe('over')
  })

  test('an offer is one until its clock runs out, with or without a job', () => {
    const held = (minutes: number) => ({ state: 'held' as const, heldUntil: at(minutes) })
    expect(waitStateAt(place('offered'), held(1), now)).toBe('offered')
    expect(waitStateAt(place('offered'), held(0), now)).toBe('lapsed')
  })

  const became: Record<OrderState, string> = {
    held: 'offered',
    registered: 'taken',
    confirmed: 'taken',
    completed: 'taken',
    missed: 'taken',
    cancelled: 'declined',
    expired: 'lapsed',
  }
  test.each(orderStates)('an offered order that is %s', (state) => {
    const heldUntil = state === 'held' || state === 'registered' ? at(5) : null
    expect(waitStateAt(place('offered'), { state, heldUntil }, now)).toBe(became[state])
  })

  test('who left has left', () => {
    expect(waitStateAt(place('left'), null, now)).toBe('left')
  })

  test('the first in line is told so', () => {
    expect([aheadText(0), aheadText(3)]).toEqual(['您排在第一位', '前面还有 3 人'])
  })
})
