/** What is drawn: settings, orders that have begun, steps and what goes wrong with them. */
import fc from 'fast-check'
import { hour, minute, type Setting } from './history.ts'
import type { Fault } from './plan.ts'
import { steps } from './steps/table.ts'

/** One drawn step: what, chosen by which numbers, and what goes wrong with it. */
export interface Drawn {
  what: string
  a: number
  b: number
  c: number
  fault: Fault | null
  /** Starts at the very moment of the next one. */
  together: boolean
}

/**
 * How far an order has come, without trouble, before the trouble begins. `switched`: to another
 * method before it was paid; `unheard`: paid, but its clock ran out before anybody here knew;
 * `moving`: its payment for another slot is open; `cancelled`: its refund is owed.
 */
export const stages = [
  'opened',
  'switched',
  'paid',
  'unheard',
  'confirmed',
  'moving',
  'cancelled',
] as const

export interface Begun {
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

/** A step with what goes wrong: providers are at fault where they are asked, queries anywhere. */
const drawn: fc.Arbitrary<Drawn> = fc.oneof(
  ...Object.entries(steps).map(([what, { weight, asks }]) => ({
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

const begun: fc.Arbitrary<Begun> = fc.record({
  stage: fc.constantFrom('confirmed' as const, ...stages),
  a: fc.nat(11),
  b: fc.nat(11),
  c: fc.nat(11),
})

export const lives: fc.Arbitrary<Life> = fc.record({
  setting: fc.record({
    service: fc.constantFrom(0, 0, 1, 1, 2, 3),
    outage: fc.constantFrom(true, true, true, true, true, true, true, false),
    slots: fc.array(slot, { minLength: 2, maxLength: 3 }),
  }),
  begun: fc.oneof(
    { weight: 3, arbitrary: fc.tuple(begun) },
    { weight: 1, arbitrary: fc.tuple(begun, begun) },
  ),
  steps: fc.array(drawn, { minLength: 1, maxLength: 7, size: 'max' }),
})
