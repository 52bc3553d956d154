import { TestEnvironment } from 'jest-environment-node'
import { DATABASES, type FreshDatabase } from './db.ts'

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

  private databases(): FreshDatabase[] {
    const global = this.global as unknown as { [DATABASES]?: FreshDatabase[] }
    global[DATABASES] ??= []
    return global[DATABASES]
  }
}
