import { TestEnvironment } from 'jest-environment-node'
import { DATABASES, type FreshDatabase } from './db.ts'
import { SCREENS, type Screens } from './screens.ts'

/**
 * Node, plus the end of every database a test file asked for. It happens after the file's own
 * `afterAll`s, so a connection that is still open then was forgotten, and the file fails.
 */
export default class Environment extends TestEnvironment {
  override async setup(): Promise<void> {
    await super.setup()
    this.databases()
  }

  override async teardown(): Promise<void> {
    const problems: unknown[] = []
    for (const database of this.databases()) {
      await database.end().catch((error) => problems.push(error))
    }
    await super.teardown()
    if (problems.length > 0) throw problems[0]
  }

  /** A page's test that fails says what was on screen: elsewhere nobody could look. */
  async handleTestEvent(event: { name: string; error?: unknown }): Promise<void> {
    if (event.name !== 'test_fn_failure') return
    const { [SCREENS]: screens } = this.global as unknown as { [SCREENS]?: Screens }
    // Of the test's own realm, so no instance of this one's Error.
    const error = event.error as Error | undefined
    const shown = error?.stack && (await screens?.())
    if (!error?.stack || !shown) return
    const calls = error.stack.slice(error.stack.search(/\n\s+at /))
    error.message += `\n\n${shown}`
    error.stack = `${error.name}: ${error.message}${calls}`
  }

  private databases(): FreshDatabase[] {
    const global = this.global as unknown as { [DATABASES]?: FreshDatabase[] }
    global[DATABASES] ??= []
    return global[DATABASES]
  }
}
