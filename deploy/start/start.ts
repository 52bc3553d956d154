/**
 * `npm start`: the whole product on one machine. Starts what is needed in order, tells the
 * addresses, guards every part, and on Ctrl-C ends them in reverse order. The second start goes on
 * with the same data. Settings: options.ts.
 */
import { startBackup } from './backup.ts'
import type { Child } from './child.ts'
import type { Closing } from './closing.ts'
import { prepareDatabase } from './database.ts'
import type { Options } from './options.ts'
import { buildFronts, credentialsOf, logOf, start, startDemo } from './pieces.ts'
import { demandPort } from './ports.ts'
import { runUntilAsked } from './run.ts'
import { welcome } from './welcome.ts'

await runUntilAsked(startAll)

async function startAll(options: Options, closing: Closing): Promise<string> {
  const { host, port, sandboxPort, dataDir } = options
  await demandPort(port, 'PORT', '接口', host)
  if (!options.credentialsFile) await demandPort(sandboxPort, 'SANDBOX_PORT', '平台沙箱')

  const fronts = buildFronts(closing)
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

function startApi(options: Options, databaseUrl: string, closing: Closing): Promise<Child> {
  const { host, port, dataDir } = options
  const env = {
    HOST: host,
    PORT: String(port),
    DATA_DIR: dataDir,
    DATABASE_URL: databaseUrl,
    CREDENTIALS_FILE: credentialsOf(options),
  }
  const log = logOf(options, 'server')
  return start({ title: '接口服务', file: 'server/main.ts', env, log }, closing)
}
