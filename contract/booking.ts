/** What people see of slots: one pure function decides the colour and the reason, on every screen. */
import type { Day } from './time.ts'

export type ServiceKind = 'personal' | 'enterprise' | 'event'

export const serviceKindWords: Record<ServiceKind, string> = {
  personal: '个人服务',
  enterprise: '企业服务',
  event: '活动讲座',
}

export type DayKind = 'workday' | 'weekend' | 'holiday' | 'makeup'

/** A calendar day of the picker. `name` is the holiday's: 「国庆节」. */
export interface DayInfo {
  day: Day
  kind: DayKind
  name: string | null
  open: boolean
}

/** Why a slot cannot be taken, with the words on the grey tile. */
export const slotReasons = {
  past: '已过时间',
  holiday: '节假日',
  closed: '未开放',
  not_yet: '未开放',
  busy: '人员已有安排',
  occupied: '场地已有安排',
  checking: '系统核对中',
} as const
export type SlotReason = keyof typeof slotReasons

export type SlotStatus =
  | { colour: 'green'; word: '可预约' }
  | { colour: 'red'; word: '已约满' }
  | { colour: 'grey'; word: '不可预约'; reason: SlotReason }

export interface SlotFacts {
  /** Booking ends at this instant (start minus the service's cut-off), ISO UTC. */
  bookableUntil: string
  closed: boolean
  /** The auditor stopped its sale (X1); `closed` as well, for phones that know no better. */
  checking?: boolean | undefined
  /** Its staff member or room is taken by another slot at that time. */
  busy: boolean
  /** It is the room; `busy` as well, for phones that know no better. */
  occupied?: boolean | undefined
  left: number
}

/** Colour, word and reason of a slot at `now` (ms), on a day; first match wins. */
export function slotStatus(slot: SlotFacts, day: DayInfo | undefined, now: number): SlotStatus {
  const reason = greyReason(slot, day, now)
  if (reason) return { colour: 'grey', word: '不可预约', reason }
  if (slot.left <= 0) return { colour: 'red', word: '已约满' }
  return { colour: 'green', word: '可预约' }
}

function greyReason(slot: SlotFacts, day: DayInfo | undefined, now: number): SlotReason | null {
  if (Date.parse(slot.bookableUntil) <= now) return 'past'
  if (day && !day.open) return day.kind === 'holiday' ? 'holiday' : 'closed'
  if (slot.checking) return 'checking'
  if (slot.closed) return 'closed'
  if (slot.busy) return slot.occupied ? 'occupied' : 'busy'
  return null
}
