/** A whole order for store tests; each test changes what it is about. */
import type { Order, Slot } from '@jiyue/contract/schema/wire'

export const serviceId = '01a20000-0000-7000-8000-0000000000a1'
export const orderId = '01a20000-0000-7000-8000-0000000000b1'
/** The glass phone's first second. */
export const startsAt = Date.parse('2026-11-22T02:00:00Z')
export const iso = (ms: number) => new Date(ms).toISOString()

const hour = 3_600_000

export function someSlot(id: string, hours: number, more: Partial<Slot> = {}): Slot {
  return {
    id,
    serviceId,
    startsAt: iso(startsAt + hours * hour),
    endsAt: iso(startsAt + (hours + 1) * hour),
    bookableUntil: iso(startsAt + hours * hour),
    branchId: null,
    staffId: null,
    roomId: null,
    capacity: 10,
    left: 5,
    priceFen: 12800,
    closed: false,
    busy: false,
    version: 1,
    ...more,
  }
}

export function someOrder(more: Partial<Order> = {}): Order {
  const slot = someSlot('slot-old', 48)
  return {
    id: orderId,
    number: 'JY1',
    state: 'confirmed',
    heldUntil: null,
    payUntil: null,
    party: 1,
    service: { id: serviceId, name: '家庭保洁', kind: 'personal', cover: '' },
    slot: { id: slot.id, startsAt: slot.startsAt, endsAt: slot.endsAt, staffId: null },
    payableFen: 12800,
    createdAt: iso(startsAt - hour),
    staff: null,
    branch: null,
    quote: {
      lines: [{ kind: 'base', label: '家庭保洁 × 1', amountFen: 12800 }],
      listFen: 12800,
      discountFen: 0,
      depositFen: 0,
      payableFen: 12800,
      includes: '',
    },
    form: { version: 1, steps: [], fields: [] },
    registered: true,
    answers: [],
    cancelRule: '',
    cancelling: { feeFen: 0, refundFen: 12800 },
    payment: null,
    refunds: [],
    movable: true,
    moveRule: '',
    moveFeesFen: 0,
    openMove: null,
    proof: null,
    mayProve: false,
    attendance: null,
    openNudges: [],
    disruption: null,
    payee: '上海禾悦生活服务有限公司',
    now: iso(startsAt),
    ...more,
  }
}

/** Registered, waiting for its money. */
export function unpaidOrder(more: Partial<Order> = {}): Order {
  return someOrder({
    state: 'registered',
    heldUntil: iso(startsAt + hour),
    payUntil: iso(startsAt + hour - 60_000),
    movable: false,
    ...more,
  })
}

export function someMove(more: Partial<NonNullable<Order['openMove']>> = {}) {
  const { id, startsAt: from, endsAt } = someSlot('slot-new', 72)
  return {
    id: '01a20000-0000-7000-8000-0000000000c1',
    state: 'open' as const,
    slot: { id, startsAt: from, endsAt },
    feeFen: 0,
    dueFen: 2000,
    refundFen: 0,
    expiresAt: iso(startsAt + hour / 4),
    ...more,
  }
}
