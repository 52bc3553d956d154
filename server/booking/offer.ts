/**
 * What the hold of a slot is about: its names, its price, its form, the rules. Read while the hold is
 * being decided, so that a granted one is answered without another read.
 */
import type { Form } from '@jiyue/contract/schema/wire'
import { sql } from 'kysely'
import { gathered } from '../db/gather.ts'
import type { Cache } from '../live/cache.ts'
import { readRules } from '../order/rules.ts'
import type { Parts } from '../parts.ts'
import { readMerchant } from './catalogue.ts'
import { allPromotions } from './quote.ts'

export type Offer = NonNullable<Awaited<ReturnType<typeof readOffer>>>

/** The offer of a slot as it was within the last second (T6); null where there is none. */
export async function readOffer({ db }: Parts, cache: Cache, slotId: string) {
  const [slot, house] = await Promise.all([
    cache.value(slotId, [], async () => (await offerInSlot(db, slotId)) ?? null),
    cache.value('house', [], async () => {
      const [rules, promotions, { payee }] = await Promise.all([
        readRules(db),
        allPromotions(db),
        readMerchant(db),
      ])
      return { rules, promotions, payee }
    }),
  ])
  return slot && house && { ...house, slot }
}

/** What an order's page calls its service, time, staff and place by; of a join of these four. */
export const namesOfSlot = [
  'services.name as service_name',
  'services.kind as service_kind',
  'services.photos as service_photos',
  'slots.starts_at',
  'slots.ends_at',
  'slots.staff_id',
  'staff.name as staff_name',
  'slots.branch_id',
  'branches.name as branch_name',
  'branches.address as branch_address',
  'branches.phone as branch_phone',
] as const

/** One slot at its price; `form` is the newest. */
const offerInSlot = gathered(async (db, slotIds: readonly string[]) => {
  const rows = await db
    .selectFrom('slots')
    .innerJoin('services', 'services.id', 'slots.service_id')
    .leftJoin('staff', 'staff.id', 'slots.staff_id')
    .leftJoin('branches', 'branches.id', 'slots.branch_id')
    .select(namesOfSlot)
    .select([
      'slots.id as slot_id',
      'services.id as service_id',
      'services.name',
      'services.price_unit',
      'services.charged_per',
      'services.includes',
      'services.deposit_fen',
      'services.deposit_condition',
      sql<number>`coalesce(slots.price_fen, services.price_fen)`.as('price_fen'),
      sql<Form>`(select jsonb_build_object('version', version, 'steps', steps, 'fields', fields)
        from forms where service_id = services.id order by version desc limit 1)`.as('form'),
    ])
    .where('slots.id', 'in', slotIds)
    .execute()
  return new Map(rows.map((row) => [row.slot_id, row]))
})
