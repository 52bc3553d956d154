/**
 * What the merchant sets (M11): a service's texts, price and limits, the rules, the promotions. In
 * force at once: the bus drops what is cached of it on every node and every open screen reads again.
 * Orders that are registered keep their price, for it stands on them (P6). The log keeps what was.
 */
import { defaultRules, type Rules } from '@jiyue/contract/rules'
import type { ConsolePromotion, ServiceSettings } from '@jiyue/contract/schema/settings'
import type { Input, Reply } from '@jiyue/contract/schema/wire'
import { type Kysely, sql } from 'kysely'
import type { Database } from '../db/schema.ts'
import { after, type Tx, tx } from '../db/tx.ts'
import { type Refused, refuse, refuseField } from '../http/refusal.ts'
import { readRules } from '../order/rules.ts'
import type { Parts } from '../parts.ts'
import { photo } from './catalogue.ts'
import { tellEveryService } from './resourceChanged.ts'

type Offer = Input<'putServiceSettings'>['body']

/** Every service, in the merchant's order. */
export async function listServiceSettings({ db }: Parts): Promise<Reply<'listServiceSettings'>> {
  const [services, branches] = await Promise.all([
    readSettings(db),
    db.selectFrom('branches').select(['id', 'name', 'address', 'phone']).orderBy('name').execute(),
  ])
  return { services, branches }
}

/** Changes a service. Refuses: not_found, settings_changed (by somebody else, meanwhile), invalid_fields. */
export async function putServiceSettings(
  parts: Parts,
  id: string,
  { revision, branchIds, ...offer }: Offer,
): Promise<ServiceSettings | Refused> {
  const refused = await tx(parts.db, async (t) => {
    await t.selectFrom('services').select('id').where('id', '=', id).forUpdate().execute()
    const [before] = await readSettings(t, id)
    if (!before) return refuse('not_found')
    if (before.revision !== revision) return refuse('settings_changed')
    const wrong = (await checkOffer(t, offer, branchIds)) ?? null
    if (wrong) return wrong
    await t.updateTable('services').set(columnsOf(offer)).where('id', '=', id).execute()
    await writeBranches(t, id, branchIds)
    const topics = [`service:${id}`, 'console'] as const
    after(t, () => parts.bus.changed({ topics }))
    return null
  })
  if (refused) return refused
  const [now] = await readSettings(parts.db, id)
  return now ?? refuse('not_found')
}

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
  { serviceId, startsAt, endsAt, ...given }: Input<'putPromotion'>['body'],
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
    if (serviceId && (await readSettings(t, serviceId)).length === 0) return refuse('not_found')
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

async function checkOffer(
  t: Tx,
  offer: Omit<Offer, 'revision' | 'branchIds'>,
  branchIds: readonly string[],
): Promise<Refused | null> {
  if (offer.partyMax < offer.partyMin) return refuseField('partyMax', '最多人数不能少于最少人数')
  if (offer.depositFen > 0 !== (offer.depositCondition !== null))
    return refuseField('depositCondition', '有押金时请写明退还条件，无押金时请留空')
  if (branchIds.length === 0) return null
  const known = await t.selectFrom('branches').select('id').where('id', 'in', branchIds).execute()
  return known.length === new Set(branchIds).size ? null : refuseField('branchIds', '门店不存在')
}

function columnsOf(offer: Omit<Offer, 'revision' | 'branchIds'>) {
  return {
    name: offer.name,
    summary: offer.summary,
    content: offer.content,
    notes: offer.notes,
    price_fen: offer.priceFen,
    price_unit: offer.priceUnit,
    charged_per: offer.chargedPer,
    includes: offer.includes,
    duration_minutes: offer.durationMinutes,
    cutoff_minutes: offer.cutoffMinutes,
    party_min: offer.partyMin,
    party_max: offer.partyMax,
    deposit_fen: offer.depositFen,
    deposit_condition: offer.depositCondition,
    listed: offer.listed,
  }
}

async function writeBranches(t: Tx, serviceId: string, branchIds: readonly string[]) {
  const rows = [...new Set(branchIds)].map((branch_id) => ({ service_id: serviceId, branch_id }))
  await t
    .deleteFrom('service_branches')
    .where('service_id', '=', serviceId)
    .$if(rows.length > 0, (query) => query.where('branch_id', 'not in', [...branchIds]))
    .execute()
  if (rows.length === 0) return
  await t
    .insertInto('service_branches')
    .values(rows)
    .onConflict((conflict) => conflict.doNothing())
    .execute()
}

async function readSettings(db: Kysely<Database>, id?: string): Promise<ServiceSettings[]> {
  const rows = await db
    .selectFrom('services')
    .selectAll()
    .select([
      sql<string[]>`array(select branch_id::text from service_branches
        where service_id = services.id order by 1)`.as('branch_ids'),
      sql<string>`md5(services::text || (select coalesce(string_agg(branch_id::text, ',' order by branch_id), '')
        from service_branches where service_id = services.id))`.as('revision'),
    ])
    .$if(id !== undefined, (query) => query.where('id', '=', id as string))
    .orderBy('position')
    .execute()
  return rows.map((row) => ({
    id: row.id,
    kind: row.kind,
    cover: photo(row.photos[0] ?? '', 'thumb'),
    name: row.name,
    summary: row.summary,
    content: row.content,
    notes: row.notes,
    priceFen: row.price_fen,
    priceUnit: row.price_unit,
    chargedPer: row.charged_per,
    includes: row.includes,
    durationMinutes: row.duration_minutes,
    cutoffMinutes: row.cutoff_minutes,
    partyMin: row.party_min,
    partyMax: row.party_max,
    depositFen: row.deposit_fen,
    depositCondition: row.deposit_condition,
    listed: row.listed,
    branchIds: row.branch_ids,
    revision: row.revision,
  }))
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
