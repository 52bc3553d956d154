/** Whoever did something, as rows name them in `by`: `merchant:<id>`, or what is nobody (`user`, `time`). */
import { sql } from 'kysely'

/** In SQL, the name of the merchant's person in a column `by`; null for what is nobody of theirs. */
export function doerName(column: string) {
  return sql<string | null>`(select people.name from people
    where 'merchant:' || people.id = ${sql.ref(column)})`
}
