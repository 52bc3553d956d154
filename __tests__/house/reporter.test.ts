/** The end of a run's log says what to look at, and how many passed and failed (our reporter). */
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { filesAgain, type Told, together } from '../../deploy/start/again.ts'

const root = path.resolve(__dirname, '../..')
const folders: string[] = []

afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true })
})

/** The last lines of a run of these files by the real Jest, and its code. */
function run(files: Record<string, string>, more: Record<string, string> = {}) {
  const folder = realpathSync(mkdtempSync(path.join(os.tmpdir(), 'jiyue-reporter-')))
  folders.push(folder)
  const reporters = [path.join(root, '__tests__/reporter.cjs')]
  const config = { rootDir: folder, transform: {}, reporters, ...globalOf(folder, more) }
  writeFileSync(path.join(folder, 'jest.config.json'), JSON.stringify(config))
  for (const [name, text] of Object.entries({ ...files, ...more }))
    writeFileSync(path.join(folder, name), text)
  const jest = path.join(root, 'node_modules/jest/bin/jest.js')
  const file = path.join(folder, 'told.json')
  const { stdout, status } = spawnSync(process.execPath, [jest, '-i', '--no-cache'], {
    cwd: folder,
    encoding: 'utf8',
    env: { ...process.env, JIYUE_TOLD: file },
  })
  const told = JSON.parse(readFileSync(file, 'utf8')) as Told
  return { lines: stdout.split('\n').filter(Boolean).sort(lastStaysLast), status, told }
}

const globalOf = (folder: string, more: Record<string, string>) =>
  Object.fromEntries(Object.keys(more).map((name) => [name.slice(0, -3), path.join(folder, name)]))

/** Files run in any order. */
const lastStaysLast = (a: string, b: string) =>
  Number(/^\d+ passed/.test(a)) - Number(/^\d+ passed/.test(b)) || (a < b ? -1 : 1)

test('each failed test is named with the first line of its message, then come the counts', () => {
  const { lines, status } = run({
    'a.test.js': `test('fine', () => {})
      describe('some', () => {
        test('goes\\nwrong', () => expect([1]).toEqual([2]))
        test('throws', () => { throw new Error('one\\ntwo') })
      })`,
    'b.test.js': `require('./nowhere'); test('x', () => {})`,
    'c.test.js': `afterAll(() => { throw new Error('not closed') }); test('x', () => {})`,
  })
  expect(lines).toEqual([
    'a.test.js › some goes wrong: Error: expect(received).toEqual(expected) // deep equality',
    'a.test.js › some throws: Error: one',
    expect.stringMatching(/^b\.test\.js › the file: Cannot find module '\.\/nowhere'/),
    expect.stringMatching(/^c\.test\.js › the file: .*not closed/),
    '2 passed, 4 failed',
  ])
  expect(status).toBe(1)
})

test('a run without a fault says the counts only', () => {
  const { lines, status } = run({ 'a.test.js': `test('fine', () => {})` })
  expect(lines).toEqual(['1 passed, 0 failed'])
  expect(status).toBe(0)
})

test('a run that fails after its tests is not a clean one', () => {
  const { lines, status } = run(
    { 'a.test.js': `test('fine', () => {})` },
    { 'globalTeardown.js': `module.exports = () => { throw new Error('too late') }` },
  )
  expect(lines.at(-1)).toBe('1 passed, 1 failed')
  expect(lines).toContain('the run › it ended with code 1 after its tests')
  expect(status).toBe(1)
})

describe('once more, alone', () => {
  const told = (...files: [file: string, passed: number, failed: number][]): Told => ({
    passed: 90,
    failed: files.reduce((sum, [, , failed]) => sum + failed, 0),
    files: files.map(([file, passed, failed]) => ({ file, passed, failed })),
  })

  test('what was told is what the counts say, by file', () => {
    const { lines, told } = run({
      'a.test.js': `test('fine', () => {}); test('wrong', () => { throw new Error('x') })`,
      'b.test.js': `require('./nowhere'); test('x', () => {})`,
      'c.test.js': `test('fine', () => {})`,
    })
    expect(lines.at(-1)).toBe('2 passed, 2 failed')
    expect(told).toMatchObject({ passed: 2, failed: 2 })
    expect(told.files.sort((a, b) => (a.file < b.file ? -1 : 1))).toEqual([
      { file: 'a.test.js', passed: 1, failed: 1 },
      { file: 'b.test.js', passed: 0, failed: 1 },
    ])
  })

  test('few files are judged again, and their second word is in the totals', () => {
    const first = told(['__tests__/console/a.test.ts', 4, 1], ['__tests__/app/b.test.tsx', 2, 2])
    expect(filesAgain(first)).toEqual(['__tests__/console/a.test.ts', '__tests__/app/b.test.tsx'])
    const again = { passed: 8, failed: 1, files: [] }
    expect(together(first, again)).toEqual({ passed: 92, failed: 1 })
    expect(together(first, { passed: 9, failed: 0, files: [] })).toEqual({ passed: 93, failed: 0 })
  })

  test.each(['races', 'truth', 'rules', 'house'])(
    'never one of %s, nor what failed beside it',
    (folder) => {
      expect(filesAgain(told([`__tests__/${folder}/a.test.ts`, 4, 1]))).toEqual([])
      const both = told(['__tests__/app/b.test.ts', 4, 1], [`__tests__/${folder}/a.test.ts`, 4, 1])
      expect(filesAgain(both)).toEqual([])
    },
  )

  test('not where much failed, nor where something failed outside of all files', () => {
    const four = ['a', 'b', 'c', 'd'].map(
      (name) => [`__tests__/app/${name}.test.ts`, 1, 1] as const,
    )
    expect(filesAgain(told(...four.map(([...one]) => one)))).toEqual([])
    expect(filesAgain({ ...told(['__tests__/app/a.test.ts', 1, 1]), failed: 2 })).toEqual([])
    expect(filesAgain({ passed: 9, failed: 1, files: [] })).toEqual([])
  })
})
