/** The merchant's rules: the defaults of contract/rules.ts under what the merchant changed. */
import { defaultRules, type Rules } from '@jiyue/contract/rules'
import type { Kysely } from 'kysely'
import type { Database } from '../db/schema.ts'

/** Every rule as it is now; one small read. */
export async function readRules(db: Kysely<Database>): Promise<Rules> {
  const rows = await db.selectFrom('rules').selectAll().execute()
  const rules = { ...defaultRules }
  for (const { key, value } of rows) {
    if (key in rules) rules[key as keyof Rules] = Number(value)
  }
  return rules
}
