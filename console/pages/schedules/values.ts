/** Between the form of a schedule and the wire. */
import type {
  OnClosedDays,
  ScheduleException,
  Span,
  Template,
  WeekSpan,
} from '@jiyue/contract/schedule'
import type { KeptSchedule } from '@jiyue/contract/schema/schedule'
import type { Input, Reply } from '@jiyue/contract/schema/wire'
import type { Day } from '@jiyue/contract/time'
import dayjs, { type Dayjs } from 'dayjs'

/** What the form holds: simple fields by their names on the wire, and the week beside it. */
export interface ScheduleValues {
  serviceId: string
  staffId?: string | null
  roomId?: string | null
  branchId?: string | null
  slotMinutes: number
  bufferBefore: number
  bufferAfter: number
  capacity: number
  priceFen?: number | null
  leadMinutes: number
  /** Days before at which booking ends; empty without a cut-off. */
  cutoffDays?: number | null
  cutoffAt?: Dayjs | null
  makeupWeekday?: number | null
  onClosedDays: OnClosedDays
  startsOn: Dayjs
  endsOn?: Dayjs | null
  weeksAhead: number
}

export interface Week {
  weekly: readonly WeekSpan[]
  breaks: readonly (Span & { weekday: number | null })[]
  exceptions: readonly ScheduleException[]
}

export const emptyWeek: Week = { weekly: [], breaks: [], exceptions: [] }

type Services = Reply<'listConsoleServices'>['services']

/** What the form shows first of a new schedule: as long as its service, from today. */
export function firstValues(services: Services, today: Day): ScheduleValues {
  const [service] = services
  return {
    serviceId: service?.id ?? '',
    slotMinutes: service?.durationMinutes ?? 60,
    bufferBefore: 0,
    bufferAfter: 0,
    capacity: 1,
    leadMinutes: 60,
    onClosedDays: 'skip',
    startsOn: dayjs(today),
    weeksAhead: 4,
  }
}

export function valuesOf(schedule: KeptSchedule): ScheduleValues {
  const { cutoff } = schedule
  return {
    ...schedule,
    cutoffDays: cutoff?.daysBefore ?? null,
    cutoffAt: cutoff ? dayjs('2026-01-01').add(cutoff.minute, 'minute') : null,
    startsOn: dayjs(schedule.startsOn),
    endsOn: schedule.endsOn === null ? null : dayjs(schedule.endsOn),
  }
}

export function templateOf(
  values: ScheduleValues,
  { weekly, breaks, exceptions }: Week,
): Input<'previewSchedule'>['body'] & Template {
  const { cutoffDays, cutoffAt } = values
  return {
    serviceId: values.serviceId,
    branchId: values.branchId ?? null,
    staffId: values.staffId ?? null,
    roomId: values.roomId ?? null,
    weekly: [...weekly],
    breaks: [...breaks],
    slotMinutes: values.slotMinutes,
    bufferBefore: values.bufferBefore,
    bufferAfter: values.bufferAfter,
    capacity: values.capacity,
    priceFen: values.priceFen ?? null,
    leadMinutes: values.leadMinutes,
    cutoff:
      typeof cutoffDays === 'number'
        ? { daysBefore: cutoffDays, minute: cutoffAt ? minuteOf(cutoffAt) : 18 * 60 }
        : null,
    makeupWeekday: values.makeupWeekday ?? null,
    onClosedDays: values.onClosedDays,
    exceptions: exceptions.map((one) => ({ ...one, spans: [...one.spans] })),
    startsOn: values.startsOn.format('YYYY-MM-DD'),
    endsOn: values.endsOn ? values.endsOn.format('YYYY-MM-DD') : null,
    weeksAhead: values.weeksAhead,
  }
}

export const minuteOf = (time: Dayjs): number => time.hour() * 60 + time.minute()

/** A time of the day for a picker; 24:00 is shown as the last minute it has. */
export const timeOf = (minute: number): Dayjs =>
  dayjs('2026-01-01T00:00').add(Math.min(minute, 1439), 'minute')

/** A picker cannot say 24:00: its last minute means it. */
export const endOf = (time: Dayjs): number => (minuteOf(time) === 1439 ? 1440 : minuteOf(time))
