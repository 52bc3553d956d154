/** What can be kept: PostgreSQL has no NUL and no half of a surrogate pair, and no form is that deep. */

const DEEPEST = 20

/** True when every string in `value`, keys included, can be stored as it came. */
export function isKeepable(value: unknown, depth = 0): boolean {
  if (typeof value === 'string') return !value.includes('\0') && !/[\ud800-\udfff]/u.test(value)
  if (typeof value !== 'object' || value === null) return true
  if (depth > DEEPEST) return false
  return Object.entries(value).every(([key, one]) => isKeepable(key) && isKeepable(one, depth + 1))
}
