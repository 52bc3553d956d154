/**
 * Money is an integer number of fen (1/100 yuan), everywhere, always.
 * Nothing here divides without saying how it rounds.
 */

/** An integer amount of fen. Negative only on discount lines. */
export type Fen = number

/** True for a whole, safe number of fen that is not negative. */
export function isAmount(value: unknown): value is Fen {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0
}

/** `12800` → `'128.00'`; exact, by integer arithmetic. */
export function yuan(fen: Fen): string {
  const sign = fen < 0 ? '-' : ''
  const whole = Math.abs(fen)
  const rest = whole % 100
  return `${sign}${(whole - rest) / 100}.${rest < 10 ? '0' : ''}${rest}`
}

/** `12800` → `'¥128'`, `12850` → `'¥128.50'`, `-2000` → `'-¥20'`: for people. */
export function price(fen: Fen): string {
  const text = yuan(Math.abs(fen))
  return `${fen < 0 ? '-' : ''}¥${text.endsWith('.00') ? text.slice(0, -3) : text}`
}

/** `percent` of `fen`, rounded half up to the fen. `percent` is 0–100, whole. */
export function percentOf(fen: Fen, percent: number): Fen {
  return Math.floor((fen * percent + 50) / 100)
}
