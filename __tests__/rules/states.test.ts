/**
 * The state tables cell by cell (contract/order.ts, payment.ts). What is allowed is written out here
 * a second time on purpose: a changed cell must be changed in two places, knowingly.
 * __tests__/server/states.test.ts drives the same cells through the real database.
 */
import {
  can,
  type OrderEvent,
  type OrderState,
  orderEvents,
  orderMoves,
  orderStates,
  orderStateWords,
  stateAt,
  takesSeat,
} from '@jiyue/contract/order'
import {
  paymentEvents,
  paymentMoves,
  paymentStates,
  paymentStateWords,
  refundEvents,
  refundMoves,
  refundStates,
  refundStateWords,
} from '@jiyue/contract/payment'

const order = `
  held + register = registered
  held + cancel = cancelled
  held + expire = expired
  registered + confirm = confirmed
  registered + cancel = cancelled
  registered + expire = expired
  confirmed + complete = completed
  confirmed + miss = missed
  confirmed + move = confirmed
  confirmed + cancel = cancelled
  completed + correct = missed
  missed + correct = completed
  expired + confirm = confirmed`

const payment = `
  created + open = pending
  created + succeed = succeeded
  created + fail = failed
  created + close = closed
  pending + succeed = succeeded
  pending + fail = failed
  pending + close = closed
  failed + succeed = succeeded
  closed + succeed = succeeded`

const refund = `
  requested + succeed = succeeded
  requested + fail = failed
  requested + close = closed
  requested + pay_otherwise = otherwise
  failed + pay_otherwise = otherwise
  failed + retry = requested
  failed + succeed = succeeded
  failed + close = closed`

type Moves = Record<string, Partial<Record<string, string>>>

const machines = [
  ['order', orderMoves, orderStates, orderEvents, order, 'held', orderStateWords],
  ['payment', paymentMoves, paymentStates, paymentEvents, payment, 'created', paymentStateWords],
  ['refund', refundMoves, refundStates, refundEvents, refund, 'requested', refundStateWords],
] as const satisfies readonly [
  string,
  Moves,
  readonly string[],
  readonly string[],
  string,
  string,
  Record<string, string>,
][]

describe.each(machines)('%s', (_, moves: Moves, states, events, allowed, first, words) => {
  const next = new Map(
    allowed
      .trim()
      .split('\n')
      .map((line) => line.trim().split(' = ') as [string, string]),
  )
  const cells = states.flatMap((state) => events.map((event) => [state, event] as const))

  test.each(cells)('%s + %s goes where the table says, or nowhere', (state, event) => {
    expect(moves[state]?.[event]).toBe(next.get(`${state} + ${event}`))
  })

  test('the table names no state and no event that does not exist', () => {
    expect(Object.keys(moves).sort()).toEqual([...states].sort())
    for (const row of Object.values(moves)) {
      expect(events).toEqual(expect.arrayContaining(Object.keys(row)))
      expect(states).toEqual(expect.arrayContaining(Object.values(row)))
    }
  })

  test('every state can be reached from the first', () => {
    const reached = new Set<string>([first])
    for (const state of reached) {
      for (const one of Object.values(moves[state] ?? {})) reached.add(String(one))
    }
    expect([...reached].sort()).toEqual([...states].sort())
  })

  test('every state has its own word for people', () => {
    expect(Object.keys(words).sort()).toEqual([...states].sort())
    expect(new Set(Object.values(words)).size).toBe(states.length)
  })
})

test('can() says what the table says, for the buttons of all fronts', () => {
  for (const state of orderStates) {
    for (const event of orderEvents) {
      expect([state, event, can(state, event)]).toEqual([
        state,
        event,
        order.includes(`${state} + ${event} =`),
      ])
    }
  }
})

test('money that arrives is a fact: only a payment that has it already cannot succeed', () => {
  const cannot = paymentStates.filter((state) => paymentMoves[state].succeed === undefined)
  expect(cannot).toEqual(['succeeded'])
})

describe('time', () => {
  const second = Date.parse('2026-10-01T06:15:00Z')
  const heldUntil = new Date(second).toISOString()
  const lapsing: OrderState[] = ['held', 'registered']

  test.each(orderStates)('%s at the very millisecond its time is over', (state) => {
    const lapses = lapsing.includes(state)
    expect(stateAt({ state, heldUntil }, second - 1)).toBe(state)
    expect(stateAt({ state, heldUntil }, second)).toBe(lapses ? 'expired' : state)
    expect(stateAt({ state, heldUntil }, second + 1)).toBe(lapses ? 'expired' : state)
    expect(stateAt({ state, heldUntil: null }, second)).toBe(state)
  })

  test('exactly the states that lapse take their seat until a time', () => {
    expect(orderStates.filter((state) => takesSeat[state] === 'until_held_until')).toEqual(lapsing)
    expect(orderStates.filter((state) => can(state, 'expire' as OrderEvent))).toEqual(lapsing)
  })
})
