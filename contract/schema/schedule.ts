/** Shapes of the schedules' endpoints (contract/api/schedule.ts). */
import { z } from 'zod'
import {
  closedDayWords,
  exceptionKinds,
  fateReasons,
  scheduleLimits as limits,
  slotFates,
} from '../schedule.ts'
import { day, dayInfo, id, instant, strict } from './parts.ts'

const keys = <K extends string>(of: Record<K, unknown>) => z.enum(Object.keys(of) as [K, ...K[]])
const minute = z.int().min(0).max(1440)
const weekday = z.int().min(0).max(6)
const span = strict({ from: minute, to: minute })
const minutes = (most: number) => z.int().min(0).max(most)

const template = strict({
  serviceId: id,
  branchId: id.nullable(),
  staffId: id.nullable(),
  roomId: id.nullable(),
  weekly: z.array(span.extend({ weekday })).max(limits.spans),
  breaks: z.array(span.extend({ weekday: weekday.nullable() })).max(limits.spans),
  slotMinutes: z.int().min(limits.slotMinutes.min).max(limits.slotMinutes.max),
  bufferBefore: minutes(limits.bufferMinutes),
  bufferAfter: minutes(limits.bufferMinutes),
  capacity: z.int().min(1).max(10_000),
  priceFen: z.int().min(0).max(100_000_000).nullable(),
  leadMinutes: minutes(limits.leadMinutes),
  cutoff: strict({ daysBefore: z.int().min(0).max(limits.cutoffDays), minute }).nullable(),
  makeupWeekday: weekday.nullable(),
  onClosedDays: keys(closedDayWords),
  exceptions: z
    .array(
      strict({
        day,
        kind: keys(exceptionKinds),
        spans: z.array(span).max(12),
        reason: z.string().trim().max(100),
      }),
    )
    .max(limits.exceptions),
  startsOn: day,
  endsOn: day.nullable(),
  weeksAhead: z.int().min(1).max(limits.weeksAhead),
})

const schedule = template.extend({ id, version: z.int(), filledUntil: day.nullable() })

const counts = z.object(
  Object.fromEntries(Object.keys(slotFates).map((fate) => [fate, z.int()])) as Record<
    keyof typeof slotFates,
    z.ZodInt
  >,
)

const calendarDay = dayInfo.extend({
  /** The merchant decided this day, not the library. */
  byMerchant: z.boolean(),
})

const oneDay = strict({ day })

export const scheduleWire = {
  listSchedules: { reply: z.object({ schedules: z.array(schedule), now: instant }) },
  previewSchedule: {
    params: strict({ id }),
    body: template,
    reply: z.object({
      days: z.array(dayInfo),
      slots: z.array(
        z.object({
          day,
          startsAt: instant,
          endsAt: instant,
          bookableUntil: instant,
          fate: keys(slotFates),
          why: keys(fateReasons).nullable(),
          /** Seats that are taken. */
          taken: z.int(),
        }),
      ),
      counts,
      now: instant,
    }),
  },
  putSchedule: {
    params: strict({ id }),
    /** `version`: the one the person saw; null for a new template. */
    body: strict({ version: z.int().nullable(), template }),
    reply: z.object({ schedule, counts }),
  },
  deleteSchedule: { params: strict({ id }), reply: z.object({ counts }) },
  listDays: {
    query: strict({ from: day, to: day }),
    reply: z.object({
      days: z.array(calendarDay),
      /** The public holidays of later days are not known here: the merchant says them. */
      officialUntil: day,
      now: instant,
    }),
  },
  putDay: {
    params: oneDay,
    body: strict({
      open: z.boolean(),
      name: z.string().trim().min(1).max(20).nullable(),
      /** A public holiday or a make-up workday, where no official calendar says so. */
      kind: z.enum(['holiday', 'makeup']).nullable().optional(),
      /** The last of some days on end; absent: only this one. */
      until: day.optional(),
    }),
    reply: calendarDay,
  },
  deleteDay: { params: oneDay, reply: calendarDay },
} as const

export type PreviewedSlot = z.output<typeof scheduleWire.previewSchedule.reply>['slots'][number]
export type KeptSchedule = z.output<typeof schedule>
