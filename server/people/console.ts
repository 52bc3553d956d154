/** Signing in to the console (M10): name and password, and the second step where there is one. */
import type { ConsoleMe } from '@jiyue/contract/schema/people'
import type { Input, Reply } from '@jiyue/contract/schema/wire'
import type { Selectable } from 'kysely'
import type { PersonTable } from '../db/schema.ts'
import { type Tx, tx } from '../db/tx.ts'
import { type Refused, refuse } from '../http/refusal.ts'
import type { Parts } from '../parts.ts'
import { checkPassword, hashPassword } from './password.ts'
import { takeCode } from './second.ts'
import { hashOf, newToken, openSession, type PersonCaller } from './sessions.ts'
import { codePlaceOf, countTry, forgiveTries, placeOf, uncountTry } from './tries.ts'

/** Compared against when the name is unknown, so that both answers take the same time. */
const nobody = hashPassword('nobody')

/** Where somebody signs in. */
export interface From {
  ip: string
  agent: string | null
}

/**
 * Refuses password_wrong, also for unknown, locked, invited and ended names; second_code (the
 * password is right, a code is needed), second_wrong.
 */
export async function signInToConsole(
  parts: Parts,
  { name, password, code, device }: Input<'createConsoleSession'>['body'],
  from: From,
): Promise<Reply<'createConsoleSession'> | Refused> {
  const { db } = parts
  const now = parts.now()
  const person = await db
    .selectFrom('people')
    .selectAll()
    .where('login', '=', name.trim().toLowerCase())
    .executeTakeFirst()
  const place = person && (await placeOf(db, person.id, from.ip, device))
  const looked = !place || (await countTry(db, person.id, place, now))
  const right = await checkPassword(password, person?.password_hash ?? (await nobody))
  if (!person || !place || !looked || !right || !person.password_hash || person.deactivated_at)
    return refuse('password_wrong')
  const codePlace = codePlaceOf(place)
  if (person.second_sealed !== null) {
    if (code === undefined) {
      await uncountTry(db, person.id, place)
      return refuse('second_code')
    }
    if (!place.known && !(await countTry(db, person.id, codePlace, now)))
      return refuse('second_wrong')
  }
  const opened = await tx(db, (t) => enter(t, parts, person.id, { code, device, from, now }))
  if ('refused' in opened) return opened
  await forgiveTries(db, person.id, [place, codePlace], now)
  return opened
}

interface Entry {
  code: string | undefined
  device: string | undefined
  from: From
  now: Date
}

/** With the person's row locked: an account that is ended in this moment opens no session. */
async function enter(
  t: Tx,
  parts: Parts,
  personId: string,
  { code, device, from, now }: Entry,
): Promise<Reply<'createConsoleSession'> | Refused> {
  const person = await t
    .selectFrom('people')
    .selectAll()
    .where('id', '=', personId)
    .forUpdate()
    .executeTakeFirstOrThrow()
  if (person.deactivated_at) return refuse('password_wrong')
  const proven = person.second_sealed !== null
  if (proven && !(await takeCode(t, parts, personId, code ?? '', now)))
    return refuse('second_wrong')
  const { ip: address, agent } = from
  const session = await openSession(t, { personId, proven, address, agent }, now)
  return {
    ...session,
    device: await rememberDevice(t, personId, device, now),
    person: meOf(person, proven),
  }
}

/** The device as it is known, or under a new token. */
async function rememberDevice(
  t: Tx,
  personId: string,
  device: string | undefined,
  now: Date,
): Promise<string> {
  const known =
    device &&
    (await t
      .updateTable('known_devices')
      .set({ seen_at: now })
      .where('token_hash', '=', hashOf(device))
      .where('person_id', '=', personId)
      .returning('person_id')
      .executeTakeFirst())
  if (known) return device
  const token = newToken()
  await t
    .insertInto('known_devices')
    .values({ token_hash: hashOf(token), person_id: personId, seen_at: now })
    .execute()
  return token
}

/** Who is signed in, as they are now. */
export async function readConsoleMe({ db }: Parts, caller: PersonCaller): Promise<ConsoleMe> {
  const person = await db
    .selectFrom('people')
    .selectAll()
    .where('id', '=', caller.id)
    .executeTakeFirstOrThrow()
  return meOf(person, caller.proven)
}

function meOf(person: Selectable<PersonTable>, proven: boolean): ConsoleMe {
  const { id, name, role, login } = person
  return { id, name, role, login, second: person.second_sealed !== null, proven }
}
