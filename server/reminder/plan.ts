/**
 * Which reminders an order gets (B8): pure. Whatever happens to an order, `replan` compares what it
 * wants now with what is written; `whyNot` is asked once more when one is due.
 */
import { type OrderState, takesSeat } from '@jiyue/contract/order'
import {
  type ReminderKind,
  type ReminderKindName,
  type ReminderState,
  reminderKindNames,
  reminderKinds,
  type UnsentReason,
} from '@jiyue/contract/reminder'
import { minuteMs } from '@jiyue/contract/time'

/** An order as far as its reminders go; `state` as time makes it. */
export interface OrderNow {
  id: string
  state: OrderState
  slotId: string
  startsAt: Date
  /** Its slot falls through (M9): its own reminders would only confuse. */
  disrupted?: boolean
}

export interface PlannedReminder {
  kind: ReminderKindName
  /** With the kind, what is told once. */
  once: string
  slotId: string
  dueAt: Date
}

/** A reminder that is written already. */
export interface WrittenReminder {
  id: string
  kind: ReminderKindName
  once: string
  slotId: string | null
  dueAt: Date | null
  state: ReminderState
  reason: UnsentReason | null
}

/** `unpaid` is written when it is due: most orders are paid before. */
const planned = reminderKindNames.filter((kind) => kindOf(kind).of !== 'event' && kind !== 'unpaid')

/** A time that has passed makes no sense any more: a same-day booking has no day-before reminder. */
export function planReminders(order: OrderNow, now: Date): PlannedReminder[] {
  if (order.disrupted) return []
  return planned
    .filter((kind) => kindOf(kind).states?.includes(order.state))
    .map((kind) => ({
      kind,
      once: onceOf(kind, order),
      slotId: order.slotId,
      dueAt: dueOf(kindOf(kind), order.startsAt, now),
    }))
    .filter(({ dueAt }) => dueAt >= now)
}

export interface Replanned {
  add: PlannedReminder[]
  /** Planned ones that make no sense any more. */
  drop: { id: string; reason: UnsentReason }[]
  /** Dropped before, wanted again: the order came back to this slot in time. */
  again: { id: string; dueAt: Date }[]
}

/** What to change of an order's `written` reminders after something happened to it. */
export function replan(written: readonly WrittenReminder[], order: OrderNow, now: Date): Replanned {
  const known = new Map(written.map((row) => [`${row.kind} ${row.once}`, row]))
  const wanted = planReminders(order, now)
  const rowOf = ({ kind, once }: PlannedReminder) => known.get(`${kind} ${once}`)
  return {
    add: wanted.filter((one) => rowOf(one) === undefined),
    again: wanted.flatMap((one) => {
      const row = rowOf(one)
      // Only what speaks of the slot: a booking that moved was told by its move.
      const mayComeBack = kindOf(one.kind).of === 'slot' && row?.state === 'unsent'
      return row && mayComeBack && row.reason === 'moved' ? [{ id: row.id, dueAt: one.dueAt }] : []
    }),
    drop: written.flatMap((row) => {
      const reason = row.state === 'planned' ? whyNot(row.kind, row, order, now) : null
      return reason ? [{ id: row.id, reason }] : []
    }),
  }
}

/** Why a reminder makes no sense (any more) at `now`; null when it does. */
export function whyNot(
  name: ReminderKindName,
  row: { slotId: string | null; dueAt: Date | null; untilAt?: Date | null },
  order: Pick<OrderNow, 'state' | 'slotId' | 'disrupted'> | null,
  now: Date,
): UnsentReason | null {
  const kind = kindOf(name)
  if (order && kind.states && !kind.states.includes(order.state)) {
    return name === 'unpaid' && takesSeat[order.state] === 'always' ? 'no_need' : 'order_over'
  }
  if (order && kind.ofSlot && row.slotId !== null && row.slotId !== order.slotId) return 'moved'
  if (order?.disrupted && kind.of !== 'event') return 'called_off'
  const lateMs = row.dueAt ? now.getTime() - row.dueAt.getTime() : 0
  const isOver = row.untilAt ? row.untilAt <= now : false
  return isOver || lateMs > kind.lateMinutes * minuteMs ? 'too_late' : null
}

/** What a kind of an order tells once. */
export function onceOf(kind: ReminderKindName, order: Pick<OrderNow, 'id' | 'slotId'>): string {
  return kindOf(kind).of === 'slot' ? `${order.id} ${order.slotId}` : order.id
}

function dueOf({ minutesBefore }: ReminderKind, startsAt: Date, now: Date): Date {
  return minutesBefore === null ? now : new Date(startsAt.getTime() - minutesBefore * minuteMs)
}

function kindOf(name: ReminderKindName): ReminderKind {
  return reminderKinds[name]
}
