/**
 * The second place is full (T2): a file system of its own, of a few dozen megabytes. Trade goes on, the
 * product says what is wrong wherever somebody may look, nothing acknowledged is lost, and with room
 * again the archive catches up by itself.
 */
import { execFileSync } from 'node:child_process'
import { mkdirSync, rmSync, statfsSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { restore } from '../../deploy/backup/restore.ts'
import { readArchives } from '../../server/report/archive.ts'
import { until } from '../world.ts'
import {
  type Archive,
  endAll,
  lookInto,
  newFolder,
  openShop,
  removeFolder,
  type Shop,
  sell,
  soldIn,
  startArchive,
} from './setting.ts'

jest.setTimeout(300_000) // whole databases, also on a busy machine

/** Holds a base backup and some segments of 16 MB, and is full soon. */
const MEGABYTES = 96

const folder = newFolder()
const disk = path.join(folder, 'disk')
const filler = path.join(disk, 'filler')
let shop: Shop
let archive: Archive

beforeAll(async () => {
  mkdirSync(disk)
  execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${MEGABYTES}m`, 'jiyue-full-disk', disk])
  shop = await openShop(path.join(folder, 'data'))
  archive = await startArchive(shop.url, path.join(disk, 'backup'), {
    DATA_DIR: path.join(folder, 'data'),
  })
  await archive.says('基础备份完成')
})
afterAll(async () => {
  await endAll()
  execFileSync('umount', [disk])
  removeFolder(folder)
})

const told = async () => (await readArchives({ db: shop.db.db }))[0]
const becomes = (state: string) =>
  until(`archive ${state}`, async () => (await told())?.state === state)
/** Ends the present segment of the log: the next one wants 16 MB of the full disk. */
const nextSegment = () => shop.db.pool.query('select pg_switch_wal()')

test('full: trade goes on and the reason is told; with room again it catches up, and all of it is there', async () => {
  await becomes('following')
  const before = await sell(shop.db, 5)
  const { bavail, bsize } = statfsSync(disk)
  writeFileSync(filler, Buffer.alloc(bavail * bsize - 2 ** 20))

  await nextSegment()
  const meanwhile = await sell(shop.db, 5)
  expect(meanwhile.orders).toHaveLength(5)
  await archive.says('备份磁盘已满')
  await archive.says('提交暂不等待归档')
  await until('the reason', async () => (await told())?.reason?.startsWith('备份磁盘已满') ?? false)
  expect(await told()).toMatchObject({ state: 'away', reason: expect.stringContaining(disk) })
  const later = await sell(shop.db, 5)

  rmSync(filler)
  await archive.says('归档已恢复')
  await becomes('following')
  const after = await sell(shop.db, 5)
  await shop.kill()
  archive.child.kill('SIGKILL')
  removeFolder(path.join(folder, 'data'))

  const into = path.join(folder, 'restored')
  const { whole } = await restore({ dir: path.join(disk, 'backup'), into, say: () => {} })
  expect(whole).toBe(true)
  await lookInto(into, async (url) => {
    for (const { slot, orders } of [before, meanwhile, later, after])
      expect(await soldIn(url, slot)).toEqual({ orders: orders.sort(), taken: 5 })
  })
})
