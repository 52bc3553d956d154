/**
 * What the merchant sells (M11): adding a service, changing its texts, price, limits, photos and where
 * it takes place, taking it off sale. In force at once: the bus drops what is cached of it on every
 * node. Orders that are registered keep their price, for it stands on them (P6), and those that are
 * held keep their hold: what is off sale only takes no new ones. The log keeps what was.
 */
import { budgetText, type FormDesign, firstForm, isOverBudget } from '@jiyue/contract/form'
import type { ServiceSettings } from '@jiyue/contract/schema/settings'
import type { Input, Reply } from '@jiyue/contract/schema/wire'
import { type Kysely, sql } from 'kysely'
import type { Database } from '../db/schema.ts'
import { after, type Tx, tx } from '../db/tx.ts'
import { isRefused, type Refused, refuse, refuseField, Undone } from '../http/refusal.ts'
import type { Parts } from '../parts.ts'
import { photo } from './catalogue.ts'
import { tellEveryService } from './resourceChanged.ts'
import { drawNew, keepPhotos } from './servicePhotos.ts'

type Settings = Omit<Input<'putServiceSettings'>['body'], 'note'>
type Offer = Omit<Settings, 'revision'>
type NewService = Input<'putService'>['body']

/** Every service, in the merchant's order. */
export async function listServiceSettings({ db }: Parts): Promise<Reply<'listServiceSettings'>> {
  const named = (table: 'staff' | 'rooms') =>
    db
      .selectFrom(table)
      .select(['id', 'name'])
      .where('retired_at', 'is', null)
      .orderBy('name')
      .execute()
  const [services, branches, staff, rooms] = await Promise.all([
    readSettings(db),
    db.selectFrom('branches').select(['id', 'name', 'address', 'phone']).orderBy('name').execute(),
    named('staff'),
    named('rooms'),
  ])
  return { services, branches, staff, rooms }
}

/**
 * Adds a service under the caller's id, with the first version of its form: the house's short one, or a
 * copy of another service's. The same again is the same service. Refuses: settings_changed (the id
 * has other settings), invalid_fields, unavailable.
 */
export async function putService(
  parts: Parts,
  id: string,
  { kind, formFrom, ...offer }: NewService,
  personId: string,
): Promise<ServiceSettings | Refused> {
  const drawn = await drawNew(parts, id, offer.photos, personId)
  if (isRefused(drawn)) return drawn
  const refused = await tx(parts.db, async (t) => {
    const [before] = await readSettings(t, id)
    if (before) return isSame(before, { kind, ...offer }) ? null : refuse('settings_changed')
    const wrong = await checkOffer(t, offer)
    if (wrong) return wrong
    const form = await formLike(t, kind, formFrom)
    if (isRefused(form)) return form
    const position = sql<number>`(select coalesce(max(position), 0) + 1 from services)`
    const made = await t
      .insertInto('services')
      .values({ id, kind, position, ...columnsOf(offer) })
      .onConflict((conflict) => conflict.doNothing())
      .returning('id')
      .executeTakeFirst()
    // Somebody else used the id in this very moment.
    if (!made) return refuse('settings_changed')
    await t
      .insertInto('forms')
      .values({
        service_id: id,
        version: 1,
        steps: [...form.steps],
        fields: JSON.stringify(form.fields),
        published_at: parts.now(),
        published_by: personId,
      })
      .execute()
    await writeLinks(t, id, offer)
    const unkept = await keepPhotos(t, id, offer.photos, drawn, parts.now())
    if (unkept) throw new Undone(unkept)
    await tellEveryService(t, parts.bus)
    return null
  }).catch(undone)
  return refused ?? readOne(parts.db, id)
}

/**
 * Changes a service. Refuses: not_found, settings_changed (by somebody else, meanwhile),
 * invalid_fields, unavailable.
 */
export async function putServiceSettings(
  parts: Parts,
  id: string,
  { revision, ...offer }: Settings,
  personId: string,
): Promise<ServiceSettings | Refused> {
  const [known] = await readSettings(parts.db, id)
  if (!known) return refuse('not_found')
  // Nothing is drawn for who was overtaken already.
  if (known.revision !== revision) return refuse('settings_changed')
  const drawn = await drawNew(parts, id, offer.photos, personId)
  if (isRefused(drawn)) return drawn
  const refused = await tx(parts.db, async (t) => {
    // Not its key: holds of its slots go on meanwhile.
    await t.selectFrom('services').select('id').where('id', '=', id).forNoKeyUpdate().execute()
    const [before] = await readSettings(t, id)
    if (before?.revision !== revision) return refuse('settings_changed')
    const wrong = await checkOffer(t, offer)
    if (wrong) return wrong
    await t.updateTable('services').set(columnsOf(offer)).where('id', '=', id).execute()
    await writeLinks(t, id, offer)
    const unkept = await keepPhotos(t, id, offer.photos, drawn, parts.now())
    if (unkept) throw new Undone(unkept)
    after(t, () => parts.bus.changed({ topics: [`service:${id}`, 'console'] }))
    return null
  }).catch(undone)
  return refused ?? readOne(parts.db, id)
}

function undone(error: unknown): Refused {
  if (error instanceof Undone) return error.refusal
  throw error
}

async function checkOffer(t: Tx, offer: Offer): Promise<Refused | null> {
  if (offer.partyMax < offer.partyMin) return refuseField('partyMax', '最多人数不能少于最少人数')
  if (offer.depositFen > 0 !== (offer.depositCondition !== null))
    return refuseField('depositCondition', '有押金时请写明退还条件，无押金时请留空')
  if (offer.photos.length === 0) return refuseField('photos', '请至少上传一张照片')
  for (const { table, of, no } of links) {
    const ids = [...new Set(offer[of])]
    if (ids.length === 0) continue
    const known = await t.selectFrom(table).select('id').where('id', 'in', ids).execute()
    if (known.length < ids.length) return refuseField(of, no)
  }
  return null
}

/** Where a service takes place, and by whom: lists of the offer, and the tables that keep them. */
const links = [
  {
    of: 'branchIds',
    table: 'branches',
    kept: 'service_branches',
    by: 'branch_id',
    no: '门店不存在',
  },
  { of: 'staffIds', table: 'staff', kept: 'service_staff', by: 'staff_id', no: '所选人员不存在' },
  { of: 'roomIds', table: 'rooms', kept: 'service_rooms', by: 'room_id', no: '所选场地不存在' },
] as const

async function writeLinks(t: Tx, serviceId: string, offer: Offer): Promise<void> {
  for (const { of, kept, by } of links) {
    const [table, column, ids] = [sql.table(kept), sql.ref(by), [...offer[of]]]
    await sql`delete from ${table} where service_id = ${serviceId}
      and not ${column} = any (${ids}::uuid[])`.execute(t)
    await sql`insert into ${table} (service_id, ${column})
      select ${serviceId}, unnest(${ids}::uuid[]) on conflict do nothing`.execute(t)
  }
}

/** The form a new service begins with. Refuses: invalid_fields. */
async function formLike(
  t: Tx,
  kind: NewService['kind'],
  formFrom: string | null,
): Promise<FormDesign | Refused> {
  if (formFrom === null) return firstForm(kind)
  const form = await t
    .selectFrom('forms')
    .select(['steps', 'fields'])
    .where('service_id', '=', formFrom)
    .orderBy('version', 'desc')
    .limit(1)
    .executeTakeFirst()
  if (!form) return refuseField('formFrom', '所选服务不存在')
  return isOverBudget(kind, form)
    ? refuseField('formFrom', budgetText(kind, form.fields.length))
    : form
}

function columnsOf(offer: Offer) {
  return {
    name: offer.name,
    summary: offer.summary,
    content: offer.content,
    notes: offer.notes,
    photos: offer.photos,
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
    unique_per: offer.uniquePer,
    goods: offer.goods,
    listed: offer.listed,
  }
}

async function readSettings(db: Kysely<Database>, id?: string): Promise<ServiceSettings[]> {
  const linked = ({ kept, by }: (typeof links)[number]) =>
    sql<string[]>`array(select ${sql.ref(by)}::text from ${sql.table(kept)}
      where service_id = services.id order by 1)`
  const [branches, staff, rooms] = links.map(linked) as [Linked, Linked, Linked]
  const rows = await db
    .selectFrom('services')
    .selectAll()
    .select([branches.as('branchIds'), staff.as('staffIds'), rooms.as('roomIds')])
    .select(
      sql<string>`md5(concat_ws(' ', services::text, ${branches}, ${staff}, ${rooms}))`.as(
        'revision',
      ),
    )
    .select([
      sql<number>`(select count(*)::int from slots where service_id = services.id
        and bookable_until > now() and closed_reason is null and removed_at is null
        and private_for is null)`.as('slotsAhead'),
      sql<number>`(select count(*)::int from orders o join slots s on s.id = o.slot_id
        where s.service_id = services.id and s.ends_at > now()
        and o.state in ('registered', 'confirmed'))`.as('ordersAhead'),
    ])
    .$if(id !== undefined, (query) => query.where('id', '=', id as string))
    .orderBy('position')
    .execute()
  return rows.map((row) => ({
    id: row.id,
    kind: row.kind,
    cover: photo(row.photos[0] ?? '', 'thumb'),
    ahead: { slots: row.slotsAhead, orders: row.ordersAhead },
    name: row.name,
    summary: row.summary,
    content: row.content,
    notes: row.notes,
    photos: row.photos,
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
    uniquePer: row.unique_per,
    goods: row.goods,
    listed: row.listed,
    branchIds: row.branchIds,
    staffIds: row.staffIds,
    roomIds: row.roomIds,
    revision: row.revision,
  }))
}

type Linked = ReturnType<typeof sql<string[]>>

async function readOne(db: Kysely<Database>, id: string): Promise<ServiceSettings | Refused> {
  const [found] = await readSettings(db, id)
  return found ?? refuse('not_found')
}

/** Whether a service is what somebody asks to add: their answer was lost. */
function isSame(before: ServiceSettings, wish: Offer & Pick<ServiceSettings, 'kind'>): boolean {
  const keys = Object.keys(wish) as (keyof typeof wish)[]
  const plain = (value: unknown) => JSON.stringify(Array.isArray(value) ? [...value].sort() : value)
  return keys.every((key) => plain(before[key]) === plain(wish[key]))
}
