/** Histories that once went wrong, told step by step: random ones met them, or would after years. */
import type { Drawn, Life } from './draw.ts'
import { hour, minute } from './history.ts'
import { type Lane, openLane } from './lane.ts'
import { live } from './live.ts'
import { modelRails } from './model.ts'
import type { CallFault } from './plan.ts'

let lane: Lane
beforeAll(async () => {
  lane = await openLane({ rails: modelRails })
})
afterAll(() => lane.close())

/** A step by its row of steps/table.ts, its three numbers, and what goes wrong at its `n`th call. */
function step(what: string, [a, b, c] = [0, 0, 0], fault?: CallFault, n = 0): Drawn {
  return { what, a, b, c, fault: fault ? { at: 'call', n, what: fault } : null, together: false }
}

const oneSlot = (startsIn: number): Life['setting'] => ({
  service: 0,
  outage: true,
  slots: [{ startsIn, cutoff: 0, capacity: 1, moreFen: 0 }],
})

const withDeposit: Life['setting'] = { ...oneSlot(72 * hour), service: 1 }

const stories: Record<string, Life> = {
  'an Alipay page is paid while the answer “closed”, from before its end, is on its way': {
    setting: oneSlot(72 * hour),
    begun: [],
    steps: [
      step('bookAndOpen', [0, 0, 2]),
      step('cancel', [0, 0, 0], 'waits after'),
      step('pay', [0, 2, 0]),
    ],
  },
  'money comes while its order is being cancelled, at the very start of the slot': {
    setting: oneSlot(30 * minute),
    begun: [],
    steps: [
      step('bookAndOpen'),
      step('pay', [0, 2, 0]),
      step('jump', [6, 0, 0]),
      step('jump', [5, 0, 0]),
      step('cancel', [0, 0, 0], 'waits after'),
      step('notice'),
    ],
  },
  'a payment is opened twice at once: one is refused, the other opens it': {
    setting: oneSlot(72 * hour),
    begun: [],
    steps: [
      step('bookAndOpen', [0, 0, 0], 'waits before'),
      step('openAgain', [0, 0, 0], 'refused'),
      step('resume'),
      step('pay', [0, 2, 0]),
    ],
  },
  'an order is cancelled while its payment opens: “there is nothing to close” is from before': {
    setting: oneSlot(72 * hour),
    begun: [],
    steps: [
      step('bookAndOpen', [0, 0, 0], 'waits before'),
      step('cancel', [0, 0, 0], 'waits after'),
      step('resume'),
      step('resume'),
    ],
  },
  'more than the deposit is given back by hand before the check-in': {
    setting: withDeposit,
    begun: [{ stage: 'confirmed', a: 0, b: 0, c: 0 }],
    steps: [step('refundByHand', [0, 2, 0]), step('jump', [1, 0, 0]), step('checkIn')],
  },
  'a part of the deposit is given back by hand, and the person never comes': {
    setting: withDeposit,
    begun: [{ stage: 'confirmed', a: 0, b: 0, c: 0 }],
    steps: [step('refundByHand', [0, 1, 0])],
  },
}

test.each(Object.entries(stories))('%s: every fen is accounted for', async (_, life) => {
  await lane.wipe()
  await expect(live(lane, life)).resolves.toBeUndefined()
})
