/** Alipay's amounts are yuan as text. Never a float: `Number('0.29') * 100` is not 29. */

/** `'1.5'` → 150. Null for anything that is not a plain amount with at most two decimals. */
export function fenOf(yuan: string): number | null {
  const parts = /^(0|[1-9]\d{0,12})(?:\.(\d{1,2}))?$/.exec(yuan)
  if (!parts) return null
  return Number(parts[1]) * 100 + Number((parts[2] ?? '').padEnd(2, '0'))
}
