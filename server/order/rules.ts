/** The merchant's rules: the defaults of contract/rules.ts under what the merchant changed. */
import { defaultRules, type Rules } from '@jiyue/contract/rules'
import { gatheredWhole } from '../db/gather.ts'

/** Every rule as it is now; one small read. */
export const readRules = gatheredWhole(async (db): Promise<Rules> => {
  const rows = await db.selectFrom('rules').selectAll().execute()
  const rules = { ...defaultRules }
  for (const { key, value } of rows) {
    if (key in rules) rules[key as keyof Rules] = Number(value)
  }
  return rules
})
