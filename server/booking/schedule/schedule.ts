/**
 * Schedules 排班: templates are kept, looked at before they are saved, and carried out. The rules are
 * pure (generate.ts, plan.ts); here the slots are read, locked and written.
 */

import type { DayInfo } from '@jiyue/contract/booking'
import {
  type SlotFate,
  scheduleLimits,
  type Template,
  templateProblems,
} from '@jiyue/contract/schedule'
import { addDays, dayOf, instantOf } from '@jiyue/contract/time'
import { type Kysely, sql } from 'kysely'
import type { Database } from '../../db/schema.ts'
import { after, type Tx, tx } from '../../db/tx.ts'
import { type Refused, refuse } from '../../http/refusal.ts'
import type { Bus } from '../../live/bus.ts'
import type { Parts } from '../../parts.ts'
import { readDays } from '../calendar.ts'
import { generate } from './generate.ts'
import { findMissing } from './missing.ts'
import { type Fate, planSlots } from './plan.ts'
import { carryOut, lockPresent, noteSchedule, readOthers, readPresent } from './present.ts'
import { findSchedule, insertSchedule, type Schedule, updateSchedule } from './schedule.sql.ts'
import { merchantClock } from './zone.ts'

/** How many slots met which fate. */
export type FateCounts = Record<SlotFate, number>

export interface Preview {
  days: DayInfo[]
  fates: Fate[]
}

/**
 * What saving would do, and nothing is done. Refuses: invalid_fields, not_found.
 */
export async function previewSchedule(
  parts: Parts,
  id: string,
  template: Template,
): Promise<Preview | Refused> {
  const known = await findSchedule(parts.db, id)
  const wrong = await whatIsWrong(parts.db, template, known)
  if (wrong) return wrong
  const now = parts.now()
  const span = spanOf(template, now)
  const days = await readDays(parts.db, span.from, span.to)
  const wanted = wantedFrom(template, days, now)
  if (wanted.length > scheduleLimits.slots) return tooMany()
  const present = await readPresent(parts.db, id, now)
  const others = await readOthers(parts.db, id, template, now)
  return { days, fates: planSlots(template, wanted, present, others) }
}

/**
 * Saves a template and makes its slots, in one transaction. `version` is the one the person saw, null
 * for a new one; the same again is the same. Refuses: invalid_fields, not_found, schedule_changed.
 */
export async function saveSchedule(
  parts: Parts,
  id: string,
  { version, template }: { version: number | null; template: Template },
  personId: string,
): Promise<{ schedule: Schedule; counts: FateCounts } | Refused> {
  const now = parts.now()
  return tx(parts.db, async (t) => {
    const known = await findSchedule(t, id, 'lock')
    const wrong = await whatIsWrong(t, template, known)
    if (wrong) return wrong
    const repeated = known && known.version === (version ?? 0) + 1 && isSame(known, template)
    if (!repeated) {
      if (known ? known.version !== version : version !== null) return refuse('schedule_changed')
      const days = await daysAhead(t, template, now)
      if (wantedFrom(template, days, now).length > scheduleLimits.slots) return tooMany()
      if (known) await updateSchedule(t, id, template)
      // Named in this very moment by somebody else: they see it when they look again.
      else if (!(await insertSchedule(t, id, template))) return refuse('schedule_changed')
    }
    const schedule = await findSchedule(t, id)
    if (!schedule) throw new Error(`schedule ${id} vanished`)
    const counts = await fill(t, parts.bus, schedule, now)
    if (!repeated) await noteSchedule(t, schedule, `merchant:${personId}`, counts, now)
    return { schedule: { ...schedule, filledUntil: spanOf(template, now).to }, counts }
  })
}

/** Makes no slots any more; those nobody booked go. Refuses: not_found. */
export async function retireSchedule(
  parts: Parts,
  id: string,
  personId: string,
): Promise<FateCounts | Refused> {
  const now = parts.now()
  return tx(parts.db, async (t) => {
    const known = await findSchedule(t, id, 'lock')
    if (!known || known.retired) return refuse('not_found')
    const counts = await fill(t, parts.bus, { ...known, weekly: [], exceptions: [] }, now)
    await t
      .updateTable('schedules')
      .set({ retired_at: now, fill_at: sql<Date>`'infinity'` })
      .where('id', '=', id)
      .execute()
    await noteSchedule(t, known, `merchant:${personId}`, { ...counts, retired: 1 }, now)
    return counts
  })
}

/** Brings the slots ahead in line with a template, as of `now`; publishes after the commit. */
export async function fill(
  t: Tx,
  bus: Pick<Bus, 'changed'>,
  schedule: Schedule,
  now: Date,
): Promise<FateCounts> {
  const days = await daysAhead(t, schedule, now)
  const wanted = wantedFrom(schedule, days, now)
  // Twice: what seems to change is locked, and decided again on what is true under the lock.
  const seen = planSlots(
    schedule,
    wanted,
    await readPresent(t, schedule.id, now),
    await readOthers(t, schedule.id, schedule, now),
  )
  const touched = seen.flatMap(({ fate, present }) =>
    present && fate !== 'keep' ? [present.id] : [],
  )
  if (touched.length > 0) await lockPresent(t, touched)
  const fates =
    touched.length === 0
      ? seen
      : planSlots(
          schedule,
          wanted,
          await readPresent(t, schedule.id, now),
          await readOthers(t, schedule.id, schedule, now),
        )
  const changed = await carryOut(t, schedule, fates)
  const last = days[days.length - 1]?.day ?? null
  await t
    .updateTable('schedules')
    .set({ filled_until: last, fill_at: nextFill(now), fills: 0 })
    .where('id', '=', schedule.id)
    .execute()
  if (changed) after(t, () => bus.changed({ topics: [`service:${schedule.serviceId}`, 'console'] }))
  return countFates(fates)
}

export function countFates(fates: readonly Fate[]): FateCounts {
  const counts: FateCounts = { add: 0, change: 0, keep: 0, stay: 0, remove: 0, skip: 0 }
  for (const { fate } of fates) counts[fate] += 1
  return counts
}

/** A minute into the merchant's next day: one day more is to be filled. */
export function nextFill(now: Date): Date {
  return new Date(instantOf(addDays(dayOf(now.getTime()), 1), 1))
}

/** From today until as many weeks ahead as the template says, both included. */
export function spanOf({ weeksAhead }: Pick<Template, 'weeksAhead'>, now: Date) {
  const from = dayOf(now.getTime())
  return { from, to: addDays(from, weeksAhead * 7) }
}

function daysAhead(db: Kysely<Database>, template: Template, now: Date): Promise<DayInfo[]> {
  const { from, to } = spanOf(template, now)
  return readDays(db, from, to)
}

const wantedFrom = (template: Template, days: readonly DayInfo[], now: Date) =>
  generate(template, days, merchantClock).filter(({ startsAt }) => startsAt > now.getTime())

async function whatIsWrong(
  db: Kysely<Database>,
  template: Template,
  known: Schedule | null,
): Promise<Refused | null> {
  if (known?.retired) return refuse('not_found')
  const problems = templateProblems(template)
  if (known && known.serviceId !== template.serviceId)
    problems.push({ path: 'serviceId', code: 'invalid', message: '排班的服务不能更换，请新建排班' })
  if (problems.length > 0) return refuse('invalid_fields', problems)
  return findMissing(db, template)
}

const tooMany = () =>
  refuse('invalid_fields', [
    {
      path: 'weeksAhead',
      code: 'invalid',
      message: `一个排班最多生成 ${scheduleLimits.slots} 个时段，请缩短提前周数`,
    },
  ])

/** The same template, whatever the order of its keys. */
function isSame(known: Schedule, template: Template): boolean {
  return Object.entries(template).every(
    ([key, value]) =>
      JSON.stringify(sorted(known[key as keyof Template])) === JSON.stringify(sorted(value)),
  )
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, one]) => [key, sorted(one)]),
  )
}
