/** Conditions that many lists share. */
import { addDays, type Day, instantOf } from '@jiyue/contract/time'
import { type RawBuilder, sql } from 'kysely'

/** True of instants within these days of the merchant's clock, both included. */
export function withinDays(
  column: string,
  { from, to }: { from: Day; to: Day },
): RawBuilder<boolean> {
  const [since, until] = [new Date(instantOf(from)), new Date(instantOf(addDays(to, 1)))]
  return sql`${sql.ref(column)} >= ${since} and ${sql.ref(column)} < ${until}`
}

/** For `ilike`: whatever holds these words, as they are typed: a percent sign is one. */
export function holding(words: string): string {
  return `%${words.replace(/[\\%_]/g, '\\$&')}%`
}

/** For `column = any(ids)`: one text for any number of them, so that its plan is kept (prepared.ts). */
export const anyOf = (ids: readonly string[]) => sql<string>`any(${ids}::uuid[])`
