/** One node as server/main.ts starts it, with an endpoint that only echoes: what HTTP itself costs here. */
import type { AddressInfo } from 'node:net'
import { pino } from 'pino'
import { buildApp } from '../server/app.ts'
import { openPool } from '../server/db/pool.ts'
import { openBus } from '../server/live/bus.ts'
import { gateways } from '../server/payment/gateways/index.ts'
import { createSeal } from '../server/people/seal.ts'
import { connectPlatforms } from '../server/platforms/connect.ts'
import { readCredentials } from '../server/platforms/credentials.ts'
import { openQueue } from '../server/queue/queue.ts'
import { readSettings } from '../server/settings.ts'
import { startSweeps } from '../server/sweep/sweep.ts'

const settings = readSettings()
const log = pino({ level: 'error' })
const report = (error: Error) => log.error({ err: error }, 'database')
const credentials = await readCredentials(settings.credentialsFile)
const { db } = openPool(settings.databaseUrl, { report })
const bus = await openBus({ url: settings.databaseUrl, db, report })
const parts = {
  db,
  bus,
  log,
  gateways: gateways(credentials, settings.publicUrl),
  queue: openQueue(),
  platforms: connectPlatforms(credentials),
  seal: createSeal(settings.sealKey),
  publicUrl: settings.publicUrl,
  now: () => new Date(),
}
const app = await buildApp(parts, { log, ...settings })
app.put('/echo/:id', { schema: { hide: true } }, async (request) => request.body)
await app.listen({ host: settings.host, port: settings.port })
startSweeps(parts)
const { port } = app.server.address() as AddressInfo
console.log(`ready http://${settings.host}:${port}`)
process.on('SIGTERM', () => process.exit(0))
