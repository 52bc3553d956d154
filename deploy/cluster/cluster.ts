/**
 * `npm run cluster`: the product as a cluster on one machine. NODES (2) API processes behind nginx,
 * on one Redis and one PostgreSQL (embedded, or DATABASE_URL). A node that dies is started again
 * while the others carry on; when anything else dies, or on Ctrl-C, everything ends. The other
 * settings are those of `npm start` (deploy/start/options.ts); PORT is nginx's.
 */
import path from 'node:path'
import { anyFreePort } from '../../server/db/embedded/port.ts'
import { StartError } from '../../server/db/startError.ts'
import type { Closing } from '../start/closing.ts'
import { prepareDatabase } from '../start/database.ts'
import type { Options } from '../start/options.ts'
import { buildFronts, credentialsOf, logOf, start, startDemo } from '../start/pieces.ts'
import { demandPort } from '../start/ports.ts'
import { runUntilAsked } from '../start/run.ts'
import { say, step } from '../start/say.ts'
import { welcome } from '../start/welcome.ts'
import { keepNode } from './keep.ts'
import { ensureClusterPrograms, nginxChild, redisChild } from './programs.ts'

const MOST_NODES = 64

await runUntilAsked(startCluster)

async function startCluster(options: Options, closing: Closing): Promise<string> {
  const { host, port, sandboxPort, dataDir } = options
  const count = nodeCount(process.env.NODES || '2')
  await demandPort(port, 'PORT', '入口 nginx', host)
  if (!options.credentialsFile) await demandPort(sandboxPort, 'SANDBOX_PORT', '平台沙箱')
  const programs = ensureClusterPrograms(say)

  const fronts = buildFronts(closing)
  const databaseUrl = await prepareDatabase(options, closing)
  const demo = options.credentialsFile ? undefined : await startDemo(options, databaseUrl, closing)
  const redisDir = path.join(dataDir, 'redis')
  const redis = redisChild(programs.redis, redisDir, await anyFreePort(), logOf(options, 'redis'))
  await start(redis.child, closing)
  await Promise.race([fronts, closing.asked])
  const nodes = await startNodes(options, { databaseUrl, redisUrl: redis.url, count }, closing)
  const dir = path.join(dataDir, 'nginx')
  const log = logOf(options, 'nginx')
  await start(nginxChild(programs.nginx, { nodes, host, port, dir, log }), closing)
  const text = welcome({
    api: `http://${host}:${port}`,
    sandbox: demo?.sandbox.address,
    dataDir,
    accounts: demo?.accounts ?? [],
  })
  return `${text}\n  ${count} 个节点：${nodes.join('  ')}\n`
}

/** Starts the nodes one after the other (the first makes what is kept in the data folder). */
async function startNodes(
  options: Options,
  of: { databaseUrl: string; redisUrl: string; count: number },
  closing: Closing,
): Promise<string[]> {
  const nodes: string[] = []
  while (nodes.length < of.count) {
    const port = await anyFreePort()
    const name = `node-${nodes.length + 1}`
    const env = {
      HOST: '127.0.0.1',
      PORT: String(port),
      PUBLIC_URL: process.env.PUBLIC_URL ?? `http://${options.host}:${options.port}`,
      DATA_DIR: options.dataDir,
      DATABASE_URL: of.databaseUrl,
      REDIS_URL: of.redisUrl,
      CREDENTIALS_FILE: credentialsOf(options),
    }
    const node = { title: `节点 ${name}`, file: 'server/main.ts', env, log: logOf(options, name) }
    await step(node.title, keepNode(node, closing, say))
    nodes.push(`127.0.0.1:${port}`)
  }
  return nodes
}

function nodeCount(given: string): number {
  const count = Number(given)
  if (Number.isInteger(count) && count > 0 && count <= MOST_NODES) return count
  throw new StartError(
    `NODES=${given} 应为 1 到 ${MOST_NODES} 的整数。`,
    `NODES=${given} must be a whole number from 1 to ${MOST_NODES}.`,
  )
}
