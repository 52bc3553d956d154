/** The drill of a cluster that pgBackRest looks after, on Debian's own PostgreSQL (T2). */
import { execFileSync, spawn } from 'node:child_process'
import { chownSync, mkdirSync, statSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { backUpCluster } from '../../deploy/backup/pgbackrest/backup.ts'
import { archiveSettings, renderConfig } from '../../deploy/backup/pgbackrest/config.ts'
import { restoreCluster } from '../../deploy/backup/pgbackrest/restore.ts'
import type { ClusterSettings } from '../../deploy/backup/pgbackrest/settings.ts'
import { findServerPrograms } from '../../deploy/start/backupPrograms.ts'
import { chooseAccount } from '../../server/db/embedded/account.ts'
import { anyFreePort } from '../../server/db/embedded/port.ts'
import { migrate } from '../../server/db/migrate.ts'
import { type Db, openPool } from '../../server/db/pool.ts'
import { seedWorld } from '../races/setting.ts'
import { until } from '../world.ts'
import { endAll, newFolder, removeFolder, sell, sellInto, soldIn, startArchive } from './setting.ts'

jest.setTimeout(300_000) // whole databases and backups, also on a busy machine

const bin = findServerPrograms() ?? ''
const account = chooseAccount('/nowhere')
const as = account.uid === undefined ? {} : { uid: account.uid, gid: account.gid ?? account.uid }
const folder = newFolder()
const at = (name: string) => path.join(folder, name)
const settings: ClusterSettings = {
  config: at('pgbackrest.conf'),
  stanza: 'jiyue',
  dataDir: at('cluster'),
  port: 0,
  socketDir: folder,
  repo: at('repo'),
  keepFull: 2,
  workDir: folder,
}

const servers = new Set<{ pid: number; gone: Promise<unknown> }>()
afterAll(async () => {
  await endAll()
  for (const { pid, gone } of servers) {
    process.kill(pid, 'SIGQUIT')
    await gone
  }
  removeFolder(folder)
})

/** Starts a cluster as Debian's account, and waits until it takes writes. */
async function serve(dataDir: string, port: number, more: Record<string, string> = {}) {
  const flags = { port: `${port}`, unix_socket_directories: folder, listen_addresses: '127.0.0.1' }
  const args = Object.entries({ ...flags, ...more }).flatMap(([k, v]) => ['-c', `${k}=${v}`])
  const child = spawn(path.join(bin, 'postgres'), ['-D', dataDir, ...args], {
    ...as,
    cwd: '/',
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  let log = ''
  child.stderr.on('data', (chunk) => {
    log += chunk
  })
  const gone = new Promise((resolve) => child.once('close', resolve))
  const server = { pid: child.pid ?? 0, gone }
  servers.add(server)
  gone.then(() => servers.delete(server))
  await until(`a server in ${dataDir}`, async () => {
    if (child.exitCode !== null) throw new Error(log)
    return /database system is ready to accept connections/.test(log)
  })
  return { ...server, url: `postgres://postgres@127.0.0.1:${port}/postgres` }
}

let db: Db
let live: Awaited<ReturnType<typeof serve>>

beforeAll(async () => {
  expect(bin).not.toBe('') // deploy/start/test.ts installs it
  settings.port = await anyFreePort()
  for (const name of ['repo', 'lock', 'log']) {
    mkdirSync(at(name))
    if (as.uid !== undefined) chownSync(at(name), as.uid, as.gid)
  }
  if (as.uid !== undefined) chownSync(folder, as.uid, as.gid)
  const options = ['-D', settings.dataDir, '-A', 'trust', '-U', 'postgres', '-E', 'UTF8', '-N']
  execFileSync(path.join(bin, 'initdb'), [...options, '--locale=C.UTF-8'], {
    ...as,
    cwd: '/',
    stdio: 'ignore',
  })
  live = await serve(settings.dataDir, settings.port, archiveSettings(settings))
  await migrate(live.url)
  db = openPool(live.url, { name: 'shop', report: () => {} })
  await seedWorld(db.db)
  writeFileSync(settings.config, renderConfig({ ...settings, socketDir: folder }))
})

test('set up, backed up under load, killed, its folder lost: every acknowledged order is there', async () => {
  const said: string[] = []
  await backUpCluster(settings, ['--set-up'], (sentence) => said.push(sentence))
  expect(said.join()).toContain('归档已验证')
  // The log's end is kept by our receiver: pgBackRest gets whole segments only.
  const tail = await startArchive(live.url, at('tail'), { BACKUP_BASES: 'off', DATA_DIR: folder })
  const first = await sell(db, 20)
  const selling = sellInto(db, first, 2000)
  selling.catch(() => {})
  await backUpCluster(settings, [], (sentence) => said.push(sentence))
  const seen = first.orders.length
  await until('orders after the backup', async () => first.orders.length > seen + 60)
  const promised = [...first.orders]
  process.kill(live.pid, 'SIGKILL')
  tail.child.kill('SIGKILL')
  await selling.catch(() => {})
  await db.close()
  await live.gone
  removeFolder(settings.dataDir)

  const look = async (name: string, tailDir?: string) => {
    const into = at(name)
    await restoreCluster({ ...settings, tailDir }, { to: undefined, into }, () => {})
    expect(statSync(into).uid).toBe(as.uid ?? process.getuid?.())
    const restored = await serve(into, await anyFreePort())
    return soldIn(restored.url, first.slot)
  }
  const found = await look('elsewhere', at('tail'))
  expect(found.orders).toEqual(expect.arrayContaining(promised))
  expect(found.taken).toBe(found.orders.length)
  // Control: what pgBackRest alone had got by then is not all.
  const without = await look('without')
  expect(promised.filter((id) => !without.orders.includes(id))).not.toEqual([])
})

test('a folder that holds something is refused and left alone', async () => {
  mkdirSync(at('occupied'))
  writeFileSync(at('occupied/precious'), 'kept')
  const asked = restoreCluster(settings, { to: undefined, into: at('occupied') }, () => {})
  await expect(asked).rejects.toThrow('it was not touched')
  expect(statSync(at('occupied/precious')).size).toBe(4)
})
