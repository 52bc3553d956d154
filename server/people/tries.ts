/**
 * Wrong tries to sign in, counted by whose name was typed *and* where it was typed: at an address, or
 * on a device the person signed in on before. Whoever knows a name can lock it at their own address
 * only; its owner still gets in, on their own device even from that very address.
 */
import { isIPv6 } from 'node:net'
import { minuteMs } from '@jiyue/contract/time'
import { type Kysely, sql } from 'kysely'
import type { Database } from '../db/schema.ts'
import { hashOf } from './sessions.ts'

const LOCK = { after: 10, minutes: 15 }
/** Codes tried from places nobody knows, all together: who has the password may hire many addresses. */
const unknownPlaces = 'codes from unknown places'

/** Where a try comes from. */
export interface Place {
  name: string
  known: boolean
}

/** The device counts where this person signed in on it before; the address otherwise. */
export async function placeOf(
  db: Kysely<Database>,
  personId: string,
  address: string,
  device: string | undefined,
): Promise<Place> {
  const known =
    device !== undefined &&
    (await db
      .selectFrom('known_devices')
      .select('person_id')
      .where('token_hash', '=', hashOf(device))
      .where('person_id', '=', personId)
      .executeTakeFirst())
  return known
    ? { name: `device ${hashOf(device).toString('hex')}`, known: true }
    : { name: `address ${netOf(address)}`, known: false }
}

/** The place that tries of codes are counted at. */
export const codePlaceOf = (place: Place): Place =>
  place.known ? place : { name: unknownPlaces, known: false }

/**
 * Counts a try before it is looked at, so that many at once cannot sneak past the count. False when
 * there were too many: it is not looked at, and does not prolong the lock.
 */
export async function countTry(
  db: Kysely<Database>,
  personId: string,
  place: Place,
  now: Date,
): Promise<boolean> {
  const free = new Date(now.getTime() - LOCK.minutes * minuteMs)
  const { rows } = await sql<{ tries: number }>`
    insert into sign_in_tries as had (person_id, place, tries, counted_at)
    values (${personId}, ${place.name}, 1, ${now})
    on conflict (person_id, place) do update set
      tries = case when had.counted_at <= ${free} then 1 else had.tries + 1 end,
      counted_at = case when had.counted_at > ${free} and had.tries >= ${LOCK.after}
        then had.counted_at else ${now} end
    returning tries`.execute(db)
  return (rows[0]?.tries ?? 0) <= LOCK.after
}

/** A try that was neither right nor wrong. */
export async function uncountTry(
  db: Kysely<Database>,
  personId: string,
  place: Place,
): Promise<void> {
  await db
    .updateTable('sign_in_tries')
    .set({ tries: sql`greatest(tries - 1, 0)` })
    .where('person_id', '=', personId)
    .where('place', '=', place.name)
    .execute()
}

/** They are in: what went wrong here is forgiven, and what is old everywhere is forgotten. */
export async function forgiveTries(
  db: Kysely<Database>,
  personId: string,
  places: readonly Place[],
  now: Date,
): Promise<void> {
  const names = places.map(({ name }) => name)
  await db
    .deleteFrom('sign_in_tries')
    .where('person_id', '=', personId)
    .where((eb) =>
      eb.or([
        eb('place', 'in', names),
        eb('counted_at', '<=', new Date(now.getTime() - LOCK.minutes * minuteMs)),
      ]),
    )
    .execute()
}

/** Of IPv6 a household has 2^64 addresses: its network counts. */
function netOf(address: string): string {
  if (!isIPv6(address) || address.includes('.')) return address
  const [head = '', tail] = address.split('::')
  const first = head.split(':').filter(Boolean)
  const last = tail === undefined ? [] : tail.split(':').filter(Boolean)
  const middle = Array.from({ length: 8 - first.length - last.length }, () => '0')
  return [...first, ...middle, ...last]
    .slice(0, 4)
    .map((part) => part.replace(/^0+(?=.)/, ''))
    .join(':')
}
