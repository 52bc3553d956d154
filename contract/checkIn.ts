/** Check-in 核销 (B10): who may be checked in when, as one rule for server and console. */
import type { OrderState } from './order.ts'
import type { Rules } from './rules.ts'
import { minuteMs } from './time.ts'

/** early and late are a person's decision at the desk; everything after them is a no. */
export const checkInVerdicts = [
  'ok',
  'early',
  'late',
  'done',
  'unpaid',
  'missed',
  'cancelled',
] as const
export type CheckInVerdict = (typeof checkInVerdicts)[number]

export const checkInWords: Record<CheckInVerdict, string> = {
  ok: '可以核销',
  early: '还未到核销时间，请核对时段',
  late: '服务时段已结束，请核对后核销',
  done: '已核销，请勿重复核销',
  unpaid: '订单尚未完成缴费，不能核销',
  missed: '订单已爽约，不能核销',
  cancelled: '订单已取消或已过期，不能核销',
}

const over: Record<Exclude<OrderState, 'confirmed'>, CheckInVerdict> = {
  held: 'unpaid',
  registered: 'unpaid',
  completed: 'done',
  missed: 'missed',
  cancelled: 'cancelled',
  expired: 'cancelled',
}

interface Checked {
  /** As time makes it. */
  state: OrderState
  startsAt: string
  endsAt: string
}

/** Whether an order may be checked in at `now` (ms). */
export function checkInVerdict(
  order: Checked,
  rules: Pick<Rules, 'checkInEarlyMinutes'>,
  now: number,
): CheckInVerdict {
  if (order.state !== 'confirmed') return over[order.state]
  if (now < checkInFrom(order, rules)) return 'early'
  return now < Date.parse(order.endsAt) ? 'ok' : 'late'
}

/** From this instant (ms) on a code is taken without asking. */
export function checkInFrom(
  { startsAt }: Pick<Checked, 'startsAt'>,
  { checkInEarlyMinutes }: Pick<Rules, 'checkInEarlyMinutes'>,
): number {
  return Date.parse(startsAt) - checkInEarlyMinutes * minuteMs
}

/** What a QR code says around the eight digits. */
export const checkInQr = (code: string) => `JIYUE:CHECKIN:${code}`

/** The digits in what was typed or scanned: spaced, full-width, or a whole QR text; null for none. */
export function readCheckInCode(text: string): string | null {
  const plain = text.replace(/[０-９]/g, (digit) => String(digit.charCodeAt(0) - 0xff10))
  const scanned = /^JIYUE:CHECKIN:(\d{8})$/i.exec(plain.trim())
  if (scanned) return scanned[1] ?? null
  const digits = plain.replace(/[\s-]/g, '')
  return /^\d{8}$/.test(digits) ? digits : null
}
