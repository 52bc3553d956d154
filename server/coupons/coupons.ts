/**
 * Coupons that the merchant gives (M11): fen off one order each of people it names by an order's number
 * or a phone number. Counted as every coupon is (booking/coupon.ts): when a price is locked, the oldest
 * first. Taking back ends what is not used; a price that is locked stays.
 */

import { isPhone, normalisePhone } from '@jiyue/contract/fields/phone'
import { price } from '@jiyue/contract/money'
import type { CouponGrant } from '@jiyue/contract/schema/coupons'
import type { Input, Reply } from '@jiyue/contract/schema/wire'
import { addDays, type Day, dayOf, instantOf, monthDayText } from '@jiyue/contract/time'
import { type Kysely, sql } from 'kysely'
import { isOrderNumber } from '../db/conditions.ts'
import type { Database } from '../db/schema.ts'
import { after, type Tx, tx } from '../db/tx.ts'
import { type Refused, refuse, refuseField } from '../http/refusal.ts'
import type { Parts } from '../parts.ts'
import { doerName } from '../people/doer.ts'
import { maskPhone } from '../people/mask.ts'
import { remind } from '../reminder/reminder.ts'

/** Days for which a coupon may count. */
const LONGEST_DAYS = 366
const SHOWN = 100

type Wish = Input<'putCoupons'>['body']

/** Whom these words name, and which name nobody; nothing is written. */
export async function previewCoupons(
  parts: Parts,
  { to }: Input<'previewCoupons'>['body'],
): Promise<Reply<'previewCoupons'>> {
  const { people, unknown } = await whom(parts.db, parts, to)
  return { people: people.map(({ name, phoneMasked }) => ({ name, phoneMasked })), unknown }
}

/**
 * Gives each of these people one coupon and tells them. The same again is the same. Refuses:
 * invalid_fields (somebody nobody knows; a day that is over or too far), settings_changed (the id has
 * another content).
 */
export async function putCoupons(
  parts: Parts,
  id: string,
  wish: Wish,
  personId: string,
): Promise<CouponGrant | Refused> {
  const now = parts.now()
  const today = dayOf(now.getTime())
  const refused = await tx(parts.db, async (t) => {
    // Named by two at once: one after the other.
    await sql`select pg_advisory_xact_lock(10, hashtext(${id}))`.execute(t)
    const { people, unknown } = await whom(t, parts, wish.to)
    const known = await t
      .selectFrom('coupon_grants')
      .selectAll()
      .where('id', '=', id)
      .executeTakeFirst()
    if (known) return (await isSame(t, known, wish, people)) ? null : refuse('settings_changed')
    if (wish.until < today || wish.until > addDays(today, LONGEST_DAYS))
      return refuseField('until', '有效期请填写今天起一年之内的日期')
    if (unknown.length > 0)
      return refuseField('to', `找不到：${unknown.slice(0, 5).join('、')}，请核对订单号或手机号`)
    await give(t, id, wish, people, `merchant:${personId}`, now)
    after(t, () => parts.bus.changed({ topics: ['console'] }))
    return null
  })
  return refused ?? readOne(parts.db, id)
}

/** Ends those that are not used. Again changes nothing. Refuses: not_found. */
export async function revokeCoupons(parts: Parts, id: string): Promise<CouponGrant | Refused> {
  const refused = await tx(parts.db, async (t) => {
    const grant = await t
      .selectFrom('coupon_grants')
      .select('revoked_at')
      .where('id', '=', id)
      .forUpdate()
      .executeTakeFirst()
    if (!grant) return refuse('not_found')
    if (grant.revoked_at) return null
    // One whose order waits for its money keeps its locked price, and is not free again after it.
    await sql`update coupons set expires_at = greatest(clock_timestamp(), given_at + interval '1 millisecond')
      where grant_id = ${id} and expires_at > clock_timestamp() and not exists (
        select from orders where orders.id = coupons.order_id
          and state in ('confirmed', 'completed', 'missed'))`.execute(t)
    await t
      .updateTable('coupon_grants')
      .set({ revoked_at: parts.now() })
      .where('id', '=', id)
      .execute()
    after(t, () => parts.bus.changed({ topics: ['console'] }))
    return null
  })
  return refused ?? readOne(parts.db, id)
}

/** The newest first. */
export async function listCoupons({ db, now }: Parts): Promise<Reply<'listCoupons'>> {
  const rows = await grantsQuery(db)
    .orderBy('given_at', 'desc')
    .orderBy('id', 'desc')
    .limit(SHOWN)
    .execute()
  return { grants: rows.map(grantView), now: now().toISOString() }
}

async function give(
  t: Tx,
  id: string,
  wish: Wish,
  people: readonly Person[],
  by: string,
  now: Date,
): Promise<void> {
  const { label, offFen, until, note } = wish
  const expires = new Date(endOf(until))
  const coupon = { label, off_fen: offFen, given_at: now, expires_at: expires }
  await t
    .insertInto('coupon_grants')
    .values({ id, ...coupon, note, by })
    .execute()
  await t
    .insertInto('coupons')
    .values(
      people.map(({ id: user_id }) => ({
        ...coupon,
        user_id,
        grant_id: id,
        disruption_id: null,
        order_id: null,
      })),
    )
    .execute()
  const facts = { service: label, note: saidOf(wish) }
  for (const { id: userId } of people)
    await remind(t, { kind: 'coupon', about: id, userId, facts, now })
}

/** @chinese it is sent */
function saidOf({ label, offFen, until, note }: Wish): string {
  const day = monthDayText(instantOf(until))
  return `${label} ${price(offFen)}，下次报名自动抵扣，${day} 24:00 前有效，${note}`
}

/** A coupon counts through its last day. */
const endOf = (until: Day): number => instantOf(addDays(until, 1))

interface Person {
  id: string
  name: string
  phoneMasked: string | null
}

/** People by the numbers of their orders or their own; each once, whoever has gone not at all. */
async function whom(
  db: Kysely<Database>,
  { seal }: Parts,
  to: readonly string[],
): Promise<{ people: Person[]; unknown: string[] }> {
  const words = [...new Set(to.map((one) => one.trim()))].filter((one) => one !== '')
  const numbers = words.filter(isOrderNumber).map((one) => one.toUpperCase())
  const marks = new Map(
    words.flatMap((word) => {
      const phone = normalisePhone(word)
      return isPhone(phone) ? [[seal.index('phone', phone), word] as const] : []
    }),
  )
  const { rows } = await sql<{ id: string; name: string; phone: string | null; word: string }>`
    select u.id, u.name, u.phone_sealed as phone, o.number as word
    from orders o join users u on u.id = o.user_id
    where o.number = any (${numbers}::text[]) and u.erased_at is null
    union all
    select id, name, phone_sealed, phone_index from users
    where phone_index = any (${[...marks.keys()]}::text[]) and erased_at is null`.execute(db)
  const found = new Set(rows.map(({ word }) => marks.get(word) ?? word))
  const people = new Map(
    rows.map(({ id, name, phone }) => [
      id,
      { id, name, phoneMasked: phone && maskPhone(String(seal.open(phone))) },
    ]),
  )
  return {
    people: [...people.values()],
    unknown: words.filter((word) => !found.has(word) && !found.has(word.toUpperCase())),
  }
}

/** Whether it is what was asked for before: the answer was lost. */
async function isSame(
  t: Tx,
  known: { id: string; label: string; off_fen: number; expires_at: Date; note: string },
  wish: Wish,
  people: readonly Person[],
): Promise<boolean> {
  const given = await t
    .selectFrom('coupons')
    .select('user_id')
    .where('grant_id', '=', known.id)
    .execute()
  const had = new Set(given.map(({ user_id }) => user_id))
  return (
    known.label === wish.label &&
    known.off_fen === wish.offFen &&
    known.note === wish.note &&
    known.expires_at.getTime() === endOf(wish.until) &&
    had.size === people.length &&
    people.every(({ id }) => had.has(id))
  )
}

function grantsQuery(db: Kysely<Database>) {
  const counted = (what: ReturnType<typeof sql>) =>
    sql<number>`(select count(*)::int from coupons c left join orders o on o.id = c.order_id
      where c.grant_id = coupon_grants.id and ${what})`
  const isUsed = sql`coalesce(o.state in ('confirmed', 'completed', 'missed')
    or o.state in ('held', 'registered') and o.held_until > clock_timestamp(), false)`
  return db
    .selectFrom('coupon_grants')
    .selectAll()
    .select(doerName('coupon_grants.by').as('by_name'))
    .select([
      counted(sql`true`).as('given'),
      counted(isUsed).as('used'),
      counted(sql`not ${isUsed} and c.expires_at > clock_timestamp()`).as('open'),
    ])
}

type GrantSeen = Awaited<ReturnType<ReturnType<typeof grantsQuery>['execute']>>[number]

function grantView(row: GrantSeen): CouponGrant {
  return {
    id: row.id,
    label: row.label,
    offFen: row.off_fen,
    expiresAt: row.expires_at.toISOString(),
    note: row.note,
    byName: row.by_name,
    givenAt: row.given_at.toISOString(),
    revokedAt: row.revoked_at?.toISOString() ?? null,
    given: row.given,
    used: row.used,
    open: row.open,
  }
}

async function readOne(db: Kysely<Database>, id: string): Promise<CouponGrant | Refused> {
  const row = await grantsQuery(db).where('id', '=', id).executeTakeFirst()
  return row ? grantView(row) : refuse('not_found')
}
