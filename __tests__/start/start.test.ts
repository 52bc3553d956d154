import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import pg from 'pg'
import { anyFreePort, isFree } from '../../server/db/embedded/port.ts'
import { runningPostmaster } from '../../server/db/embedded/postmaster.ts'

/** `npm start` as a person runs it, on ports and a data folder of its own. The first may build. */
jest.setTimeout(300_000)

type Start = { process: ChildProcess; code: Promise<number | null>; output(): string }

let dataDir: string
let port: number
let sandboxPort: number
const starts: Start[] = []

beforeAll(async () => {
  dataDir = mkdtempSync(path.join(os.tmpdir(), 'jiyue-whole-'))
  chmodSync(dataDir, 0o755)
  port = await anyFreePort()
  sandboxPort = await anyFreePort()
})

afterAll(async () => {
  for (const { process: child, code } of starts) {
    if (child.exitCode === null && child.signalCode === null) child.kill('SIGINT')
    await code
  }
  for (const folder of [dataDir, `${dataDir}-backup`])
    rmSync(folder, { recursive: true, force: true })
})

const begin = (): Start => {
  const child = spawn(process.execPath, ['deploy/start/start.ts'], {
    env: {
      ...process.env,
      DATA_DIR: dataDir,
      PORT: String(port),
      SANDBOX_PORT: String(sandboxPort),
      DATABASE_URL: '',
      CREDENTIALS_FILE: '',
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let output = ''
  for (const stream of [child.stdout, child.stderr]) {
    stream?.on('data', (chunk) => {
      output += chunk
    })
  }
  const code = once(child, 'close').then(([status]) => status as number | null)
  const start = { process: child, code, output: () => output }
  starts.push(start)
  return start
}

/** Waits for the welcome; a start that ends instead fails with its own words. */
const ready = async (start: Start) => {
  const ended = start.code.then((code) => {
    throw new Error(`npm start ended with ${code}:\n${start.output()}`)
  })
  const welcomed = async () => {
    while (!start.output().includes('即约已启动')) await pause(50)
  }
  await Promise.race([welcomed(), ended])
}

const api = (where: string) => fetch(`http://127.0.0.1:${port}${where}`)

const server = () => runningPostmaster(path.join(dataDir, 'postgres', 'cluster'))

const ask = async (sql: string) => {
  const read = (name: string) => readFileSync(path.join(dataDir, 'postgres', name), 'utf8').trim()
  const client = new pg.Client({
    connectionString: `postgres://jiyue:${read('password')}@127.0.0.1:${read('port')}/jiyue`,
  })
  await client.connect()
  try {
    return (await client.query(sql)).rows
  } finally {
    await client.end()
  }
}

const portsFree = async () => (await isFree(port)) && (await isFree(sandboxPort))

test('one command starts everything; killed and started again it goes on; Ctrl-C leaves nothing', async () => {
  const first = begin()
  await ready(first)
  for (const page of ['/', '/console/', '/docs', '/healthz', '/v1/services']) {
    expect([page, (await api(page)).status]).toEqual([page, 200])
  }
  expect(await (await api('/v1/services')).text()).toContain('保洁')
  expect((await fetch(`http://127.0.0.1:${sandboxPort}/outbox`)).status).toBe(200)
  expect(first.output()).toContain('owner / jiyue-demo')
  await ask('create table kept as select 42 as answer')

  const before = server()
  first.process.kill('SIGKILL')
  await first.code
  while (!(await portsFree())) await pause(50)
  expect(server()).toEqual(before)

  const second = begin()
  await ready(second)
  expect(server()?.pid).toBe(before?.pid)
  expect(await ask('select answer from kept')).toEqual([{ answer: 42 }])
  second.process.kill('SIGINT')
  expect(await second.code).toBe(0)
  expect([server(), await portsFree()]).toEqual([undefined, true])
  const order = [...second.output().matchAll(/已停止：(.*)/g)].map(([, title]) => title)
  expect(order).toEqual(['接口服务', '平台沙箱', '备份归档', '数据库'])
})

test('when a part dies everything stops and says which one', async () => {
  const start = begin()
  await ready(start)
  const table = readFileSync(
    `/proc/${start.process.pid}/task/${start.process.pid}/children`,
    'utf8',
  )
  const sandbox = table
    .trim()
    .split(' ')
    .find((pid) => readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes('sandbox/main.ts'))
  process.kill(Number(sandbox), 'SIGKILL')
  expect(await start.code).toBe(1)
  expect(start.output()).toContain('✗ 平台沙箱意外退出（SIGKILL）')
  expect([server(), await portsFree()]).toEqual([undefined, true])
})

test('a second start beside a running one is refused and does not disturb it', async () => {
  const one = begin()
  await ready(one)
  const two = begin()
  expect(await two.code).toBe(1)
  expect(two.output()).toMatch(new RegExp(`✗ 接口的端口 ${port} 已被.*占用`))
  expect((await api('/healthz')).status).toBe(200)
  one.process.kill('SIGINT')
  expect(await one.code).toBe(0)
})
