/**
 * What the merchant sets for all services (M11): the rules, the promotions. In force at once: the bus
 * drops what is cached on every node and every open screen reads again. The log keeps what was.
 */
import { defaultRules, type Rules } from '@jiyue/contract/rules'
import type { ConsolePromotion } from '@jiyue/contract/schema/settings'
import type { Input, Reply } from '@jiyue/contract/schema/wire'
import { ruleProblems } from '@jiyue/contract/settings'
import { type Insertable, type Kysely, sql } from 'kysely'
import type { Database } from '../db/schema.ts'
import { type Tx, tx } from '../db/tx.ts'
import { type Refused, refuse, refuseField } from '../http/refusal.ts'
import { readRules } from '../order/rules.ts'
import type { Parts } from '../parts.ts'
import { tellEveryService } from './resourceChanged.ts'

/**
 * Changes some rules, for all services at once; their bounds are the contract's. Refuses:
 * settings_changed (one of them is not what was looked at), invalid_fields (they do not fit together).
 */
export async function putRules(
  parts: Parts,
  { rules, was = {} }: Input<'putRules'>['body'],
): Promise<Reply<'putRules'> | Refused> {
  const refused = await tx(parts.db, async (t) => {
    // One change at a time; who reads them goes on.
    await sql`lock table rules in share row exclusive mode`.execute(t)
    const before = await readRules(t)
    const after = { ...before, ...rules } as Rules
    const isOther = (key: keyof Rules) =>
      key in was && before[key] !== was[key] && before[key] !== after[key]
    if ((Object.keys(rules) as (keyof Rules)[]).some(isOther)) return refuse('settings_changed')
    const problems = ruleProblems(after)
    if (problems.length > 0) return refuse('invalid_fields', problems)
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
    return null
  })
  return refused ?? { rules: await readRules(parts.db) }
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

/**
 * Adds or changes a promotion; the same again is the same. Refuses: invalid_fields, not_found (its
 * service), settings_changed (by somebody else, meanwhile; or another runs and it was to be alone).
 */
export async function putPromotion(
  parts: Parts,
  id: string,
  {
    serviceId,
    startsAt,
    endsAt,
    revision,
    alone = false,
    note: _,
    ...given
  }: Input<'putPromotion'>['body'],
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
    // One change at a time; prices are read meanwhile.
    await sql`lock table promotions in share row exclusive mode`.execute(t)
    const before = await promotionsQuery(t).where('promotions.id', '=', id).executeTakeFirst()
    if (before && isAs(before, row)) return null
    if ((before?.revision ?? null) !== revision) return refuse('settings_changed')
    if (alone && (await runsAnother(t, parts.now(), id, row))) return refuse('settings_changed')
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

type PromotionRow = Omit<Insertable<Database['promotions']>, 'id' | 'starts_at' | 'ends_at'> & {
  starts_at: Date
  ends_at: Date
}

/** Whether it is what somebody asks for: their answer was lost. */
function isAs(before: PromotionSeen, wish: PromotionRow): boolean {
  const keys = ['service_id', 'label', 'kind', 'value', 'position'] as const
  return (
    keys.every((key) => before[key] === wish[key]) &&
    before.starts_at.getTime() === wish.starts_at.getTime() &&
    before.ends_at.getTime() === wish.ends_at.getTime()
  )
}

/** Another that everybody gets and that is not over, of the service or of all, some of the same time. */
async function runsAnother(
  t: Tx,
  now: Date,
  id: string,
  { service_id = null, starts_at, ends_at }: PromotionRow,
): Promise<boolean> {
  const found = await t
    .selectFrom('promotions')
    .select('id')
    .where('id', '<>', id)
    .where('kind', '<>', 'first_order')
    .where('starts_at', '<', ends_at)
    .where('ends_at', '>', starts_at < now ? now : starts_at)
    .where((eb) =>
      service_id === null
        ? eb.val(true)
        : eb.or([eb('service_id', 'is', null), eb('service_id', '=', service_id)]),
    )
    .executeTakeFirst()
  return found !== undefined
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
    .select(sql<string>`md5(promotions::text)`.as('revision'))
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
    revision: row.revision,
  }
}
