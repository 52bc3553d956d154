/** The archive beside `npm start`'s database: it is there from the first start, and comes back. */
import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import path from 'node:path'
import pg from 'pg'
import { findVaults, listBases } from '../../deploy/backup/vault.ts'
import { startBackup } from '../../deploy/start/backup.ts'
import { type Closing, makeClosing } from '../../deploy/start/closing.ts'
import { prepareDatabase } from '../../deploy/start/database.ts'
import { type Options, readOptions } from '../../deploy/start/options.ts'
import { newFolder, removeFolder } from './setting.ts'

jest.setTimeout(300_000) // also on a busy machine

const folder = newFolder()
const backupDir = path.join(folder, 'backup')
let options: Options
let closing: Closing
let client: pg.Client

beforeAll(async () => {
  process.env.BACKUP_DIR = backupDir
  options = readOptions({ DATA_DIR: path.join(folder, 'data') })
  closing = makeClosing(() => {})
  const url = await prepareDatabase(options, closing)
  await startBackup(options, url, closing)
  client = new pg.Client({ connectionString: url })
  await client.connect()
})
afterAll(async () => {
  delete process.env.BACKUP_DIR
  await client.end()
  await closing.closeAll()
  removeFolder(folder)
})

/** The archive's line to the server, while commits wait for it. */
async function waitedFor(): Promise<number> {
  for (const end = Date.now() + 60_000; Date.now() < end; ) {
    const { rows } = await client.query(
      "select pid from pg_stat_replication where application_name = 'jiyue_archive' and sync_state = 'sync'",
    )
    if (rows[0]) return rows[0].pid
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
  throw new Error(readFileSync(path.join(options.dataDir, 'logs', 'backup.log'), 'utf8'))
}

test('commits wait for it, and the first base backup is taken', async () => {
  await waitedFor()
  await client.query('create table kept as select 42 as answer')
  while (!findVaults(backupDir).some((vault) => listBases(vault).length > 0))
    await new Promise((resolve) => setTimeout(resolve, 50))
})

test('killed, it is started again; a commit of that moment is done all the same', async () => {
  const before = await waitedFor()
  const children = readFileSync(`/proc/${process.pid}/task/${process.pid}/children`, 'utf8')
  const archive = children
    .trim()
    .split(' ')
    .find((pid) => readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes('backup/archive.ts'))
  process.kill(Number(archive), 'SIGKILL')
  await client.query('insert into kept values (43)')
  expect(await waitedFor()).not.toBe(before)
})

test('npm run backup takes one more, and npm run restore makes a folder of it all', async () => {
  const env = { ...process.env, DATA_DIR: options.dataDir, BACKUP_DIR: backupDir, DATABASE_URL: '' }
  const run = (...args: string[]) => execFileSync(process.execPath, args, { env, encoding: 'utf8' })
  expect(run('deploy/backup/backup.ts')).toContain('✓ 基础备份完成')
  const into = path.join(folder, 'new')
  expect(run('deploy/backup/restoreMain.ts', '--into', into)).toContain(
    `DATA_DIR=${into} npm start`,
  )
  expect(() => run('deploy/backup/restoreMain.ts', '--over')).toThrow('正被另一个进程使用')
  expect((await client.query('select count(*)::int as n from kept')).rows).toEqual([{ n: 2 }])
})
