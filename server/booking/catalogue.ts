/** The services on offer, as cards and in full (B1). */

import { price } from '@jiyue/contract/money'
import { cancelRuleText, holdText, waitText } from '@jiyue/contract/rules'
import type { Form, Service, ServiceCard } from '@jiyue/contract/schema/wire'
import { type Kysely, type Selectable, sql } from 'kysely'
import { gathered, gatheredWhole } from '../db/gather.ts'
import type { Database, ServiceTable } from '../db/schema.ts'
import { readRules } from '../order/rules.ts'
import { coverageOf } from './area.ts'
import { promotionsOf } from './quote.ts'

type ServiceRow = Selectable<ServiceTable> & { rating: string | null; reviewCount: number }

/** Cards of the services on sale, in the merchant's order; of all where `all` says so. */
export async function listServices(
  db: Kysely<Database>,
  now: Date,
  all?: 'all',
): Promise<ServiceCard[]> {
  const rows = await serviceRows(db)
    .$if(!all, (query) => query.where('listed', '=', true))
    .orderBy('position')
    .execute()
  return Promise.all(rows.map(async (row) => card(row, await promotionText(db, row.id, now))))
}

/** One listed service in full, or null. */
export async function readService(
  db: Kysely<Database>,
  id: string,
  now: Date,
): Promise<Service | null> {
  const row = await serviceRows(db)
    .where('id', '=', id)
    .where('listed', '=', true)
    .executeTakeFirst()
  if (!row) return null
  const [rules, staff, branches, reviews, form, promotion, coverage] = await Promise.all([
    readRules(db),
    staffOf(db, id),
    branchesOf(db, id),
    reviewsOf(db, id),
    readForm(db, id),
    promotionText(db, id, now),
    coverageOf(db, id),
  ])
  return {
    ...card(row, promotion),
    content: row.content,
    notes: row.notes,
    cancelRule: cancelRuleText(rules),
    holdRule: holdText(rules),
    waitRule: waitText(rules),
    photos: row.photos.map((name) => ({
      thumb: photo(name, 'thumb'),
      large: photo(name, 'large'),
    })),
    reviews,
    party: row.party_max > 1 ? { min: row.party_min, max: row.party_max } : null,
    deposit: row.deposit_condition
      ? { amountFen: row.deposit_fen, condition: row.deposit_condition }
      : null,
    coverage,
    staff,
    branches,
    form,
    bookingDays: rules.bookingDays,
    ordersPerUser: rules.ordersPerUser,
  }
}

/** A version of a service's form; the current one by default. */
export async function readForm(
  db: Kysely<Database>,
  serviceId: string,
  version?: number,
): Promise<Form> {
  const form = await formOf(db, `${serviceId}:${version ?? ''}`)
  if (!form) throw new Error(`service ${serviceId} has no form ${version ?? ''}`)
  return form
}

/** By `service:version`, without a version the current one. */
const formOf = gathered(async (db, keys: readonly string[]) => {
  const { rows } = await sql<Form & { key: string }>`
    select key, form.version, form.steps, form.fields
    from unnest(${keys}::text[]) as key, lateral (
      select version, steps, fields from forms
      where service_id = split_part(key, ':', 1)::uuid
        and version = coalesce(nullif(split_part(key, ':', 2), '')::int, version)
      order by version desc limit 1
    ) form`.execute(db)
  return new Map(rows.map(({ key, ...form }) => [key, form]))
})

/** Path of a picture on our own server. */
export function photo(name: string, size: 'thumb' | 'large'): string {
  return `/photos/${name}.${size}.jpg`
}

/** A staff row on the wire. */
export function staffView<S extends { photo: string | null; rating: string | null }>(row: S) {
  return {
    ...row,
    photo: row.photo && `/photos/${row.photo}.jpg`,
    rating: row.rating === null ? null : Number(row.rating),
  }
}

/** The merchant as people see it. */
export const readMerchant = gatheredWhole((db) =>
  db.selectFrom('merchant').select(['name', 'payee']).executeTakeFirstOrThrow(),
)

function serviceRows(db: Kysely<Database>) {
  return db
    .selectFrom('services')
    .selectAll()
    .select([
      sql<
        string | null
      >`(select round(avg(rating), 1) from reviews where service_id = services.id)`.as('rating'),
      sql<number>`(select count(*)::int from reviews where service_id = services.id)`.as(
        'reviewCount',
      ),
    ])
}

function card(row: ServiceRow, promotion: string | null): ServiceCard {
  return {
    id: row.id,
    kind: row.kind,
    name: row.name,
    summary: row.summary,
    cover: photo(row.photos[0] ?? '', 'thumb'),
    priceFen: row.price_fen,
    priceUnit: row.price_unit,
    durationMinutes: row.duration_minutes,
    rating: row.rating === null ? null : Number(row.rating),
    reviewCount: row.reviewCount,
    promotion,
  }
}

/** 「新人立减 ¥20」: the first promotion that runs, named on the card. */
async function promotionText(db: Kysely<Database>, serviceId: string, now: Date) {
  const [promotion] = await promotionsOf(db, serviceId, now)
  if (!promotion) return null
  const worth =
    promotion.kind === 'percent' ? `${(100 - promotion.value) / 10} 折` : price(promotion.value)
  return `${promotion.label} ${worth}`
}

async function staffOf(db: Kysely<Database>, serviceId: string) {
  const rows = await db
    .selectFrom('staff')
    .innerJoin('service_staff', 'service_staff.staff_id', 'staff.id')
    .selectAll('staff')
    .where('service_staff.service_id', '=', serviceId)
    .where('staff.retired_at', 'is', null)
    .orderBy('staff.name')
    .execute()
  return rows.map(staffView)
}

function branchesOf(db: Kysely<Database>, serviceId: string) {
  return db
    .selectFrom('branches')
    .innerJoin('service_branches', 'service_branches.branch_id', 'branches.id')
    .select(['id', 'name', 'address', 'phone'])
    .where('service_branches.service_id', '=', serviceId)
    .orderBy('branches.name')
    .execute()
}

async function reviewsOf(db: Kysely<Database>, serviceId: string) {
  const rows = await db
    .selectFrom('reviews')
    .select(['name', 'rating', 'text', 'at'])
    .where('service_id', '=', serviceId)
    .orderBy('at', 'desc')
    .limit(10)
    .execute()
  return rows.map((row) => ({ ...row, at: row.at.toISOString() }))
}
