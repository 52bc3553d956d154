/** Slots by hand (M1): how many in one act, why one of them stays as it is, which may be moved. */
import type { RefusalCode } from './refusals.ts'

/** Slots that one act closes or opens at the most. */
export const closuresMost = 500

/** In precedence. */
export const keptReasons = ['gone', 'past', 'changed', 'booked'] as const
export type KeptReason = (typeof keptReasons)[number]

export const keptWords: Record<KeptReason, string> = {
  gone: '已不存在',
  past: '已开始',
  changed: '刚被他人修改',
  booked: '已有预约',
}

interface Movable {
  /** ISO UTC. */
  startsAt: string
  checking?: boolean | undefined
  taken: number
  waiting: number
  /** Kept for one person (B5). */
  private: boolean
}

/**
 * Why a slot keeps its time at `now` (ms), or null when it may be moved. The auditor's doubt comes
 * before the counter: orders may be there that it does not count.
 */
export function whyFixed(
  slot: Movable,
  now: number,
): Extract<RefusalCode, 'slot_past' | 'slot_checking' | 'slot_booked'> | null {
  if (Date.parse(slot.startsAt) <= now) return 'slot_past'
  if (slot.checking) return 'slot_checking'
  return slot.taken > 0 || slot.waiting > 0 || slot.private ? 'slot_booked' : null
}
