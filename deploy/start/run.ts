import { StartError } from '../../server/db/startError.ts'
import { type Closing, makeClosing, Stopped } from './closing.ts'
import { type Options, readOptions } from './options.ts'
import { say } from './say.ts'

/**
 * Starts everything (`startAll` answers the welcome), and guards it until Ctrl-C or until a part has
 * died; then ends everything in reverse order.
 */
export async function runUntilAsked(
  startAll: (options: Options, closing: Closing) => Promise<string>,
): Promise<void> {
  const closing = makeClosing(say)
  listenForCtrlC(closing)
  try {
    console.log(await startAll(readOptions(process.env), closing))
    await closing.asked
  } catch (error) {
    if (!(error instanceof Stopped)) {
      process.exitCode = 1
      console.error(error instanceof StartError ? `\n✗ ${error.message}\n` : error)
    }
  } finally {
    await closing.closeAll()
  }
}

/** The first Ctrl-C ends everything in order; a second one does not wait for it. */
function listenForCtrlC(closing: Closing): void {
  let times = 0
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(signal, () => {
      if (++times > 1) process.exit(130)
      say('正在停止…（再按一次立即退出）')
      closing.ask()
    })
  }
}
