/** One process: API, sockets and sweeps. Several of them make a cluster. */

import pino from 'pino'
import { buildApp } from './app.ts'
import { openPool } from './db/pool.ts'
import { openRedis } from './db/redis.ts'
import { StartError } from './db/startError.ts'
import { FINISH_MS } from './http/drain.ts'
import { openBus } from './live/bus.ts'
import { createMetrics } from './metrics/metrics.ts'
import { gateways } from './payment/gateways/index.ts'
import { createSeal } from './people/seal.ts'
import { connectPlatforms } from './platforms/connect.ts'
import { checkCredentials, readCredentials } from './platforms/credentials.ts'
import { openQueue } from './queue/queue.ts'
import { readSettings, type Settings } from './settings.ts'
import { startSweeps } from './sweep/sweep.ts'

/** After the drain and the last requests: sockets, sweeps and connections end within this, ms. */
const CLOSE_MS = 5_000

async function main(): Promise<void> {
  const settings = readSettings()
  const log = pino({
    level: settings.logLevel,
    redact: ['req.headers.authorization', '*.phone', '*.token'],
  })
  const credentials = await readCredentials(settings.credentialsFile)
  const wrong = checkCredentials(credentials, { production: settings.production })
  if (wrong.length > 0)
    throw new StartError(`平台配置不可用于生产环境：${wrong.join('；')}`, wrong.join('; '))
  const report = (error: Error) => log.warn({ err: error }, 'database connection')
  const { db, pool, close } = openPool(settings.databaseUrl, { report })
  const redis = settings.redisUrl
    ? await openRedis(settings.redisUrl, (error) => log.warn({ err: error }, 'redis connection'))
    : undefined
  const bus = await openBus({ url: settings.databaseUrl, db, redis, report })
  const metrics = createMetrics()
  metrics.poolIs(pool)
  const parts = {
    db,
    metrics,
    ...(redis && { redis }),
    bus,
    queue: openQueue(redis),
    log,
    gateways: gateways(credentials, settings.publicUrl),
    platforms: connectPlatforms(credentials),
    seal: createSeal(settings.sealKey, settings.newerSealKeys),
    publicUrl: settings.publicUrl,
    now: () => new Date(),
  }
  const app = await buildApp(parts, { log, ...settings })
  await listen(app, settings)
  const sweeps = startSweeps(parts)
  console.log(`ready http://${settings.host}:${settings.port}`)

  let stopping = false
  const stop = async () => {
    if (stopping) return
    stopping = true
    setTimeout(giveUp, settings.drainMs + FINISH_MS + CLOSE_MS).unref()
    const swept = sweeps.stop() // the other nodes do what is due
    await app.drain(settings.drainMs)
    await app.close()
    await swept
    await bus.close()
    redis?.disconnect()
    await close()
  }
  const giveUp = () => {
    log.error('did not end in time')
    process.exit(1)
  }
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => void stop())
}

async function listen(
  app: Awaited<ReturnType<typeof buildApp>>,
  { host, port }: Settings,
): Promise<void> {
  try {
    await app.listen({ host, port })
  } catch (error) {
    if ((error as { code?: string }).code !== 'EADDRINUSE') throw error
    throw new StartError(
      `端口 ${port} 已被占用，请用 PORT=… 换一个。`,
      `Port ${port} is in use; choose another with PORT=….`,
    )
  }
}

main().catch((error) => {
  console.error(error instanceof StartError ? error.message : error)
  process.exitCode = 1
})
