/** The drill of the built-in database (T2): what was acknowledged is there after its disk is gone. */
import { existsSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { takeBase } from '../../deploy/backup/base.ts'
import { restoreErased } from '../../deploy/backup/erased.ts'
import { lsnOf, segmentOf } from '../../deploy/backup/lsn.ts'
import { restore } from '../../deploy/backup/restore.ts'
import { writtenBytes } from '../../deploy/backup/segments.ts'
import { findVaults, listBases, listSegments } from '../../deploy/backup/vault.ts'
import { openPool } from '../../server/db/pool.ts'
import { eraseAgain } from '../../server/privacy/erase.ts'
import { newUsers } from '../races/setting.ts'
import { until } from '../world.ts'
import {
  type Archive,
  endAll,
  lookInto,
  MANY,
  newFolder,
  openShop,
  removeFolder,
  type Shop,
  type Sold,
  sell,
  sellInto,
  soldIn,
  startArchive,
} from './setting.ts'

jest.setTimeout(300_000) // it starts whole databases, also on a busy machine

let folder: string
let dataDir: string
let backupDir: string
let shop: Shop
let archive: Archive

beforeAll(async () => {
  folder = newFolder()
  dataDir = path.join(folder, 'data')
  backupDir = path.join(folder, 'backup')
  shop = await openShop(dataDir)
  archive = await startArchive(shop.url, backupDir, { DATA_DIR: dataDir })
  await archive.says('基础备份完成')
})
afterAll(async () => {
  await endAll()
  removeFolder(folder)
})

const restoreInto = (name: string, to?: Date) =>
  restore({ dir: backupDir, into: path.join(folder, name), to, say: () => {} })

const lookAt = (name: string, slot: string) =>
  lookInto(path.join(folder, name), (url) => soldIn(url, slot))

/** What the shop's own clock says now, and not a change later. */
async function instant(): Promise<Date> {
  const { rows } = await shop.db.pool.query('select clock_timestamp() as now')
  return rows[0].now
}

test('to a time between two changes: the first is there, and who erased themselves since is not', async () => {
  const [gone, stays] = (await newUsers(shop.db.db, 2)) as [string, string]
  const first = await sell(shop.db, 3)
  const to = await instant()
  const second = await sell(shop.db, 2)
  await eraseAgain(shop.db.db, [{ id: gone, erased_at: new Date() }])
  const seen = (name: string) =>
    lookInto(path.join(folder, name), async (url) => {
      expect(await soldIn(url, first.slot)).toEqual({ orders: first.orders.sort(), taken: 3 })
      expect(await soldIn(url, second.slot)).toEqual({ orders: [], taken: -1 })
      const { db, close } = openPool(url, { name: 'look' })
      const users = db.selectFrom('users').select(['id', 'erased_at'])
      const rows = await users.where('id', 'in', [gone, stays]).execute()
      await close()
      return rows.filter(({ erased_at }) => erased_at).map(({ id }) => id)
    })
  const into = path.join(folder, 'between')
  const restored = await restoreErased({ dir: backupDir, into, to, say: () => {} })
  expect(restored.erased).toEqual({ known: 1, again: 1, whole: true })
  expect(await seen('between')).toEqual([gone])
  expect(readdirSync(folder).filter((name) => name.includes('latest'))).toEqual([])
  // Control: PostgreSQL's recovery alone brings them back.
  await restoreInto('bare', to)
  expect(await seen('bare')).toEqual([])
})

test('a look at all of it while trade goes on is whole: what came after it began is no hole in it', async () => {
  const sold = await sell(shop.db, 3)
  const before = [...sold.orders].sort()
  let isOn = true
  const trade = async () => {
    while (isOn) await sell(shop.db, 4)
  }
  const trading = trade()
  try {
    expect((await restoreInto('living')).whole).toBe(true)
  } finally {
    isOn = false
    await trading
  }
  expect(await lookAt('living', sold.slot)).toEqual({ orders: before, taken: 3 })
})

test('a second place that goes away is told and does not stop trade; it catches up when it is back', async () => {
  const { root } = vaultHere()
  renameSync(root, `${root}.away`)
  writeFileSync(root, '')
  await shop.db.pool.query('select pg_switch_wal()')
  const meanwhile = await sell(shop.db, 2)
  expect(meanwhile.orders).toHaveLength(2)
  await archive.says('备份位置没有响应')
  rmSync(root)
  renameSync(`${root}.away`, root)
  await archive.says('归档已恢复')
  await until('commits that wait again', async () => {
    const { rows } = await shop.db.pool.query(
      "select 1 from pg_stat_replication where application_name = 'jiyue_archive' and sync_state = 'sync'",
    )
    return rows.length > 0
  })
})

test('a copy started for a look writes nothing into the living one’s archive', async () => {
  await restoreInto('copy')
  await lookInto(path.join(folder, 'copy'), async (url) => {
    const copied = await startArchive(url, backupDir, { DATA_DIR: path.join(folder, 'copy') })
    await copied.says('正由另一个运行中的数据库归档')
    await expect(takeBase(url, backupDir)).rejects.toThrow('another living database')
    await copied.stop()
  })
  expect(listSegments(vaultHere()).map(({ timeline }) => timeline)).not.toContain(2)
})

describe('killed under load, and its disk lost', () => {
  let sold: Sold
  let promised: string[]
  /** After the last base backup, before the log's last bytes. */
  let sureAt: Date

  beforeAll(async () => {
    sold = await sell(shop.db, 60)
    // A base backup in the middle of the load; the load goes on over the end of everything.
    const selling = sellInto(shop.db, sold, MANY)
    selling.catch(() => {}) // the database dies under it
    await takeBase(shop.url, backupDir)
    sureAt = await instant()
    // The log's last file has nothing from before this instant, however much was sold until now.
    await shop.db.pool.query('select pg_switch_wal()')
    const seen = sold.orders.length
    await until('orders after the base', async () => sold.orders.length > seen + 60)
    promised = [...sold.orders].sort()
    await shop.kill()
    archive.child.kill('SIGKILL')
    await selling.catch(() => {})
    removeFolder(dataDir)
  })

  test('every acknowledged order is there, and the seats agree', async () => {
    const restored = await restoreInto('elsewhere')
    const found = await lookAt('elsewhere', sold.slot)
    expect(promised.length).toBeGreaterThan(120)
    expect(found.orders).toEqual(expect.arrayContaining(promised))
    expect(found.taken).toBe(found.orders.length)
    expect(Date.parse(restored.lastChangeAt ?? '')).toBeGreaterThan(0)
  })

  test('control: from the base alone, as a nightly copy would be, orders are missing', async () => {
    await without(lastSegment(), async () => {
      await restoreInto('nightly')
      const found = await lookAt('nightly', sold.slot)
      expect(promised.filter((id) => !found.orders.includes(id))).not.toEqual([])
    })
  })

  test('a time after the last change is refused with that change’s time', async () => {
    await expect(restoreInto('beyond', new Date(Date.now() - 1))).rejects.toThrow(
      /The archive ends before .* \(last change: 20.*Leave --to out/,
    )
    expect(existsSync(path.join(folder, 'beyond', 'postgres'))).toBe(false)
  })

  test('a hole in the log is refused, and the target is left as it was', async () => {
    const [first] = segmentsSince()
    await without(first ?? '', async () => {
      await expect(restoreInto('holed')).rejects.toThrow(
        /The archive has a hole: 0{7}1[0-9A-F]{16}/,
      )
    })
    expect(existsSync(path.join(folder, 'holed', 'postgres'))).toBe(false)
  })

  test('a broken byte in the log is refused, never restored up to there in silence', async () => {
    await broken(lastSegment(), async () => {
      await expect(restoreInto('torn')).rejects.toThrow('The archived log is broken')
      // A restore to what lies before it goes on; that some may be back then is said.
      const into = path.join(folder, 'unsure')
      const unsure = await restoreErased({ dir: backupDir, into, to: sureAt, say: () => {} })
      expect(unsure.erased).toMatchObject({ whole: false })
    })
  })

  test('a broken base backup is refused', async () => {
    const base = listBases(vaultHere()).at(-1)?.folder ?? ''
    await broken(path.join(base, 'base.tar.gz'), async () => {
      await expect(restoreInto('torn')).rejects.toThrow(/The base backup .* is broken/)
    })
  })

  test('a database that lies in the target is not touched; told to, it is put aside', async () => {
    const into = path.join(folder, 'elsewhere')
    await expect(restoreInto('elsewhere')).rejects.toThrow('it was not touched')
    expect((await lookAt('elsewhere', sold.slot)).orders).toEqual(expect.arrayContaining(promised))
    await restore({ dir: backupDir, into, over: true, say: () => {} })
    expect((await lookAt('elsewhere', sold.slot)).orders).toEqual(expect.arrayContaining(promised))
    expect(readdirSync(into).filter((name) => name.startsWith('postgres.before-'))).toHaveLength(1)
  })
})

function vaultHere() {
  const [vault] = findVaults(backupDir)
  if (!vault) throw new Error('no vault')
  return vault
}

/** The log from the newest base backup on, as files. */
function segmentsSince(): string[] {
  const vault = vaultHere()
  const from = segmentOf(lsnOf(listBases(vault).at(-1)?.startLsn ?? ''), vault.segmentBytes)
  return listSegments(vault)
    .filter(({ number }) => number >= from)
    .map(({ file }) => path.join(vault.wal, file))
}

const lastSegment = () => segmentsSince().at(-1) ?? ''

/** Does `work` while a file is away. */
async function without(file: string, work: () => Promise<void>): Promise<void> {
  renameSync(file, path.join(folder, 'away'))
  await work().finally(() => renameSync(path.join(folder, 'away'), file))
}

/** Does `work` while a byte in the middle of what is written in a file is another. */
async function broken(file: string, work: () => Promise<void>): Promise<void> {
  const whole = readFileSync(file)
  const torn = Buffer.from(whole)
  const at = Math.floor(writtenBytes(file) / 2)
  torn.writeUInt8((torn.readUInt8(at) + 1) % 256, at)
  writeFileSync(file, torn)
  await work().finally(() => writeFileSync(file, whole))
}
