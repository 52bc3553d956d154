/**
 * The waiting list 候补 of a full slot (B11): what a place is at a moment, and whom free seats are for.
 * A row says waiting, offered or left; time and the order that the seats were offered as say the rest,
 * so that nothing depends on a job having run.
 */
import { type OrderState, stateAt } from './order.ts'

/** What is written down. */
export const waitRows = ['waiting', 'offered', 'left'] as const
export type WaitRow = (typeof waitRows)[number]

/** What a place is, with the words people see. */
export const waitWords = {
  waiting: '候补中',
  offered: '名额已保留',
  taken: '已接受',
  lapsed: '已过保留时间',
  declined: '已放弃',
  left: '已退出',
  over: '未候补到',
} as const
export type WaitState = keyof typeof waitWords

/** The state of the offered order → what became of the place. */
const ofOrder: Record<OrderState, WaitState> = {
  held: 'offered',
  registered: 'taken',
  confirmed: 'taken',
  completed: 'taken',
  missed: 'taken',
  cancelled: 'declined',
  expired: 'lapsed',
}

/** The state as time makes it; `now` in ms. `order`: the offered one. */
export function waitStateAt(
  wait: { state: WaitRow; bookableUntil: string },
  order: { state: OrderState; heldUntil: string | null } | null,
  now: number,
): WaitState {
  if (wait.state === 'left') return 'left'
  if (wait.state === 'offered' && order) return ofOrder[stateAt(order, now)]
  return Date.parse(wait.bookableUntil) <= now ? 'over' : 'waiting'
}

/** Somebody in a line; `party` seats, all or none. */
export interface InLine {
  id: string
  party: number
}

/**
 * Whom `free` seats are for, in the order of the line: first come first served. Who does not fit into
 * what is left is passed by and keeps the place; nobody who fits ever is.
 */
export function offersOf<One extends InLine>(line: readonly One[], free: number): One[] {
  let left = free
  return line.filter(({ party }) => {
    if (party > left) return false
    left -= party
    return true
  })
}

/** 「前面还有 3 人」, in the unit of the line: places, not seats. */
export function aheadText(ahead: number): string {
  return ahead === 0 ? '您排在第一位' : `前面还有 ${ahead} 人`
}
