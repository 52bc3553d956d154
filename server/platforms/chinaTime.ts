/**
 * The providers' wall clock is China's (+08:00, no summer time), whatever zone this process or its
 * tests run in; so nothing here asks the process.
 */

/** `2026-01-01T08:00:00+08:00` (WeChat). */
export function rfc3339(at: Date): string {
  return `${shifted(at)}+08:00`
}

/** `2026-01-01T08:00:00.000+08:00` (WeChat's delivery info wants the milliseconds). */
export function rfc3339Ms(at: Date): string {
  return `${shifted(at)}.${String(at.getTime() % 1000).padStart(3, '0')}+08:00`
}

/** `2026-01-01 08:00:00` (Alipay). */
export function wallText(at: Date): string {
  return shifted(at).replace('T', ' ')
}

/** Reads either form; undefined when it is neither. */
export function parseTime(text: string | undefined): Date | undefined {
  const parts = FORM.exec(text ?? '')
  if (!parts) return undefined
  const at = new Date(`${parts[1]}T${parts[2]}${parts[3] ?? '+08:00'}`)
  return Number.isNaN(at.getTime()) ? undefined : at
}

/** A time without a zone is China's. */
const FORM = /^(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d:\d\d)(?:\.\d+)?(Z|[+-]\d\d:\d\d)?$/

function shifted(at: Date): string {
  return new Date(at.getTime() + 8 * 3_600_000).toISOString().slice(0, 19)
}
