import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { createServer, type Server } from 'node:net'
import os from 'node:os'
import path from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { pathToFileURL } from 'node:url'
import pg from 'pg'
import { chooseAccount } from '../../server/db/embedded/account.ts'
import { isAlive, runningPostmaster } from '../../server/db/embedded/postmaster.ts'
import { findPrograms, MAJOR } from '../../server/db/embedded/programs.ts'
import { run } from '../../server/db/embedded/run.ts'
import { type Postgres, type StartOptions, startPostgres } from '../../server/db/embedded.ts'

const isRoot = process.getuid?.() === 0
const running: Postgres[] = []
const children: ChildProcess[] = []
let parent: string
let dir: string

beforeEach(() => {
  parent = mkdtempSync(path.join(os.tmpdir(), 'jiyue-embedded-'))
  chmodSync(parent, 0o755)
  dir = path.join(parent, 'postgres')
})

afterEach(async () => {
  for (const child of children.splice(0)) child.kill('SIGKILL')
  await Promise.all(running.splice(0).map((server) => server.stop()))
  const orphan = existsSync(dir) && runningPostmaster(path.join(realpathSync(dir), 'cluster'))
  if (orphan) process.kill(orphan.pid, 'SIGQUIT')
  await until(() => !orphan || !lives(orphan.pid))
  rmSync(parent, { recursive: true, force: true })
})

const start = async (options: Partial<StartOptions> = {}) => {
  const server = await startPostgres({ dir, ...options })
  running.push(server)
  return server
}

const ask = async (url: string, sql: string) => {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    return (await client.query(sql)).rows
  } finally {
    await client.end()
  }
}

const until = async (met: () => boolean) => {
  while (!met()) await pause(20)
}

const lives = (pid: number) => isAlive(pid, path.join(realpathSync(dir), 'cluster'))

/** A launcher in a process of its own, so that it can be killed like one. Answers its server's pid. */
const startElsewhere = async () => {
  const module = pathToFileURL(path.resolve('server/db/embedded.ts')).href
  const script = `const { startPostgres } = await import('${module}')
    const { url, pid } = await startPostgres({ dir: ${JSON.stringify(dir)} })
    console.log(JSON.stringify({ url, pid }))
    setInterval(() => {}, 1000)`
  const child = spawn(process.execPath, ['--input-type=module', '-e', script], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  children.push(child)
  const [line] = await once(child.stdout, 'data')
  return { child, ...(JSON.parse(String(line)) as { url: string; pid: number }) }
}

const occupy = async (port: number): Promise<Server> => {
  const server = createServer()
  server.listen(port, '127.0.0.1')
  await once(server, 'listening')
  return server
}

describe('a start', () => {
  test('gives a durable UTF-8 server in UTC that listens on this machine only', async () => {
    const { url } = await start()
    const wanted = {
      fsync: 'on',
      synchronous_commit: 'on',
      full_page_writes: 'on',
      listen_addresses: '127.0.0.1',
      max_connections: '100',
      TimeZone: 'UTC',
      server_encoding: 'UTF8',
    }
    const rows = await ask(
      url,
      `select name, setting from pg_settings where name in ('${Object.keys(wanted).join("','")}')`,
    )
    expect(Object.fromEntries(rows.map((row) => [row.name, row.setting]))).toEqual(wanted)
    expect(await ask(url, `select lower('ÄÖ预约') as low, 'b' < 'a' as later`)).toEqual([
      { low: 'äö预约', later: false },
    ])
    expect((await ask(url, 'show server_version'))[0].server_version.split('.')[0]).toBe(MAJOR)
  })

  test('keeps its password to itself and refuses any other', async () => {
    const { url } = await start()
    expect(statSync(path.join(dir, 'password')).mode & 0o777).toBe(0o600)
    const wrong = new URL(url)
    wrong.password = 'guess'
    await expect(ask(wrong.href, 'select 1')).rejects.toThrow('password authentication failed')
  })

  test('goes on with the same data, address and password the second time', async () => {
    const first = await start()
    await ask(first.url, 'create table kept as select 42 as answer')
    await first.stop()
    const second = await start()
    expect(second.url).toBe(first.url)
    expect(await ask(second.url, 'select answer from kept')).toEqual([{ answer: 42 }])
  })

  test('redoes an initdb that was cut off', async () => {
    mkdirSync(path.join(dir, 'cluster.new', 'base'), { recursive: true })
    writeFileSync(path.join(dir, 'cluster.new', 'PG_VERSION'), '1')
    const { url } = await start()
    expect(await ask(url, 'select 1 as one')).toEqual([{ one: 1 }])
    expect(existsSync(path.join(dir, 'cluster.new'))).toBe(false)
  })
})

const asRoot = isRoot ? describe : describe.skip
asRoot('started by root', () => {
  test('PostgreSQL runs as an ordinary account, and only its own folder is given to it', async () => {
    const { pid } = await start()
    const uid = Number(/^Uid:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1])
    expect(uid).toBe(chooseAccount(path.join(dir, 'nothing')).uid)
    expect(uid).not.toBe(0)
    expect(statSync(path.join(dir, 'cluster')).uid).toBe(uid)
    expect([statSync(parent).uid, statSync(dir).uid]).toEqual([0, 0])
  })

  test('inside a folder that account may not enter, the data is kept elsewhere and linked', async () => {
    chmodSync(parent, 0o700)
    const heard: string[] = []
    const first = await start({ say: (sentence) => heard.push(sentence) })
    await ask(first.url, 'create table kept as select 42 as answer')
    await first.stop()
    expect(lstatSync(dir).isSymbolicLink()).toBe(true)
    expect(heard.join()).toContain(parent)
    const second = await start()
    expect(await ask(second.url, 'select answer from kept')).toEqual([{ answer: 42 }])
    await second.stop()
    rmSync(realpathSync(dir), { recursive: true })
    await expect(start()).rejects.toThrow('is a link whose data folder is gone')
  })
})

describe('after a death', () => {
  test('of the launcher (kill -9), the next start takes over the server that runs on', async () => {
    const before = await startElsewhere()
    await ask(before.url, 'create table kept as select 42 as answer')
    before.child.kill('SIGKILL')
    await once(before.child, 'exit')
    expect(lives(before.pid)).toBe(true)
    const after = await start()
    expect([after.pid, after.url]).toEqual([before.pid, before.url])
    expect(await ask(after.url, 'select answer from kept')).toEqual([{ answer: 42 }])
    await after.stop()
    expect(lives(before.pid)).toBe(false)
  })

  test('of an adopted server or one of our own (kill -9), it comes back at the same address', async () => {
    const before = await startElsewhere()
    before.child.kill('SIGKILL')
    await once(before.child, 'exit')
    const heard: string[] = []
    const server = await start({ say: (sentence) => heard.push(sentence) })
    await ask(server.url, 'create table kept (answer int)')
    for (const answer of [1, 2]) {
      await ask(server.url, `insert into kept values (${answer})`)
      const pid = server.pid
      process.kill(pid, 'SIGKILL')
      await until(() => server.pid !== pid)
    }
    expect(await ask(server.url, 'select answer from kept order by 1')).toEqual([
      { answer: 1 },
      { answer: 2 },
    ])
    expect(heard.filter((sentence) => sentence.includes('意外退出'))).toHaveLength(2)
  })

  test('of both at once, the next start recovers what was committed', async () => {
    const before = await startElsewhere()
    await ask(before.url, 'create table kept as select 42 as answer')
    before.child.kill('SIGKILL')
    process.kill(before.pid, 'SIGKILL')
    await once(before.child, 'exit')
    const after = await start()
    expect(await ask(after.url, 'select answer from kept')).toEqual([{ answer: 42 }])
  })

  test("another program under the dead server's id does not stop the start and is left alone", async () => {
    const first = await start()
    await first.stop()
    const cluster = path.join(realpathSync(dir), 'cluster')
    const { uid, gid, ...rest } = chooseAccount(cluster)
    const bystander = spawn('sleep', ['60'], { stdio: 'ignore', uid, gid })
    children.push(bystander)
    const lines = [bystander.pid, cluster, 1, new URL(first.url).port, '', '127.0.0.1', '', 'ready']
    writeFileSync(path.join(cluster, 'postmaster.pid'), `${lines.join('\n')}\n`)

    const account = { ...rest, uid, gid }
    const programs = findPrograms(account)
    const plain = await run(programs.postgres, ['-D', cluster], programs, account)
    expect(plain.output).toContain('lock file "postmaster.pid" already exists')

    const { url } = await start()
    expect(await ask(url, 'select 1 as one')).toEqual([{ one: 1 }])
    expect(bystander.exitCode ?? bystander.signalCode).toBeNull()
  })
})

describe('a start that cannot go on says why', () => {
  test('of two at once one gets the folder and the other a sentence', async () => {
    const outcomes = await Promise.allSettled([start(), start()])
    expect(outcomes.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected'])
    expect(outcomes.find((outcome) => outcome.status === 'rejected')?.reason.message).toMatch(
      `The data folder ${realpathSync(dir)} is in use by process ${process.pid}`,
    )
  })

  test('the holder of the folder is named across processes', async () => {
    const { child } = await startElsewhere()
    await expect(start()).rejects.toThrow(`in use by process ${child.pid}`)
  })

  test('a folder that cannot be one', async () => {
    writeFileSync(path.join(parent, 'file'), '')
    await expect(start({ dir: path.join(parent, 'file', 'postgres') })).rejects.toThrow(
      'choose another with DATA_DIR=…',
    )
  })

  test('data of another major version, and leaves it as it is', async () => {
    mkdirSync(path.join(dir, 'cluster'), { recursive: true })
    writeFileSync(path.join(dir, 'cluster', 'PG_VERSION'), '17\n')
    await expect(start()).rejects.toThrow(/holds data of PostgreSQL 17 .* Nothing was changed/)
    expect(readFileSync(path.join(dir, 'cluster', 'PG_VERSION'), 'utf8')).toBe('17\n')
  })

  test('a wanted port that is taken; a remembered one is replaced without a word', async () => {
    const first = await start()
    await ask(first.url, 'create table kept as select 42 as answer')
    await first.stop()
    const port = Number(new URL(first.url).port)
    const other = await occupy(port)
    try {
      await expect(start({ port })).rejects.toThrow(`Database port ${port} is taken`)
      const second = await start()
      expect(new URL(second.url).port).not.toBe(String(port))
      expect(await ask(second.url, 'select answer from kept')).toEqual([{ answer: 42 }])
    } finally {
      other.close()
    }
  })

  const onSmallDisk = canMount() ? test : test.skip
  onSmallDisk('a full disk, and starts once there is room', async () => {
    mkdirSync(dir)
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=20m', 'tmpfs', dir])
    try {
      await expect(start()).rejects.toThrow(`The disk is full: ${dir}`)
      execFileSync('mount', ['-o', 'remount,size=200m', dir])
      const { url, stop } = await start()
      expect(await ask(url, 'select 1 as one')).toEqual([{ one: 1 }])
      await stop()
    } finally {
      execFileSync('umount', ['-l', dir])
    }
  })
})

/** Mounting a small file system needs a machine that lets root do so. */
function canMount(): boolean {
  if (!isRoot || process.platform !== 'linux') return false
  const probe = mkdtempSync(path.join(os.tmpdir(), 'jiyue-mount-'))
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'tmpfs', probe], { stdio: 'ignore' })
    execFileSync('umount', [probe])
    return true
  } catch {
    return false
  } finally {
    rmSync(probe, { recursive: true })
  }
}
