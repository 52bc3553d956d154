/** What registrations are found by (M2): what their orders are, and what was answered. */
import { sql } from 'kysely'
import { holding, isOrderNumber, servicesNamed } from '../../db/conditions.ts'
import { type Clue, hasPieces } from '../../db/search.ts'
import { orderClues } from '../../order/clues.ts'
import type { Parts } from '../../parts.ts'
import { phoneIn } from './filter.ts'

/** Null where nothing is looked for. A whole phone number goes by its blind index, for it is sealed. */
export async function cluesOf(
  { db, seal }: Parts,
  words: string | undefined,
): Promise<Clue[] | null> {
  if (!words) return null
  const number = phoneIn(words)
  const phone = number === null ? null : seal.index('phone', number)
  const clues = orderClues(words, { phone, services: await servicesNamed(db, words) })
  if (isOrderNumber(words)) return clues
  return [...clues, answerClue(words), ...(phone === null ? [] : [markClue(phone)])]
}

function answerClue(words: string): Clue {
  const holds = sql<boolean>`exists (select from jsonb_each_text(registrations.answers) a
    where a.value ilike ${holding(words)} and a.value not like '{%')`
  const mayHold = hasPieces(sql`answers_text(registrations.answers)`, words, 2)
  return {
    holds,
    found: sql`select order_id as id from registrations where ${mayHold} and ${holds}`,
  }
}

function markClue(mark: string): Clue {
  return {
    holds: sql`exists (select from registration_marks
      where order_id = orders.id and mark = ${mark})`,
    found: sql`select order_id as id from registration_marks where mark = ${mark}`,
  }
}
