/** What backup and restore decide and refuse, without a database (T2). */
import { existsSync, mkdirSync, readFileSync, utimesSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { claimVault, demandClaimable, releaseVault } from '../../deploy/backup/claim.ts'
import { keepKeys } from '../../deploy/backup/keys.ts'
import { lsnOf, lsnText, readSegmentName, segmentName, segmentOf } from '../../deploy/backup/lsn.ts'
import { readRestoreArgs, readTime } from '../../deploy/backup/options.ts'
import { renderConfig } from '../../deploy/backup/pgbackrest/config.ts'
import { readClusterSettings } from '../../deploy/backup/pgbackrest/settings.ts'
import { restore } from '../../deploy/backup/restore.ts'
import { surplusBases, surplusSegments } from '../../deploy/backup/retention.ts'
import { missingSegment, openWriter, whereToStart } from '../../deploy/backup/segments.ts'
import { type Base, openVault, type Vault } from '../../deploy/backup/vault.ts'
import { newFolder, removeFolder } from './setting.ts'

const BYTES = 16 * 2 ** 20
let folder: string
let vault: Vault
beforeEach(() => {
  folder = newFolder()
  vault = openVault(path.join(folder, 'backup'), '7', { segmentBytes: BYTES, major: '18' })
})
afterEach(() => removeFolder(folder))

describe('the log', () => {
  test('places and files are counted as PostgreSQL does', () => {
    expect(lsnText(lsnOf('16/B374D848'))).toBe('16/B374D848')
    const number = segmentOf(lsnOf('16/B374D848'), BYTES)
    expect(segmentName(3, number, BYTES)).toBe('0000000300000016000000B3')
    const file = '0000000300000016000000B3.partial'
    expect(readSegmentName(file, BYTES)).toEqual({ timeline: 3, number, partial: true, file })
    expect(readSegmentName('00000002.history', BYTES)).toBeUndefined()
  })

  test('a segment shows under its name when it is whole; received again it has to be the same', () => {
    const at = lsnOf('0/1000000')
    const write = (lsn: bigint, data: Buffer) => {
      const writer = openWriter(vault, 1)
      try {
        writer.write(lsn, data)
        return writer.sync()
      } finally {
        writer.close()
      }
    }
    expect(write(at, Buffer.from('one two'))).toBe(at + 7n)
    expect(whereToStart(vault, 1, at + 7n)).toEqual({ lsn: at, joined: true, knownEnd: at + 7n })
    expect(write(at, Buffer.from('one two three'))).toBe(at + 13n)
    expect(() => write(at, Buffer.from('one too'))).toThrow('nothing was overwritten')

    // Over the end of the segment: it is finished, and the next one lives.
    write(at + 13n, Buffer.alloc(BYTES, 1))
    const file = path.join(vault.wal, '000000010000000000000001')
    expect(readFileSync(file).subarray(0, 14).toString()).toBe('one two three\u0001')
    expect(whereToStart(vault, 1, at).lsn).toBe(lsnOf('0/2000000'))
    expect(() => write(at, Buffer.from('one two'))).toThrow('another history')
  })

  test('a hole is found wherever it is', () => {
    const segments = [1n, 2n, 4n].map((number) => ({
      timeline: 1,
      number,
      partial: false,
      file: '',
    }))
    expect(missingSegment(segments, 1n)).toBe(3n)
    expect(missingSegment(segments, 4n)).toBeUndefined()
    expect(missingSegment(segments, 0n)).toBe(0n)
    expect(missingSegment([], 5n)).toBe(5n)
  })
})

describe('a restored copy', () => {
  const age = (seconds: number) => {
    const then = new Date(Date.now() - seconds * 1000)
    utimesSync(path.join(vault.root, 'owner.json'), then, then)
  }

  test('does not write beside the living one; it goes on when that one has been gone for a minute', () => {
    claimVault(vault, 1).renew()
    claimVault(vault, 1) // started again after a kill
    age(50)
    expect(() => claimVault(vault, 2)).toThrow('is being written by another living database')
    claimVault(vault, 1).renew()
    age(61)
    claimVault(vault, 2)
    expect(() => demandClaimable(vault, 1)).toThrow('is being written by another')
  })

  test('goes on at once when the living one ended in order', () => {
    claimVault(vault, 1)
    releaseVault(vault)
    claimVault(vault, 2)
  })

  test('once continued, the older one writes nothing any more, however long it waits', () => {
    claimVault(vault, 2)
    writeFileSync(path.join(vault.wal, '000000020000000000000005.partial'), 'x')
    age(3600)
    expect(() => claimVault(vault, 1)).toThrow('is continued by a restored database (timeline 2)')
    claimVault(vault, 3)
  })
})

test('what is kept reaches back over all the days promised', () => {
  const now = new Date('2026-12-10T00:00:00Z')
  const base = (day: number, startLsn: string) =>
    ({ name: `${day}`, endedAt: `2026-12-0${day}T12:00:00.000Z`, startLsn }) as Base
  const bases = [base(1, '0/1000028'), base(2, '0/3000028'), base(3, '0/5000028')]
  expect(surplusBases(bases, 7, now).map(({ name }) => name)).toEqual(['1'])
  expect(surplusBases(bases, 1, now).map(({ name }) => name)).toEqual(['1', '2'])
  expect(surplusBases(bases.slice(0, 1), 1, now)).toEqual([])
  const segments = [1n, 2n, 3n].map((number) => ({ timeline: 1, number, partial: false, file: '' }))
  expect(surplusSegments(segments, bases.slice(1), BYTES).map(({ number }) => number)).toEqual([
    1n,
    2n,
  ])
  expect(surplusSegments(segments, [], BYTES)).toEqual([])
})

test('another key is never written over the one that opens the data', () => {
  const dataDir = path.join(folder, 'data')
  mkdirSync(dataDir)
  writeFileSync(path.join(dataDir, 'seal.key'), 'one')
  keepKeys(vault, dataDir)
  writeFileSync(path.join(dataDir, 'seal.key'), 'two')
  expect(() => keepKeys(vault, dataDir)).toThrow('it was not overwritten')
  expect(readFileSync(path.join(vault.keys, 'seal.key'), 'utf8')).toBe('one')
})

describe('a time', () => {
  test('without a zone is meant on the merchant’s clock', () => {
    for (const text of ['2026-12-01T09:30:00+08:00', '2026-12-01 09:30', '2026-12-01T01:30:00Z'])
      expect(readTime(text).toISOString()).toBe('2026-12-01T01:30:00.000Z')
    expect(readTime('2026-12-01').toISOString()).toBe('2026-11-30T16:00:00.000Z')
  })

  test.each(['yesterday', '2026-13-01T00:00', '09:30', ''])('“%s” is refused', (text) => {
    expect(() => readTime(text)).toThrow('is not a time')
  })

  test('an unknown word is answered with the usage', () => {
    expect(() => readRestoreArgs(['--force'])).toThrow('Usage: npm run restore')
  })
})

describe('a restore is refused', () => {
  const say = () => {}
  test('to a time that has not come', async () => {
    const to = new Date(Date.now() + 3_600_000)
    await expect(restore({ dir: vault.root, into: folder, to, say })).rejects.toThrow(
      'in the future',
    )
  })

  test('without a backup, and makes nothing', async () => {
    const into = path.join(folder, 'new')
    await expect(restore({ dir: folder, into, say })).rejects.toThrow('There is no base backup')
    expect(existsSync(into)).toBe(false)
  })
})

test('a second place that cannot be one is told with the way out', () => {
  writeFileSync(path.join(folder, 'file'), '')
  const open = () => openVault(path.join(folder, 'file'), '7', { segmentBytes: BYTES, major: '18' })
  expect(open).toThrow('choose another with BACKUP_DIR=…')
})

describe('pgBackRest is told', () => {
  const env = { PGBACKREST_CONFIG: '/etc/x.conf', PGDATA: '/data/pg' }
  test.each([
    ['/mnt/backup', 'repo1-path=/mnt/backup\n'],
    [
      'vault.example.com:/mnt/backup',
      'repo1-host=vault.example.com\nrepo1-host-config=/etc/x.conf\nrepo1-path=/mnt/backup\n',
    ],
    ['s3://bucket/jiyue', 'repo1-type=s3\nrepo1-path=/jiyue\nrepo1-s3-bucket=bucket\n'],
  ])('of the second place %s', (BACKUP_REPO, lines) => {
    const s3 = { BACKUP_S3_ENDPOINT: 'oss.example.com', BACKUP_S3_REGION: 'cn' }
    const settings = readClusterSettings({ ...env, BACKUP_REPO, ...s3 })
    expect(settings && renderConfig(settings)).toContain(lines)
  })

  test('of a second machine over TLS, each end of the other and of nobody else', () => {
    const tls = { BACKUP_TLS: '/etc/tls', BACKUP_TLS_ADDRESS: '10.0.0.1' }
    const render = (more: Record<string, string>) => {
      const settings = readClusterSettings({ ...env, ...tls, ...more })
      return settings ? renderConfig(settings).split('\n') : []
    }
    expect(render({ BACKUP_REPO: 'tls://vault.example.com:8432/mnt' })).toEqual(
      expect.arrayContaining([
        'repo1-host=vault.example.com',
        'repo1-host-type=tls',
        'repo1-host-cert-file=/etc/tls/own.crt',
        'tls-server-address=10.0.0.1',
        'tls-server-auth=vault.example.com=jiyue',
      ]),
    )
    const vault = { BACKUP_REPO: '/mnt/backup', BACKUP_DATABASE: 'tls://db.example.com:8433' }
    expect(render(vault)).toEqual(
      expect.arrayContaining([
        'repo1-path=/mnt/backup',
        'tls-server-auth=db.example.com=jiyue',
        'pg1-host=db.example.com',
        'pg1-host-port=8433',
      ]),
    )
    expect(() => readClusterSettings({ ...env, BACKUP_REPO: 'tls://a:1/b' })).toThrow('BACKUP_TLS')
  })

  test('nothing while the embedded database is meant, and an object store needs its address', () => {
    expect(readClusterSettings({})).toBeUndefined()
    expect(() => readClusterSettings({ ...env, BACKUP_REPO: 's3://b' })).toThrow(
      'BACKUP_S3_ENDPOINT',
    )
  })
})
