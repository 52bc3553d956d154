/**
 * `npm start`: the whole product on one machine. Starts what is needed in order, tells the
 * addresses, guards every part, and on Ctrl-C ends them in reverse order. The second start goes on
 * with the same data. Settings: options.ts.
 */
import path from 'node:path'
import { StartError } from '../../server/db/startError.ts'
import { startBackup } from './backup.ts'
import { buildIfChanged, FRONTS, type Front } from './build.ts'
import { type Child, type ChildOptions, startChild } from './child.ts'
import { type Closing, makeClosing, Stopped } from './closing.ts'
import { prepareDatabase } from './database.ts'
import { seedDemo } from './demo.ts'
import { type Options, readOptions } from './options.ts'
import { demandPort } from './ports.ts'
import { say, step } from './say.ts'
import { welcome } from './welcome.ts'

await main()

async function main(): Promise<void> {
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

async function startAll(options: Options, closing: Closing): Promise<string> {
  const { host, port, sandboxPort, dataDir } = options
  await demandPort(port, 'PORT', '接口', host)
  if (!options.credentialsFile) await demandPort(sandboxPort, 'SANDBOX_PORT', '平台沙箱')

  const fronts = Promise.all(FRONTS.map((front) => build(front, closing)))
  fronts.catch((error) => closing.ask(error))
  const databaseUrl = await prepareDatabase(options, closing)
  if (!options.databaseUrl) await startBackup(options, databaseUrl, closing)
  const demo = options.credentialsFile ? undefined : await startDemo(options, databaseUrl, closing)
  await Promise.race([fronts, closing.asked])
  const api = await startApi(options, databaseUrl, closing)
  return welcome({
    api: api.address,
    sandbox: demo?.sandbox.address,
    dataDir,
    accounts: demo?.accounts ?? [],
  })
}

/** Without real keys: the platforms' sandbox, and a merchant to try things with. */
async function startDemo(options: Options, databaseUrl: string, closing: Closing) {
  const sandbox = await startSandbox(options, closing)
  const accounts = await closing.hold(step('演示数据', seedDemo(databaseUrl)))
  return { sandbox, accounts }
}

function startApi(options: Options, databaseUrl: string, closing: Closing): Promise<Child> {
  const { host, port, dataDir } = options
  const env = {
    HOST: host,
    PORT: String(port),
    DATA_DIR: dataDir,
    DATABASE_URL: databaseUrl,
    CREDENTIALS_FILE: options.credentialsFile ?? path.join(dataDir, 'sandbox', 'credentials.json'),
  }
  const log = logOf(options, 'server')
  return start({ title: '接口服务', file: 'server/main.ts', env, log }, closing)
}

function startSandbox(options: Options, closing: Closing): Promise<Child> {
  const env = {
    SANDBOX_DIR: path.join(options.dataDir, 'sandbox'),
    SANDBOX_PORT: String(options.sandboxPort),
  }
  return start(
    { title: '平台沙箱', file: 'sandbox/main.ts', env, log: logOf(options, 'sandbox') },
    closing,
  )
}

async function start(child: ChildOptions, closing: Closing): Promise<Child> {
  const started = step(child.title, startChild(child, closing.giveUp))
  const running = await closing.hold(started, (value) => value.stop(), child.title)
  running.died.then((error) => closing.ask(error))
  return running
}

/** Builds run beside the rest of the start; their failure ends it like any other. */
async function build(front: Front, closing: Closing): Promise<void> {
  const work = buildIfChanged(front)
  if (!work) return
  closing.hold(Promise.resolve(), () => work.stop())
  await step(`构建${front.title}（源码有变化，约一分钟）`, work.done)
}

function logOf({ dataDir }: Options, name: string): string {
  return path.join(dataDir, 'logs', `${name}.log`)
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
