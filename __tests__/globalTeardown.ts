import type { Keeper } from './keeper.ts'

/** Ends the test run's PostgreSQL, if any test asked for one. */
export default async function globalTeardown(): Promise<void> {
  await (globalThis as { jiyueKeeper?: Keeper }).jiyueKeeper?.close()
}
