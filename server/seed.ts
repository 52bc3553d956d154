/**
 * The demo world: a small named merchant so that a fresh machine has something to book. Written once;
 * a database that has a merchant is left as it is, only the slots of the coming days are added.
 */

import { addDays, dayOf, instantOf, minuteMs, wallClock } from '@jiyue/contract/time'
import type { Kysely } from 'kysely'
import { fillCalendar } from './booking/calendar.ts'
import type { Database } from './db/schema.ts'
import { tx } from './db/tx.ts'
import { forms } from './demo/forms.ts'
import { demoId } from './demo/ids.ts'
import {
  branches,
  merchant,
  people,
  promotions,
  reviews,
  rooms,
  services,
  staff,
  timetable,
} from './demo/world.ts'
import { hashPassword } from './people/password.ts'

/** Days ahead that have slots. */
const DAYS = 14

/** Fills an empty database with the demo world; adds the slots of new days at later starts. */
export async function seed(db: Kysely<Database>, now: Date): Promise<void> {
  await fillCalendar(db, now)
  const known = await db.selectFrom('merchant').select('name').executeTakeFirst()
  if (!known) await writeWorld(db, now)
  // A real merchant's database is nobody's playground.
  if (!known || known.name === merchant.name) await writeSlots(db, now)
}

async function writeWorld(db: Kysely<Database>, now: Date): Promise<void> {
  const hashed = await Promise.all(
    people.map(async ({ password, ...person }) => ({
      ...person,
      password_hash: await hashPassword(password),
    })),
  )
  await tx(db, async (t) => {
    await t.insertInto('merchant').values(merchant).execute()
    await t.insertInto('branches').values(branches).execute()
    await t
      .insertInto('rooms')
      .values(rooms.map(({ serviceIds: _, ...room }) => room))
      .execute()
    await t
      .insertInto('staff')
      .values(staff.map(({ serviceIds: _, ...person }) => person))
      .execute()
    await t
      .insertInto('services')
      .values(services.map(({ branchIds: _, ...service }) => service))
      .execute()
    await t
      .insertInto('service_staff')
      .values(
        staff.flatMap(({ id, serviceIds }) =>
          serviceIds.map((service_id) => ({ service_id, staff_id: id })),
        ),
      )
      .execute()
    await t
      .insertInto('service_rooms')
      .values(
        rooms.flatMap(({ id, serviceIds }) =>
          serviceIds.map((service_id) => ({ service_id, room_id: id })),
        ),
      )
      .execute()
    await t
      .insertInto('service_branches')
      .values(
        services.flatMap(({ id, branchIds }) =>
          branchIds.map((branch_id) => ({ service_id: id, branch_id })),
        ),
      )
      .execute()
    await t
      .insertInto('forms')
      .values(forms.map((form) => ({ ...form, fields: JSON.stringify(form.fields) })))
      .execute()
    await t
      .insertInto('promotions')
      .values(
        promotions.map(({ days, ...promotion }) => ({
          ...promotion,
          starts_at: new Date(now.getTime() - minuteMs),
          ends_at: new Date(now.getTime() + days * 1440 * minuteMs),
        })),
      )
      .execute()
    await t
      .insertInto('reviews')
      .values(
        reviews.map(({ daysAgo, ...review }) => ({
          ...review,
          at: new Date(now.getTime() - daysAgo * 1440 * minuteMs),
        })),
      )
      .execute()
    // One day the merchant itself is away, so that the picker has a reason to show.
    await t
      .updateTable('days')
      .set({ open: false, name: '门店盘点', by_merchant: true })
      .where('day', '=', addDays(dayOf(now.getTime()), 8))
      .execute()
    await t.insertInto('people').values(hashed).execute()
  })
}

/** Slots of the days from today on, by the timetable; ids follow from it, so nothing comes twice. */
async function writeSlots(db: Kysely<Database>, now: Date): Promise<void> {
  const today = dayOf(now.getTime())
  const days = Array.from({ length: DAYS + 1 }, (_, i) => addDays(today, i))
  const rows = days.flatMap((day) => {
    const { weekday } = wallClock(instantOf(day))
    return timetable
      .filter((entry) => entry.weekdays.includes(weekday))
      .map((entry) => {
        const startsAt = instantOf(day, entry.startMinute)
        const service = services.find(({ id }) => id === entry.serviceId)
        if (!service) throw new Error(`the timetable names no service: ${entry.serviceId}`)
        return {
          id: demoId(
            `slot ${entry.serviceId} ${entry.staffId ?? entry.branchId} ${day} ${entry.startMinute}`,
          ),
          service_id: entry.serviceId,
          branch_id: entry.branchId,
          staff_id: entry.staffId,
          starts_at: new Date(startsAt),
          ends_at: new Date(startsAt + entry.minutes * minuteMs),
          bookable_until: new Date(startsAt - service.cutoff_minutes * minuteMs),
          capacity: entry.capacity,
          closed_reason: null,
        }
      })
  })
  await db
    .insertInto('slots')
    .values(rows)
    .onConflict((conflict) => conflict.column('id').doNothing())
    .execute()
}
