/** What leaves the compiler: sizes, syntax and rules of the hosts' upload checks. */
import { execFileSync } from 'node:child_process'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { parse } from 'acorn'
import { openChromium, serveFolder } from '../hosts/browser.ts'
import { BUILD_MS, builtFront, type Target } from '../hosts/build.ts'
import { readAppConfig } from '../hosts/shell.ts'

const KB = 1024
const targets: Target[] = ['weapp', 'alipay', 'h5']
const dist = {} as Record<Target, string>

beforeAll(async () => {
  for (const target of targets) dist[target] = await builtFront(target)
}, 3 * BUILD_MS)

describe.each(targets)('%s', (target) => {
  test('every script is ES5, for the oldest engines (T8)', () => {
    for (const file of files(dist[target], '.js')) {
      expect(() => parse(read(file), { ecmaVersion: 5 })).not.toThrow()
    }
  })

  test('nothing is read from the environment at run time, nothing tells of the build machine', () => {
    for (const file of files(dist[target], '.js')) {
      expect(read(file)).not.toContain('process.env')
      expect(read(file)).not.toContain(process.cwd())
    }
  })
})

describe.each(['weapp', 'alipay'] as const)('%s', (target) => {
  test('the main package stays under 900 KB, each sub-package under 500 KB', () => {
    const roots = (readAppConfig(dist[target]).subPackages ?? []).map(({ root }) => root)
    expect(roots.length).toBeGreaterThan(0)
    const sizes = new Map<string, number>()
    for (const file of files(dist[target], '')) {
      const name = path.relative(dist[target], file)
      const home = roots.find((root) => name.startsWith(`${root}/`)) ?? 'main'
      sizes.set(home, (sizes.get(home) ?? 0) + fs.statSync(file).size)
    }
    const tooBig = Array.from(sizes).filter(
      ([home, size]) => size > (home === 'main' ? 900 : 500) * KB,
    )
    expect(tooBig).toEqual([])
  })

  test('no code is made from text, and no schema library came along', () => {
    for (const file of files(dist[target], '.js')) {
      // webpack asks for the global object by text only where `globalThis` is missing, in a try.
      const code = read(file).replace('this||new Function("return this")()', '')
      expect(code).not.toMatch(/\bnew Function\b|\beval\(/)
      expect(code).not.toMatch(/ZodError|\$ZodType/)
    }
  })
})

test('H5: the first visit of home is at most 180 KB gzipped', async () => {
  const [browser, served] = [await openChromium(), await serveFolder(dist.h5)]
  try {
    const page = await browser.newPage({ viewport: { width: 390, height: 844 } })
    await page.goto(served.url, { waitUntil: 'networkidle' })
    await page.locator('.taro_page').first().waitFor()
    expect(served.sentBytes()).toBeGreaterThan(50 * KB)
    expect(served.sentBytes()).toBeLessThan(180 * KB)
  } finally {
    await browser.close()
    await served.end()
  }
}, 60_000)

test('H5: every file but the page itself may be cached for ever, for its name is its hash', () => {
  const named = files(dist.h5, '')
    .map((file) => path.relative(dist.h5, file))
    .filter((name) => /^(js|css)\//.test(name) && !name.endsWith('.txt'))
  expect(named.length).toBeGreaterThan(2)
  for (const name of named) expect(name).toMatch(/\.[0-9a-f]{8}\.(js|css)$/)
})

test('Alipay: at most one @import on a line, for its IDE reads no more', () => {
  for (const file of files(dist.alipay, '.acss')) {
    expect(read(file)).not.toMatch(/@import[^\n]*@import/)
  }
})

/** WeChat's own compilers come for Linux on x64 only. */
const linux = process.platform === 'linux' && process.arch === 'x64' ? test : test.skip

linux('WeChat: its compilers take every template and style, and refuse a broken one', () => {
  const [wcc, wcsc] = [compiler('wcc'), compiler('wcsc')]
  const run = (tool: string, names: string[]) =>
    execFileSync(tool, names, {
      cwd: dist.weapp,
      encoding: 'utf8',
      maxBuffer: 1 << 28,
      stdio: 'pipe',
    })
  const named = (extension: string) =>
    files(dist.weapp, extension).map((file) => `./${path.relative(dist.weapp, file)}`)

  expect(run(wcc, ['-d', ...named('.wxml'), ...named('.wxs')])).toContain('$gwx')
  expect(run(wcsc, ['-js', ...named('.wxss')])).toContain('setCssToHead')

  const scratch = fs.mkdtempSync(path.join(os.tmpdir(), 'jiyue-broken-'))
  const broken = (name: string, text: string) => {
    fs.writeFileSync(path.join(scratch, name), text)
    return path.join(scratch, name)
  }
  try {
    const template = broken('a.wxml', '<view><text></view>')
    expect(() => run(wcc, ['-d', template])).toThrow('expect end-tag')
    const style = broken('a.wxss', 'a{color:')
    expect(() => run(wcsc, ['-js', style])).toThrow('unexpected token')
  } finally {
    fs.rmSync(scratch, { recursive: true })
  }
})

/** The packed tools are not executable; a copy is. */
function compiler(name: string): string {
  const packed = require.resolve(`miniprogram-compiler/bin/linux/${name}`)
  const copy = path.join(path.dirname(dist.weapp), `${name}-${process.pid}`)
  fs.copyFileSync(packed, copy)
  fs.chmodSync(copy, 0o755)
  copies.push(copy)
  return copy
}
const copies: string[] = []
afterAll(() => {
  for (const copy of copies) fs.rmSync(copy)
})

function files(folder: string, extension: string): string[] {
  return fs
    .readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith(extension))
    .map((entry) => path.join(entry.parentPath, entry.name))
}

function read(file: string): string {
  return fs.readFileSync(file, 'utf8')
}
