/** The drill of a cluster that pgBackRest looks after, on Debian's own PostgreSQL (T2). */
import { execFileSync, spawn } from 'node:child_process'
import {
  appendFileSync,
  chmodSync,
  chownSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { connect } from 'node:net'
import path from 'node:path'
import { backUpCluster } from '../../deploy/backup/pgbackrest/backup.ts'
import { archiveSettings, renderConfig } from '../../deploy/backup/pgbackrest/config.ts'
import { restoreCluster } from '../../deploy/backup/pgbackrest/restore.ts'
import type { ClusterSettings, Tls } from '../../deploy/backup/pgbackrest/settings.ts'
import { findServerPrograms } from '../../deploy/start/backupPrograms.ts'
import { chooseAccount } from '../../server/db/embedded/account.ts'
import { anyFreePort } from '../../server/db/embedded/port.ts'
import { migrate } from '../../server/db/migrate.ts'
import { type Db, openPool } from '../../server/db/pool.ts'
import { eraseAgain } from '../../server/privacy/erase.ts'
import { newUsers, seedWorld } from '../races/setting.ts'
import { until } from '../world.ts'
import {
  endAll,
  MANY,
  newFolder,
  removeFolder,
  sell,
  sellInto,
  soldIn,
  startArchive,
} from './setting.ts'

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

/** Makes folders of the database's account; answers the first. */
function owned(...names: string[]): string {
  for (const name of names) {
    mkdirSync(at(name))
    if (as.uid !== undefined) chownSync(at(name), as.uid, as.gid)
  }
  return at(names[0] ?? '')
}

/** Two machines on this one, by their addresses, and a third that nobody knows. */
const [DATABASE, VAULT, STRANGER] = ['127.0.0.2', '127.0.0.3', '127.0.0.9']

/** A folder `tls-<name>` for each, signed by one authority for its host. */
function makeCertificates(hosts: Record<string, string>): void {
  const openssl = (...args: string[]) => execFileSync('openssl', args, { stdio: 'ignore' })
  const key = ['-newkey', 'rsa:2048', '-nodes', '-days', '2']
  const [caKey, caCert] = [at('ca.key'), at('ca.crt')]
  openssl('req', '-x509', ...key, '-keyout', caKey, '-out', caCert, '-subj', '/CN=drill')
  for (const [name, host] of Object.entries(hosts)) {
    const dir = owned(`tls-${name}`)
    const file = (kind: string) => path.join(dir, kind)
    openssl('req', ...key, '-keyout', file('own.key'), '-out', file('csr'), '-subj', `/CN=${host}`)
    const by = ['-CA', caCert, '-CAkey', caKey, '-CAcreateserial', '-days', '2']
    openssl('x509', '-req', '-in', file('csr'), ...by, '-out', file('own.crt'))
    copyFileSync(caCert, file('ca.crt'))
    chmodSync(file('own.key'), 0o600)
    for (const kind of ['own.key', 'own.crt', 'ca.crt'])
      if (as.uid !== undefined) chownSync(file(kind), as.uid, as.gid)
  }
}

/** pgBackRest's own server of one machine, as its unit starts it. */
function serveRepository(config: string): void {
  const args = [`--config=${config}`, 'server']
  const child = spawn('pgbackrest', args, { ...as, cwd: '/', stdio: 'ignore' })
  const gone = new Promise((resolve) => child.once('close', resolve))
  const server = { pid: child.pid ?? 0, gone }
  servers.add(server)
  gone.then(() => servers.delete(server))
}

function answers(host: string, port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, host)
    socket.once('connect', () => resolve(true)).once('error', () => resolve(false))
    socket.once('connect', () => socket.destroy())
  })
}

let db: Db
let live: Awaited<ReturnType<typeof serve>>

beforeAll(async () => {
  expect(bin).not.toBe('') // deploy/start/test.ts installs it
  settings.port = await anyFreePort()
  owned('repo', 'lock', 'log')
  if (as.uid !== undefined) chownSync(folder, as.uid, as.gid)
  const options = ['-D', settings.dataDir, '-A', 'trust', '-U', 'postgres', '-E', 'UTF8', '-N']
  execFileSync(path.join(bin, 'initdb'), [...options, '--locale=C.UTF-8'], {
    ...as,
    cwd: '/',
    stdio: 'ignore',
  })
  // As ALTER SYSTEM writes them: they are in every copy that is restored.
  const lines = Object.entries(archiveSettings(settings)).map(([k, v]) => `${k} = '${v}'\n`)
  appendFileSync(path.join(settings.dataDir, 'postgresql.auto.conf'), lines.join(''))
  live = await serve(settings.dataDir, settings.port)
  await migrate(live.url)
  db = openPool(live.url, { name: 'shop', report: () => {} })
  await seedWorld(db.db)
  writeFileSync(settings.config, renderConfig({ ...settings, socketDir: folder }))
})

/** What the cluster sends its log with; `settings` of another repository from now on. */
async function archiveTo(one: ClusterSettings): Promise<void> {
  const { archive_command } = archiveSettings(one)
  await db.pool.query(`alter system set archive_command = '${archive_command}'`)
  await db.pool.query('select pg_reload_conf()')
}

/** The log so far is in the repository. */
async function sendLog(): Promise<void> {
  const { rows } = await db.pool.query<{ file: string }>(
    'select pg_walfile_name(pg_current_wal_lsn()) as file',
  )
  await db.pool.query('select pg_switch_wal()')
  await until('the segment in the repository', async () => {
    const told = await db.pool.query('select last_archived_wal as last from pg_stat_archiver')
    return (told.rows[0].last ?? '') >= (rows[0]?.file ?? '')
  })
}

const mute = () => {}

test('to a time between two changes: the first is there, and who erased themselves since is not', async () => {
  const said: string[] = []
  await backUpCluster(settings, ['--set-up'], (sentence) => said.push(sentence))
  expect(said.join()).toContain('归档已验证')
  await backUpCluster(settings, ['--full'], mute)
  const first = await sell(db, 3)
  const [gone, stays] = await newUsers(db.db, 2)
  // pgBackRest knows its backups' ends by the second.
  const backedUpBy = Date.now() + 1_000
  await until('the next second', async () => Date.now() > backedUpBy)
  const { rows } = await db.pool.query('select clock_timestamp() as now')
  const second = await sell(db, 2)
  const erased = [{ id: gone ?? '', erased_at: new Date() }]
  expect(await eraseAgain(db.db, erased)).toBe(1)
  await sendLog()

  const into = at('between')
  const again = await restoreCluster(settings, { to: rows[0].now, into }, mute)
  expect(again).toEqual({ known: 1, again: 1, whole: true })
  // Recovered for a look and for erasing, neither copy sent anything into the living one's repository.
  const sent = readdirSync(at('repo'), { recursive: true }).map(String)
  expect(sent.filter((name) => path.basename(name).startsWith('00000002'))).toEqual([])
  expect(sent.filter((name) => path.basename(name).startsWith('00000001'))).not.toEqual([])
  const restored = await serve(into, await anyFreePort(), { archive_mode: 'off' })
  expect(await soldIn(restored.url, first.slot)).toEqual({ orders: first.orders.sort(), taken: 3 })
  expect(await soldIn(restored.url, second.slot)).toEqual({ orders: [], taken: -1 })
  const there = openPool(restored.url, { name: 'look' })
  const users = await there.db
    .selectFrom('users')
    .select(['id', 'erased_at'])
    .where('id', 'in', [gone ?? '', stays ?? ''])
    .execute()
  await there.close()
  const states = Object.fromEntries(users.map(({ id, erased_at }) => [id, erased_at !== null]))
  expect(states).toEqual({ [gone ?? '']: true, [stays ?? '']: false })
  expect(readdirSync(folder).filter((name) => name.includes('latest'))).toEqual([])
})

test('a time after the log’s end is refused, and nothing is left', async () => {
  const asked = restoreCluster(settings, { to: new Date(), into: at('beyond') }, mute)
  await expect(asked).rejects.toThrow('recovery ended before configured recovery target')
  expect(existsSync(at('beyond')) && readdirSync(at('beyond'))).toEqual([])
  await expect(
    restoreCluster(settings, { to: new Date(Date.now() + 3_600_000), into: at('beyond') }, mute),
  ).rejects.toThrow('in the future')
})

describe('with a repository machine, over TLS', () => {
  let here: ClusterSettings
  let there: ClusterSettings

  beforeAll(async () => {
    const [ours, theirs] = [await anyFreePort(), await anyFreePort()]
    makeCertificates({ database: DATABASE, vault: VAULT, stranger: STRANGER })
    const tls = (name: string, address: string, port: number) => ({
      folder: at(`tls-${name}`),
      address,
      port,
    })
    here = {
      ...settings,
      config: at('database.conf'),
      repo: `tls://${VAULT}:${theirs}${at('vault/repo')}`,
      otherConfig: at('vault.conf'),
      tls: tls('database', DATABASE, ours),
      workDir: owned('database', 'database/lock', 'database/log'),
    }
    there = {
      ...settings,
      config: at('vault.conf'),
      repo: at('vault/repo'),
      database: `tls://${DATABASE}:${ours}`,
      otherConfig: at('database.conf'),
      tls: tls('vault', VAULT, theirs),
      workDir: owned('vault', 'vault/lock', 'vault/log', 'vault/repo'),
    }
    const said: string[] = []
    await backUpCluster(here, ['--set-up'], (sentence) => said.push(sentence))
    expect(said.join()).toContain(`接下来在备份机 ${VAULT} 上执行`)
    await archiveTo(here)
    writeFileSync(there.config, renderConfig(there))
    for (const { config } of [here, there]) serveRepository(config)
    await until('both ends', async () => (await answers(DATABASE, ours)) && answers(VAULT, theirs))
    await backUpCluster(there, ['--set-up'], (sentence) => said.push(sentence))
    expect(said.join()).toContain('归档已验证')
  })

  test('a backup is made by the repository’s machine; asked for here, it says so', async () => {
    await expect(backUpCluster(here, [], mute)).rejects.toThrow(`run npm run backup on ${VAULT}`)
  })

  test('whoever has another certificate gets nothing', async () => {
    const tls = { ...(here.tls as Tls), folder: at('tls-stranger') }
    const stranger = { ...here, config: at('stranger.conf'), tls }
    writeFileSync(stranger.config, renderConfig(stranger))
    const asked = restoreCluster(stranger, { to: undefined, into: at('stolen') }, mute)
    await expect(asked).rejects.toThrow('pgBackRest restore 未完成')
    expect(existsSync(at('stolen'))).toBe(false)
  })

  test('backed up under load, killed, its folder lost: every acknowledged order is there', async () => {
    // The log's end is kept by our receiver: pgBackRest gets whole segments only.
    const tail = await startArchive(live.url, at('tail'), { BACKUP_BASES: 'off', DATA_DIR: folder })
    const first = await sell(db, 20)
    const selling = sellInto(db, first, MANY)
    selling.catch(() => {})
    await backUpCluster(there, ['--full'], mute)
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
      await restoreCluster({ ...here, tailDir }, { to: undefined, into }, mute)
      expect(statSync(into).uid).toBe(as.uid ?? process.getuid?.())
      const restored = await serve(into, await anyFreePort(), { archive_mode: 'off' })
      return soldIn(restored.url, first.slot)
    }
    const found = await look('elsewhere', at('tail'))
    expect(found.orders).toEqual(expect.arrayContaining(promised))
    expect(found.taken).toBe(found.orders.length)
    // Control: what pgBackRest alone had got by then is not all.
    const without = await look('without')
    expect(promised.filter((id) => !without.orders.includes(id))).not.toEqual([])
  })
})

test('a folder that holds something is refused and left alone', async () => {
  mkdirSync(at('occupied'))
  writeFileSync(at('occupied/precious'), 'kept')
  const asked = restoreCluster(settings, { to: undefined, into: at('occupied') }, mute)
  await expect(asked).rejects.toThrow('it was not touched')
  expect(statSync(at('occupied/precious')).size).toBe(4)
})
