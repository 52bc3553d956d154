/**
 * The merchant's calendar (B2): Chinese public holidays and make-up workdays from `chinese-days`,
 * written to the days table so that SQL, phones and console read one truth. Overrides of the merchant
 * are never touched.
 */
import type { DayKind } from '@jiyue/contract/booking'
import type { Topic } from '@jiyue/contract/live'
import { addDays, type Day, dayOf } from '@jiyue/contract/time'
import chineseDays from 'chinese-days'
import type { Kysely } from 'kysely'
import type { Database } from '../db/schema.ts'
import { after, type Tx, tx } from '../db/tx.ts'
import { refuseField } from '../http/refusal.ts'
import type { Parts } from '../parts.ts'

export interface CalendarDay {
  day: Day
  kind: DayKind
  name: string | null
  /** Public holidays are closed unless the merchant opens one. */
  open: boolean
}

/** What the library says of a day. */
export function dayFromLibrary(day: Day): CalendarDay {
  const { work, name } = chineseDays.getDayDetail(day)
  const holiday = /,(.+),/.exec(name)?.[1] ?? null
  const weekday = new Date(`${day}T00:00:00Z`).getUTCDay()
  const weekend = weekday === 0 || weekday === 6
  if (holiday && !work) return { day, kind: 'holiday', name: holiday, open: false }
  if (holiday) return { day, kind: 'makeup', name: `${holiday}调休上班`, open: true }
  return { day, kind: weekend ? 'weekend' : 'workday', name: null, open: true }
}

/** Writes the next `count` days; run at start and daily. */
export async function fillCalendar(db: Kysely<Database>, now: Date, count = 120): Promise<void> {
  const today = dayOf(now.getTime())
  const days = Array.from({ length: count }, (_, i) => dayFromLibrary(addDays(today, i)))
  await db
    .insertInto('days')
    .values(days)
    .onConflict((conflict) =>
      conflict
        .column('day')
        .doUpdateSet((eb) => ({
          kind: eb.ref('excluded.kind'),
          name: eb.ref('excluded.name'),
          open: eb.ref('excluded.open'),
        }))
        .where('days.by_merchant', '=', false),
    )
    .execute()
}

/** Days ahead that the merchant may decide. */
const LONGEST_AHEAD = 731

/** Days with who decided them. */
export async function listCalendar(db: Kysely<Database>, from: Day, to: Day) {
  const [days, own] = await Promise.all([
    readDays(db, from, to),
    db
      .selectFrom('days')
      .select('day')
      .where('by_merchant', '=', true)
      .where('day', '>=', from)
      .where('day', '<=', to)
      .execute(),
  ])
  const byMerchant = new Set(own.map(({ day }) => day))
  return days.map((info) => ({ ...info, byMerchant: byMerchant.has(info.day) }))
}

/**
 * Opens or closes a day for all services; screens and schedules hear it. A name is what people read
 * beside it. Refuses: invalid_fields (the day is over, or years away).
 */
export async function overrideDay(
  parts: Parts,
  day: Day,
  { open, name }: { open: boolean; name: string | null },
  personId: string,
) {
  const today = dayOf(parts.now().getTime())
  if (day < today || day > addDays(today, LONGEST_AHEAD))
    return refuseField('day', '只能修改今天起两年之内的日期')
  const library = dayFromLibrary(day)
  await tx(parts.db, async (t) => {
    const row = { day, kind: library.kind, name: name ?? library.name, open, by_merchant: true }
    await t
      .insertInto('days')
      .values(row)
      .onConflict((conflict) => conflict.column('day').doUpdateSet(row))
      .execute()
    await dayChanged(t, parts, day, personId, { open, name })
  })
  return { ...library, name: name ?? library.name, open, byMerchant: true }
}

/** What the library says counts again. */
export async function restoreDay(parts: Parts, day: Day, personId: string) {
  const library = dayFromLibrary(day)
  await tx(parts.db, async (t) => {
    const restored = await t
      .updateTable('days')
      .set({ ...library, by_merchant: false })
      .where('day', '=', day)
      .where('by_merchant', '=', true)
      .returning('day')
      .execute()
    if (restored.length > 0) await dayChanged(t, parts, day, personId, { restored: true })
  })
  return { ...library, byMerchant: false }
}

async function dayChanged(
  t: Tx,
  { bus, now }: Parts,
  day: Day,
  personId: string,
  details: Record<string, unknown>,
): Promise<void> {
  await t
    .insertInto('events')
    .values({
      order_id: null,
      slot_id: null,
      what: 'calendar',
      by: `merchant:${personId}`,
      details: JSON.stringify({ day, ...details }),
      at: now(),
    })
    .execute()
  await t.updateTable('schedules').set({ fill_at: now() }).where('retired_at', 'is', null).execute()
  const services = await t.selectFrom('services').select('id').execute()
  const topics = services.map(({ id }): Topic => `service:${id}`)
  after(t, () => bus.changed({ topics: [...topics, 'console'] }))
}

/** Days from `from` to `to`, both included; beyond the table the library answers. */
export async function readDays(db: Kysely<Database>, from: Day, to: Day): Promise<CalendarDay[]> {
  const rows = await db
    .selectFrom('days')
    .select(['day', 'kind', 'name', 'open'])
    .where('day', '>=', from)
    .where('day', '<=', to)
    .execute()
  const known = new Map(rows.map((row) => [row.day, row]))
  const days: CalendarDay[] = []
  for (let day = from; day <= to; day = addDays(day, 1))
    days.push(known.get(day) ?? dayFromLibrary(day))
  return days
}
