/**
 * Schedules 排班: a weekly template from which slots are made, weeks ahead. What is wrong with one is
 * said here, so that the console says it while it is typed and the server when it is sent.
 */
import type { FieldRefusal } from './refusals.ts'
import type { Day } from './time.ts'

/** Minutes on the merchant's clock from midnight, [from, to); `to` 1440 is the end of the day. */
export interface Span {
  from: number
  to: number
}

/** A span of one day of the week; 0 is Sunday. */
export interface WeekSpan extends Span {
  weekday: number
}

/** off: nothing that day; instead: only these spans; extra: these besides the week's. */
export const exceptionKinds = { off: '停排', instead: '改时间', extra: '加排' } as const
export type ExceptionKind = keyof typeof exceptionKinds

export interface ScheduleException {
  day: Day
  kind: ExceptionKind
  /** As they are: the week's breaks do not cut them. Empty for `off`. */
  spans: readonly Span[]
  reason: string
}

/**
 * keep: slots are made on days the merchant is closed too (grey to people, who read why), and can be
 * booked as soon as such a day is opened. skip: none are made.
 */
export const closedDayWords = { skip: '休业日不排', keep: '休业日照排，不开放预约' } as const
export type OnClosedDays = keyof typeof closedDayWords

export interface Template {
  serviceId: string
  branchId: string | null
  staffId: string | null
  roomId: string | null
  weekly: readonly WeekSpan[]
  /** No slot, and no buffer of one, touches these; `weekday` null for every day. */
  breaks: readonly (Span & { weekday: number | null })[]
  slotMinutes: number
  /** Minutes its staff and room are kept before and after each slot. */
  bufferBefore: number
  bufferAfter: number
  capacity: number
  /** Unit price of these slots; null for the service's. */
  priceFen: number | null
  /** Booking ends this many minutes before a slot starts, */
  leadMinutes: number
  /** and, where there is a cut-off, at this minute of the day so many days before. */
  cutoff: { daysBefore: number; minute: number } | null
  /** Make-up workdays go by this day of the week; null: by their own. */
  makeupWeekday: number | null
  onClosedDays: OnClosedDays
  exceptions: readonly ScheduleException[]
  startsOn: Day
  endsOn: Day | null
  /** Slots are there this many weeks ahead, and stay so. */
  weeksAhead: number
}

export const scheduleLimits = {
  slotMinutes: { min: 10, max: 1440 },
  bufferMinutes: 240,
  leadMinutes: 30 * 1440,
  cutoffDays: 30,
  weeksAhead: 12,
  spans: 60,
  exceptions: 120,
  /** Slots one template may have ahead at one time. */
  slots: 2000,
} as const

export const weekdayWords = ['周日', '周一', '周二', '周三', '周四', '周五', '周六'] as const

/** What a slot of a template is to become, in the preview and in the count after saving. */
export const slotFates = {
  add: { zh: '新增', means: '将新增的时段' },
  change: { zh: '调整', means: '尚无预约，按新模板调整' },
  keep: { zh: '不变', means: '与模板一致' },
  stay: { zh: '保留', means: '已有预约或手动调整过，保持原样' },
  remove: { zh: '移除', means: '尚无预约，将移除' },
  skip: { zh: '跳过', means: '与其他时段重叠，不生成' },
} as const
export type SlotFate = keyof typeof slotFates

/** Why a slot stays though the template says otherwise, or is skipped. */
export const fateReasons = {
  booked: '已有预约',
  by_hand: '手动调整过',
  overlaps_booked: '与保留的时段重叠',
  overlaps_other: '与该服务的其他时段重叠',
} as const
export type FateReason = keyof typeof fateReasons

/** Everything that is wrong with a template; empty when it can be saved. */
export function templateProblems(template: Template): FieldRefusal[] {
  const problems: FieldRefusal[] = []
  const wrong = (path: string, message: string) => problems.push({ path, code: 'invalid', message })
  const { weekly, exceptions, breaks, slotMinutes, startsOn, endsOn, cutoff, leadMinutes } =
    template
  if (weekly.length === 0 && exceptions.every(({ kind }) => kind === 'off'))
    wrong('weekly', '请至少添加一段可约时间')
  for (let weekday = 0; weekday < 7; weekday++) {
    const own = weekly.filter((span) => span.weekday === weekday)
    const said = spansProblem(own, slotMinutes)
    if (said) wrong('weekly', `${weekdayWords[weekday]}：${said}`)
  }
  if (breaks.some(({ from, to }) => to <= from)) wrong('breaks', '休息的结束时间应晚于开始时间')
  const days = exceptions.map(({ day }) => day)
  if (new Set(days).size < days.length) wrong('exceptions', '同一天只能有一条例外')
  for (const { day, kind, spans } of exceptions) {
    if (kind === 'off' && spans.length > 0) wrong('exceptions', `${day}：停排不需要填写时间`)
    if (kind !== 'off' && spans.length === 0) wrong('exceptions', `${day}：请填写时间`)
    const said = spansProblem(spans, slotMinutes)
    if (said) wrong('exceptions', `${day}：${said}`)
  }
  if (endsOn !== null && endsOn < startsOn) wrong('endsOn', '结束日期应不早于开始日期')
  if (cutoff && cutoff.daysBefore === 0 && leadMinutes === 0 && cutoff.minute === 0)
    wrong('cutoff', '当天 0 点截止时没有时段可以预约')
  return problems
}

function spansProblem(spans: readonly Span[], slotMinutes: number): string | null {
  const sorted = [...spans].sort((a, b) => a.from - b.from)
  if (sorted.some(({ from, to }) => to <= from)) return '结束时间应晚于开始时间'
  if (sorted.some(({ from, to }) => to - from < slotMinutes)) return '时间段短于一个时段的时长'
  if (sorted.some(({ from }, i) => i > 0 && from < (sorted[i - 1] as Span).to)) return '时间段重叠'
  return null
}

/** `540` → `09:00`; 1440 → `24:00`. */
export function minuteText(minute: number): string {
  const two = (value: number) => (value < 10 ? `0${value}` : String(value))
  return `${two(Math.floor(minute / 60))}:${two(minute % 60)}`
}
