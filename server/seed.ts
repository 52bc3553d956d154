/**
 * The demo world: a small named merchant so that a fresh machine has something to book. Written once;
 * a database that has a merchant is left as it is, only the slots of the coming days are added.
 */

import { addDays, dayOf, instantOf, minuteMs } from '@jiyue/contract/time'
import type { Kysely } from 'kysely'
import { fillCalendar } from './booking/calendar.ts'
import { findSchedule, insertSchedule } from './booking/schedule/schedule.sql.ts'
import { fill } from './booking/schedule/schedule.ts'
import type { Database } from './db/schema.ts'
import { type Tx, tx } from './db/tx.ts'
import { forms } from './demo/forms.ts'
import {
  branches,
  merchant,
  people,
  promotions,
  reviews,
  rooms,
  schedules,
  services,
  staff,
} from './demo/world.ts'
import { hashPassword } from './people/password.ts'

/** Fills an empty database with the demo world; adds the slots of new days at later starts. */
export async function seed(db: Kysely<Database>, now: Date): Promise<void> {
  await fillCalendar(db, now)
  const known = await db.selectFrom('merchant').select('name').executeTakeFirst()
  if (!known) await writeWorld(db, now)
  // A real merchant's database is nobody's playground.
  if (!known || known.name === merchant.name) await writeSchedules(db, now)
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

/** The demo's schedules and their slots ahead; what is there already is left as it is. */
async function writeSchedules(db: Kysely<Database>, now: Date): Promise<void> {
  // Slots of today that are over are part of a first look too.
  const startOfToday = new Date(instantOf(dayOf(now.getTime())))
  await tx(db, async (t) => {
    await writeRooms(t)
    for (const { id, ...template } of schedules) {
      await insertSchedule(t, id, template)
      const schedule = await findSchedule(t, id)
      if (schedule && !schedule.retired) await fill(t, nobody, schedule, startOfToday)
    }
  })
}

/** Nobody is connected yet while the server starts. */
const nobody = { changed() {} }

async function writeRooms(t: Tx): Promise<void> {
  await t
    .insertInto('rooms')
    .values(rooms.map(({ serviceIds: _, ...room }) => room))
    .onConflict((conflict) => conflict.doNothing())
    .execute()
  await t
    .insertInto('service_rooms')
    .values(
      rooms.flatMap(({ id, serviceIds }) =>
        serviceIds.map((service_id) => ({ service_id, room_id: id })),
      ),
    )
    .onConflict((conflict) => conflict.doNothing())
    .execute()
}
