import { type Keeper, openKeeper } from './keeper.ts'

/** Jest's parent process: opens the keeper of test databases; workers find it by this variable. */
export default async function globalSetup(): Promise<void> {
  const keeper = await openKeeper()
  process.env.JIYUE_TEST_KEEPER = keeper.address
  ;(globalThis as { jiyueKeeper?: Keeper }).jiyueKeeper = keeper
}
