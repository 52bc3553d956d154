/**
 * What becomes of the slots that are there when a template says something else: pure. What somebody
 * has booked, and what a person changed by hand, is never touched; carrying a plan out and planning
 * again changes nothing.
 */
import type { FateReason, SlotFate, Template } from '@jiyue/contract/schedule'
import type { Wanted } from './generate.ts'

/** A slot of the template that is there. Instants in ms. */
export interface Present {
  id: string
  startsAt: number
  endsAt: number
  keptFrom: number
  keptUntil: number
  bookableUntil: number
  branchId: string | null
  staffId: string | null
  roomId: string | null
  capacity: number
  priceFen: number | null
  /** Seats that are taken at this second. */
  taken: number
  /** A person resized, closed or moved it. */
  byHand: boolean
  /** Its template had no room for it before: it is closed and shown nowhere. */
  removed: boolean
}

/** Another slot that has the same staff or room within the service. */
export type Other = Pick<Present, 'keptFrom' | 'keptUntil'>

export interface Fate {
  fate: SlotFate
  why: FateReason | null
  wanted: Wanted | null
  present: Present | null
}

/** The fate of every slot that is wanted or there, by start. */
export function planSlots(
  template: Template,
  wanted: readonly Wanted[],
  present: readonly Present[],
  others: readonly Other[],
): Fate[] {
  const atStart = new Map(present.map((slot) => [slot.startsAt, slot]))
  const wantedAt = new Map(wanted.map((one) => [one.startsAt, one]))
  // What stays as it is has its time; the template goes around it.
  const staying = present.filter((slot) => {
    const wish = wantedAt.get(slot.startsAt)
    return untouchable(slot) !== null && !(wish && isAs(template, wish, slot))
  })
  const fates = wanted.map((wish): Fate => {
    const slot = atStart.get(wish.startsAt) ?? null
    const why = slot && untouchable(slot)
    const same = slot !== null && isAs(template, wish, slot)
    if (slot && why)
      return { fate: same ? 'keep' : 'stay', why: same ? null : why, wanted: wish, present: slot }
    const clash = staying.some((one) => overlaps(one, wish))
      ? 'overlaps_booked'
      : others.some((one) => overlaps(one, wish))
        ? 'overlaps_other'
        : null
    if (clash && slot && !slot.removed)
      return { fate: 'remove', why: clash, wanted: null, present: slot }
    if (clash) return { fate: 'skip', why: clash, wanted: wish, present: slot }
    if (same && !slot.removed) return { fate: 'keep', why: null, wanted: wish, present: slot }
    return { fate: slot ? 'change' : 'add', why: null, wanted: wish, present: slot }
  })
  for (const slot of present) {
    if (wantedAt.has(slot.startsAt)) continue
    const why = untouchable(slot)
    if (why) fates.push({ fate: 'stay', why, wanted: null, present: slot })
    else if (!slot.removed) fates.push({ fate: 'remove', why: null, wanted: null, present: slot })
  }
  return fates.sort((a, b) => startOf(a) - startOf(b))
}

const startOf = ({ wanted, present }: Fate) => wanted?.startsAt ?? present?.startsAt ?? 0

function untouchable({ taken, byHand }: Present): FateReason | null {
  if (taken > 0) return 'booked'
  return byHand ? 'by_hand' : null
}

function overlaps(one: Other, wish: Wanted): boolean {
  return one.keptFrom < wish.keptUntil && wish.keptFrom < one.keptUntil
}

function isAs(template: Template, wish: Wanted, slot: Present): boolean {
  return (
    slot.endsAt === wish.endsAt &&
    slot.keptFrom === wish.keptFrom &&
    slot.keptUntil === wish.keptUntil &&
    slot.bookableUntil === wish.bookableUntil &&
    slot.branchId === template.branchId &&
    slot.staffId === template.staffId &&
    slot.roomId === template.roomId &&
    slot.capacity === template.capacity &&
    slot.priceFen === template.priceFen
  )
}
