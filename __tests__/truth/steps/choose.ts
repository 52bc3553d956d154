/** How steps choose what to do it with. */
import type { History, Step } from '../history.ts'

/** Three small numbers to choose by; null when there is nothing it could be done with. */
export type Choose = (h: History, a: number, b: number, c: number) => Step | null

export const pick = <T>(from: readonly T[], n: number): T | undefined =>
  from[n % (from.length || 1)]
