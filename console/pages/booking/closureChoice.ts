/** Which slots one act is about: pure. */
import type { ConsoleSlot } from '@jiyue/contract/schema/wire'
import { type Day, wallClock } from '@jiyue/contract/time'

export type Act = 'close' | 'open'

export interface ClosureChoice {
  act: Act
  /** Both included. */
  from: Day
  to: Day
  service: string | undefined
  staff: string | undefined
  /** 0 is Sunday; none means every day. */
  weekdays: readonly number[]
}

/** Those that have not begun, fit the choice, and are not yet as the act would make them. */
export function chosenBy(
  { act, staff, service, weekdays }: ClosureChoice,
  slots: readonly ConsoleSlot[],
  now: number,
): ConsoleSlot[] {
  return slots.filter(
    (slot) =>
      Date.parse(slot.startsAt) > now &&
      (slot.closedReason === null) === (act === 'close') &&
      (!service || slot.serviceId === service) &&
      (!staff || slot.staffId === staff) &&
      (weekdays.length === 0 || weekdays.includes(wallClock(slot.startsAt).weekday)),
  )
}
