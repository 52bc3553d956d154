/**
 * Reading bills: text with named columns. Columns are found by their names, because kinds and years
 * of bills have them in other places; every cell that is used must be what it claims to be.
 */
import type { Day } from '@jiyue/contract/time'
import { dayMs, instantOf } from '@jiyue/contract/time'
import { type No, unknown } from '../../platforms/answer.ts'
import { parseTime } from '../../platforms/chinaTime.ts'
import { MIB } from '../../platforms/exchange.ts'
import { fenOf } from './alipay/yuan.ts'

/** As it travels, and unpacked: some 200,000 rows. More is not a bill of this merchant. */
export const PACKED_BYTES = 32 * MIB
export const BILL_BYTES = 64 * MIB
/** An address of Alipay's lives for 30 s. */
export const DOWNLOAD_MS = 25_000

/** Why a bill cannot be read: thrown inside a parser, an answer outside. */
export class BillError extends Error {
  code: string

  constructor(code: string, message: string) {
    super(message)
    this.code = code
  }
}

export function broken(message: string): BillError {
  return new BillError('broken_bill', message)
}

/** What a parser read, or why it could not. Asked again later the file may be whole. */
export function readable<T>(read: () => T): { ok: true; value: T } | No {
  try {
    return { ok: true, value: read() }
  } catch (error) {
    if (error instanceof BillError) return unknown(error.code, error.message)
    throw error
  }
}

/** The cells of one row by the names of their columns. */
export type Cells = (column: string) => string

/** Rows under a header line; `clean` takes off what the format puts around a cell. */
export function rowsUnder(
  header: string,
  lines: readonly string[],
  clean: (cell: string) => string,
): Cells[] {
  const names = header.split(',').map(clean)
  const places = new Map(names.map((name, place) => [name, place]))
  if (places.size !== names.length) throw broken('a column is there twice')
  return lines.map((line, at) => {
    const cells = line.split(',').map(clean)
    if (cells.length !== names.length) {
      throw broken(`row ${at + 1} has ${cells.length} cells for ${names.length} columns`)
    }
    return (column) => {
      const place = places.get(column)
      if (place === undefined) throw broken(`there is no column ${column}`)
      return cells[place] ?? ''
    }
  })
}

/** Yuan as text → fen, exactly; of a row or of a sum, so it may be negative. */
export function fenIn(cells: Cells, column: string): number {
  const text = cells(column)
  const fen = fenOf(text.replace(/^-/, ''))
  if (fen === null) throw broken(`${column} says “${shown(text)}”`)
  return text.startsWith('-') && fen > 0 ? -fen : fen
}

/** What one payment or refund is about; `sign` is how the bill writes it. */
export function amountIn(cells: Cells, column: string, sign: 1 | -1 = 1): number {
  const fen = fenIn(cells, column)
  const amountFen = sign === 1 ? fen : 0 - fen
  if (amountFen < 0 || amountFen > LARGEST_FEN) {
    throw broken(`${column} says “${shown(cells(column))}”`)
  }
  return amountFen
}

/** More than any one payment: 21 million yuan. What it adds up to has no bound. */
const LARGEST_FEN = 2 ** 31 - 1

/** A number of ours, the merchant's console's, or the provider's. */
export function numberIn(cells: Cells, column: string): string {
  const text = cells(column)
  if (!/^[\w|*@-]{1,64}$/.test(text)) throw broken(`${column} says “${shown(text)}”`)
  return text
}

/** What is taken for a payment, as it is written. */
export function chargeIn(cells: Cells, column: string): string {
  const text = cells(column)
  if (!/^-?\d{1,9}(\.\d{1,5})?$/.test(text)) throw broken(`${column} says “${shown(text)}”`)
  return text
}

/**
 * A time on a bill of `day`. A little beside it is no fault: what happens at midnight is booked on
 * either day. More than a day off is another day's bill.
 */
export function timeIn(cells: Cells, column: string, day: Day): Date {
  const at = parseTime(cells(column))
  if (!at) throw broken(`${column} says “${shown(cells(column))}”`)
  const since = at.getTime() - instantOf(day)
  if (since < -dayMs || since >= 2 * dayMs) {
    throw new BillError('wrong_day', `asked for ${day}, told about ${cells(column)}`)
  }
  return at
}

/** The bill's own sum of a column must be that of its rows. */
export function checkSum(what: string, said: number, summed: number): void {
  if (said !== summed) throw broken(`${what} says ${said}, the rows make ${summed}`)
}

/** Sum of a column over rows, fen. */
export function sumOf(rows: readonly Cells[], column: string): number {
  return rows.reduce((sum, cells) => sum + fenIn(cells, column), 0)
}

export function shown(text: string): string {
  return text.slice(0, 40)
}
