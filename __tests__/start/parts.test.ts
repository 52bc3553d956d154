import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { type AddressInfo, createServer } from 'node:net'
import os from 'node:os'
import path from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { pathToFileURL } from 'node:url'
import { buildIfChanged } from '../../deploy/start/build.ts'
import { type Child, startChild } from '../../deploy/start/child.ts'
import { makeClosing, Stopped } from '../../deploy/start/closing.ts'
import { readOptions } from '../../deploy/start/options.ts'
import { demandPort } from '../../deploy/start/ports.ts'
import { welcome } from '../../deploy/start/welcome.ts'

let dir: string
const children: (Child | ChildProcess)[] = []

beforeEach(() => {
  dir = mkdtempSync(path.join(os.tmpdir(), 'jiyue-start-'))
})

afterEach(async () => {
  for (const child of children.splice(0)) {
    if ('kill' in child) child.kill('SIGKILL')
    else await child.stop()
  }
  rmSync(dir, { recursive: true, force: true })
})

const program = (code: string) => {
  const file = path.join(dir, 'program.mts')
  writeFileSync(file, code)
  return { title: '小程序', log: path.join(dir, 'program.log'), file, env: { WHERE: dir } }
}

const GOOD = `
  import { writeFileSync } from 'node:fs'
  process.on('SIGTERM', () => {
    writeFileSync(process.env.WHERE + '/ended', 'cleanly')
    process.exit(0)
  })
  setInterval(() => {}, 1000)
  console.log('warming up')
  console.log('ready http://127.0.0.1:1 ' + process.pid)`

const ended = () => existsSync(path.join(dir, 'ended'))

const until = async (met: () => boolean) => {
  while (!met()) await pause(20)
}

describe('a child', () => {
  test('is ready when it says so, keeps its log, and ends by SIGTERM when told to', async () => {
    const child = await startChild(program(GOOD))
    expect(child.address).toBe(`http://127.0.0.1:1 ${child.pid}`)
    await child.stop()
    expect(ended()).toBe(true)
    expect(readFileSync(path.join(dir, 'program.log'), 'utf8')).toContain('warming up\nready ')
  })

  test('that ends before it is ready is an error with its last words', async () => {
    const start = startChild(program(`console.error('no database'); process.exit(3)`))
    await expect(start).rejects.toThrow(/小程序意外退出（3）[\s\S]*\| no database/)
  })

  test('that never gets ready can be given up', async () => {
    const giveUp = new AbortController()
    const start = startChild(program('setInterval(() => {}, 1000)'), giveUp.signal)
    giveUp.abort()
    await expect(start).rejects.toThrow('小程序意外退出（SIGTERM）')
  })

  test('that dies later is told, with its last words; one that was stopped is not', async () => {
    const child = await startChild(program(GOOD))
    process.kill(child.pid, 'SIGKILL')
    expect((await child.died).message).toMatch(/小程序意外退出（SIGKILL）[\s\S]*\| warming up/)

    const stopped = await startChild(program(GOOD))
    const deaths: Error[] = []
    stopped.died.then((error) => deaths.push(error))
    await stopped.stop()
    await pause(0)
    expect(deaths).toEqual([])
  })

  test('ends cleanly when its orchestrator is killed (kill -9)', async () => {
    const module = pathToFileURL(path.resolve('deploy/start/child.ts')).href
    const script = `const { startChild } = await import('${module}')
      await startChild(${JSON.stringify(program(GOOD))})
      console.log('started')`
    const orchestrator = spawn(process.execPath, ['--input-type=module', '-e', script], {
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    children.push(orchestrator)
    await once(orchestrator.stdout as NodeJS.ReadableStream, 'data')
    orchestrator.kill('SIGKILL')
    await until(ended)
  })
})

describe('the end', () => {
  test('comes in reverse order, and one that fails to stop does not keep the others', async () => {
    const said: string[] = []
    const closing = makeClosing((sentence) => said.push(sentence))
    const stop = async (value: string) => {
      if (value === '二') throw new Error('卡住')
    }
    for (const title of ['一', '二', '三']) await closing.hold(Promise.resolve(title), stop, title)
    await closing.closeAll()
    expect(said).toEqual(['已停止：三', '停止二时出错：卡住', '已停止：一'])
  })

  test('asked for in the middle of the start stops what was still coming up', async () => {
    const said: string[] = []
    const closing = makeClosing((sentence) => said.push(sentence))
    let comeUp = (_: string) => {}
    const slow = new Promise<string>((resolve) => {
      comeUp = resolve
    })
    const held = closing.hold(slow, async () => {}, '数据库')
    closing.ask()
    await expect(held).rejects.toBeInstanceOf(Stopped)
    const all = closing.closeAll()
    comeUp('up')
    await all
    expect(said).toEqual(['已停止：数据库'])
  })
})

test('a port that is taken is told with the name of who has it and the way out', async () => {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  const demand = demandPort(port, 'PORT', '接口')
  await expect(demand).rejects.toThrow(new RegExp(`接口的端口 ${port} 已被.*PORT=\\d+ npm start`))
  if (process.platform === 'linux') await expect(demand).rejects.toThrow(`PID ${process.pid}`)
  await new Promise((resolve) => server.close(resolve))
  await expect(demandPort(port, 'PORT', '接口')).resolves.toBeUndefined()
})

test.each(['http', '0', '70000', '80.5'])('PORT=%s is refused with a sentence', (PORT) => {
  expect(() => readOptions({ PORT })).toThrow('不是端口号')
})

describe('a front', () => {
  const front = { title: '网页', script: 'build:h5', sources: ['src'], page: 'dist/index.html' }
  const write = (name: string, text: string) => {
    mkdirSync(path.dirname(path.join(dir, name)), { recursive: true })
    writeFileSync(path.join(dir, name), text)
  }
  const build = (script: string) =>
    write('package.json', JSON.stringify({ scripts: { 'build:h5': script } }))

  beforeEach(() => {
    write('src/page.txt', 'one')
    build('mkdir -p dist && cp src/page.txt dist/index.html')
  })

  test('is built when its sources changed, and only then', async () => {
    await buildIfChanged(front, dir)?.done
    expect(readFileSync(path.join(dir, 'dist/index.html'), 'utf8')).toBe('one')
    expect(buildIfChanged(front, dir)).toBeUndefined()
    write('src/page.txt', 'two')
    await buildIfChanged(front, dir)?.done
    expect(readFileSync(path.join(dir, 'dist/index.html'), 'utf8')).toBe('two')
    expect(buildIfChanged(front, dir)).toBeUndefined()
  })

  test('is built again when somebody else wrote its output', async () => {
    await buildIfChanged(front, dir)?.done
    write('dist/index.html', 'by hand')
    await buildIfChanged(front, dir)?.done
    expect(readFileSync(path.join(dir, 'dist/index.html'), 'utf8')).toBe('one')
  })

  test('that fails to build says why, and is tried again the next time', async () => {
    build('echo missing colour >&2; exit 1')
    await expect(buildIfChanged(front, dir)?.done).rejects.toThrow(
      /网页构建失败[\s\S]*missing colour/,
    )
    const again = buildIfChanged(front, dir)
    await expect(again?.done).rejects.toThrow('missing colour')
  })
})

test('the welcome names every address, the accounts, and no sandbox when there is none', () => {
  const api = 'http://127.0.0.1:7080'
  const shown = {
    api,
    sandbox: 'http://127.0.0.1:7090',
    dataDir: dir,
    accounts: ['店主 13800000001'],
  }
  const text = welcome(shown)
  for (const part of [`${api}/console/`, `${api}/docs`, ':7090/outbox', '店主 13800000001']) {
    expect(text).toContain(part)
  }
  expect(welcome({ ...shown, sandbox: undefined })).not.toContain('沙箱')
})
