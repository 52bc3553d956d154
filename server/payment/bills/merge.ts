/** A number that a bill lists more than once counts once, with all its money. Pure. */
import type { BillRow } from '../gateways/gateway.ts'
import { keyOf } from './match.ts'

/** One row a number, in the order of the file; amounts and charges added up exactly. */
export function merged(rows: readonly BillRow[]): BillRow[] {
  const byKey = new Map<string, BillRow>()
  for (const row of rows) {
    const key = keyOf(row.kind, row)
    const before = byKey.get(key)
    byKey.set(key, before ? both(before, row) : row)
  }
  return [...byKey.values()]
}

function both(one: BillRow, other: BillRow): BillRow {
  const amountFen = one.amountFen + other.amountFen
  const state = one.state === other.state ? one.state : 'processing'
  return { ...one, amountFen, state, charge: decimal(units(one.charge) + units(other.charge)) }
}

/** Yuan text → hundred-thousandths, whole. */
function units(charge: string): bigint {
  const [whole = '0', rest = ''] = charge.replace('-', '').split('.')
  const size = BigInt(whole) * 100_000n + BigInt(rest.padEnd(5, '0'))
  return charge.startsWith('-') ? -size : size
}

function decimal(size: bigint): string {
  const digits = String(size < 0n ? -size : size).padStart(6, '0')
  return `${size < 0n ? '-' : ''}${digits.slice(0, -5)}.${digits.slice(-5)}`
}
