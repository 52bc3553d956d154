import type { Table } from './store.ts'

/**
 * Rows of a table by their owner, oldest first, without a walk over all of them: bills and pages of
 * thousands of trades ask for each trade's refunds. Rows must be put through this `put` only, and
 * keep their owner.
 */
export function ofOwner<Row extends { id: string }>(
  table: Table<Row>,
  ownerOf: (row: Row) => string,
): { of(owner: string): Row[]; put(row: Row): Row } {
  const ids = new Map<string, Set<string>>()
  const note = (row: Row) => {
    const owner = ownerOf(row)
    const known = ids.get(owner)
    if (known) known.add(row.id)
    else ids.set(owner, new Set([row.id]))
    return row
  }
  for (const row of table.all()) note(row)
  return {
    of: (owner) => [...(ids.get(owner) ?? [])].map((id) => table.get(id) as Row),
    put: (row) => note(table.put(row)),
  }
}
