/**
 * What the merchant sets for all services (M11): the rules, the promotions. In force at once: the bus
 * drops what is cached on every node and every open screen reads again. The log keeps what was.
 */
import { defaultRules, type Rules } from '@jiyue/contract/rules'
import type { ConsolePromotion } from '@jiyue/contract/schema/settings'
import type { Input, Reply } from '@jiyue/contract/schema/wire'
import { type Kysely, sql } from 'kysely'
import type { Database } from '../db/schema.ts'
import { tx } from '../db/tx.ts'
import { type Refused, refuse, refuseField } from '../http/refusal.ts'
import { readRules } from '../order/rules.ts'
import type { Parts } from '../parts.ts'
import { tellEveryService } from './resourceChanged.ts'

/** Changes some rules, for all services at once; their bounds are the contract's. */
export async function putRules(
  parts: Parts,
  { rules }: Input<'putRules'>['body'],
): Promise<Reply<'putRules'>> {
  await tx(parts.db, async (t) => {
    for (const [key, value] of Object.entries(rules)) {
      if (value === undefined || !(key in defaultRules)) continue
      const row = { key: key as keyof Rules, value: String(value) }
      await t
        .insertInto('rules')
        .values(row)
        .onConflict((conflict) => conflict.column('key').doUpdateSet({ value: row.value }))
        .execute()
    }
    await tellEveryService(t, parts.bus)
  })
  return { rules: await readRules(parts.db) }
}

/** Promotions that run or will, then those that are over. */
export async function listPromotions(parts: Parts): Promise<Reply<'listPromotions'>> {
  const now = parts.now()
  const rows = await promotionsQuery(parts.db)
    .orderBy(sql`ends_at <= ${now}`)
    .orderBy('position')
    .orderBy('starts_at')
    .limit(500)
    .execute()
  return { promotions: rows.map(promotionView), now: now.toISOString() }
}

/** Adds or changes a promotion. Refuses: not_found (its service), invalid_fields. */
export async function putPromotion(
  parts: Parts,
  id: string,
  { serviceId, startsAt, endsAt, note: _, ...given }: Input<'putPromotion'>['body'],
): Promise<ConsolePromotion | Refused> {
  if (Date.parse(endsAt) <= Date.parse(startsAt)) return refuseField('endsAt', '结束应晚于开始')
  if (given.kind === 'percent' && given.value > 99)
    return refuseField('value', '折扣应在 0.1 到 9.9 折之间')
  const row = {
    ...given,
    service_id: serviceId,
    starts_at: new Date(startsAt),
    ends_at: new Date(endsAt),
  }
  const refused = await tx(parts.db, async (t) => {
    if (serviceId && !(await isService(t, serviceId))) return refuse('not_found')
    await t
      .insertInto('promotions')
      .values({ id, ...row })
      .onConflict((conflict) => conflict.column('id').doUpdateSet(row))
      .execute()
    await tellEveryService(t, parts.bus)
    return null
  })
  if (refused) return refused
  const found = await promotionsQuery(parts.db).where('promotions.id', '=', id).executeTakeFirst()
  return found ? promotionView(found) : refuse('not_found')
}

async function isService(db: Kysely<Database>, id: string): Promise<boolean> {
  const found = await db.selectFrom('services').select('id').where('id', '=', id).executeTakeFirst()
  return found !== undefined
}

function promotionsQuery(db: Kysely<Database>) {
  return db
    .selectFrom('promotions')
    .leftJoin('services', 'services.id', 'promotions.service_id')
    .selectAll('promotions')
    .select('services.name as service_name')
}

type PromotionSeen = Awaited<ReturnType<ReturnType<typeof promotionsQuery>['execute']>>[number]

function promotionView(row: PromotionSeen): ConsolePromotion {
  return {
    id: row.id,
    service: row.service_id === null ? null : { id: row.service_id, name: row.service_name ?? '' },
    label: row.label,
    kind: row.kind,
    value: row.value,
    startsAt: row.starts_at.toISOString(),
    endsAt: row.ends_at.toISOString(),
    position: row.position,
  }
}
