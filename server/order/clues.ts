/** What orders are found by: their number, whose they are, and of which service. */
import { type RawBuilder, sql } from 'kysely'
import { holding, isOrderNumber } from '../db/conditions.ts'
import { type Clue, says } from '../db/search.ts'

/** Characters at the end of a number that orders_by_service has. */
const TAIL = 4

/**
 * Orders by words. A whole number is one order: looked up, not looked for. `phone` is the blind index of
 * the phone that the words are, `services` those whose name holds them.
 */
export function orderClues(
  words: string,
  { phone, services }: { phone: string | null; services: readonly string[] },
): Clue[] {
  if (isOrderNumber(words.trim())) return numberClues(words)
  const clues = [...numberClues(words), personClue(words)]
  if (phone !== null) {
    const is = sql<boolean>`users.phone_index = ${phone}`
    clues.push({ holds: ofPerson('phone_index', sql`= ${phone}`), found: ordersOf(is) })
  }
  if (services.length > 0) {
    const holds = sql<boolean>`orders.service_id = any(${services}::uuid[])`
    clues.push({ holds, found: sql`select orders.id from orders where ${holds}` })
  }
  return clues
}

function personClue(words: string): Clue {
  return {
    holds: ofPerson('name', sql`ilike ${holding(words)}`),
    found: ordersOf(says(sql`users.name`, words, 2)),
  }
}

/** One look at a row of users for each order: joined, all users might be read for a page of orders. */
const ofPerson = (column: 'name' | 'phone_index', is: RawBuilder<unknown>) =>
  sql<boolean>`(select ${sql.ref(column)} from users where users.id = orders.user_id) ${is}`

const ordersOf = (fits: RawBuilder<boolean>) =>
  sql`select orders.id from users join orders on orders.user_id = users.id where ${fits}`

/** An order by its number: whole, by its beginning with or without JY, or by its last digits. */
export function numberClues(words: string): Clue[] {
  const number = words.trim().toUpperCase()
  const find = (fits: RawBuilder<boolean>) => sql`select orders.id from orders where ${fits}`
  if (isOrderNumber(number)) {
    const holds = sql<boolean>`orders.number = ${number}`
    return [{ holds, found: find(holds) }]
  }
  if (!/^(J|JY|JY\d{1,12}|\d{1,13})$/.test(number)) return []
  const isTail = /^\d/.test(number)
  const start = isTail ? `JY${number}` : number
  const clue = (like: string, indexed: RawBuilder<boolean>): Clue => {
    const holds = sql<boolean>`orders.number like ${like}`
    return { holds, found: find(sql`(${indexed} and ${holds})`) }
  }
  return [
    clue(`${start}%`, startsWith(start)),
    ...(isTail ? [clue(`%${number}`, endsIn(number))] : []),
  ]
}

/** All numbers are JY and thirteen digits: between the first and the last that begin so, in any collation. */
function startsWith(start: string) {
  const [first, last] = ['0', '9'].map((digit) => start.padEnd(2, 'Y').padEnd(15, digit))
  return sql<boolean>`orders.number between ${first} and ${last}`
}

function endsIn(digits: string) {
  const tail = [...digits.slice(-TAIL)].reverse().join('')
  // A colon comes after the digits.
  return sql<boolean>`orders.service_id = any(array(select id from services))
    and (left(reverse(orders.number), ${sql.lit(TAIL)})) collate "C" >= ${tail}
    and (left(reverse(orders.number), ${sql.lit(TAIL)})) collate "C" < ${`${tail}:`}`
}
