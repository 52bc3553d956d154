/** Rows of `schedules`, as templates. */
import type { ScheduleException, Template, WeekSpan } from '@jiyue/contract/schedule'
import type { Day } from '@jiyue/contract/time'
import type { Insertable, Kysely, Selectable } from 'kysely'
import type { Database, ScheduleTable } from '../../db/schema.ts'
import type { Tx } from '../../db/tx.ts'

/** A template that is kept. */
export interface Schedule extends Template {
  id: string
  version: number
  retired: boolean
  /** Last day that has its slots. */
  filledUntil: Day | null
}

/** One schedule, retired or not; `lock` until the transaction ends. */
export async function findSchedule(
  db: Kysely<Database>,
  id: string,
  how: 'read' | 'lock' = 'read',
): Promise<Schedule | null> {
  const row = await db
    .selectFrom('schedules')
    .selectAll()
    .where('id', '=', id)
    .$if(how === 'lock', (q) => q.forUpdate())
    .executeTakeFirst()
  return row ? scheduleOf(row) : null
}

/** Those in use. */
export async function listSchedules(db: Kysely<Database>): Promise<Schedule[]> {
  const rows = await db
    .selectFrom('schedules')
    .selectAll()
    .where('retired_at', 'is', null)
    .orderBy('id')
    .execute()
  return rows.map(scheduleOf)
}

/** False when the id is taken. */
export async function insertSchedule(t: Tx, id: string, template: Template): Promise<boolean> {
  const added = await t
    .insertInto('schedules')
    .values({ id, ...columnsOf(template) })
    .onConflict((conflict) => conflict.column('id').doNothing())
    .returning('id')
    .executeTakeFirst()
  return added !== undefined
}

export async function updateSchedule(t: Tx, id: string, template: Template): Promise<void> {
  await t
    .updateTable('schedules')
    .set((eb) => ({ ...columnsOf(template), version: eb('version', '+', 1) }))
    .where('id', '=', id)
    .execute()
}

export function scheduleOf(row: Selectable<ScheduleTable>): Schedule {
  return {
    id: row.id,
    version: row.version,
    retired: row.retired_at !== null,
    filledUntil: row.filled_until,
    serviceId: row.service_id,
    branchId: row.branch_id,
    staffId: row.staff_id,
    roomId: row.room_id,
    weekly: row.weekly,
    breaks: row.breaks,
    exceptions: row.exceptions,
    slotMinutes: row.slot_minutes,
    bufferBefore: row.buffer_before,
    bufferAfter: row.buffer_after,
    capacity: row.capacity,
    priceFen: row.price_fen,
    leadMinutes: row.lead_minutes,
    cutoff:
      row.cutoff_days === null || row.cutoff_minute === null
        ? null
        : { daysBefore: row.cutoff_days, minute: row.cutoff_minute },
    makeupWeekday: row.makeup_weekday,
    onClosedDays: row.on_closed_days,
    startsOn: row.starts_on,
    endsOn: row.ends_on,
    weeksAhead: row.weeks_ahead,
  }
}

function columnsOf(template: Template): Omit<Insertable<ScheduleTable>, 'id'> {
  return {
    service_id: template.serviceId,
    branch_id: template.branchId,
    staff_id: template.staffId,
    room_id: template.roomId,
    weekly: JSON.stringify(template.weekly satisfies readonly WeekSpan[]),
    breaks: JSON.stringify(template.breaks),
    exceptions: JSON.stringify(template.exceptions satisfies readonly ScheduleException[]),
    slot_minutes: template.slotMinutes,
    buffer_before: template.bufferBefore,
    buffer_after: template.bufferAfter,
    capacity: template.capacity,
    price_fen: template.priceFen,
    lead_minutes: template.leadMinutes,
    cutoff_days: template.cutoff?.daysBefore ?? null,
    cutoff_minute: template.cutoff?.minute ?? null,
    makeup_weekday: template.makeupWeekday,
    on_closed_days: template.onClosedDays,
    starts_on: template.startsOn,
    ends_on: template.endsOn,
    weeks_ahead: template.weeksAhead,
  }
}
