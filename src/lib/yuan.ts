/** What people type as an amount of money. */
import type { Fen } from '@jiyue/contract/money'

/** The largest amount that may be typed, fen: a hundred thousand yuan less a fen. */
const mostFen = 100_000_00

/** `49`, `49.5`, `¥1,280.00` → fen, by its digits and not by floats; null for anything else. */
export function readYuan(typed: string): Fen | null {
  const text = typed.replace(/[\s,，¥￥元]/g, '').replace('。', '.')
  const digits = /^(\d{1,6})(?:\.(\d{0,2}))?$/.exec(text)
  if (!digits) return null
  const fen = Number(digits[1]) * 100 + Number(`${digits[2] ?? ''}00`.slice(0, 2))
  return fen > 0 && fen <= mostFen ? fen : null
}
