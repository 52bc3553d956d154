/** The end of a run's log says what to look at, and how many passed and failed (our reporter). */
import { spawnSync } from 'node:child_process'
import { mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'

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
  const { stdout, status } = spawnSync(process.execPath, [jest, '-i', '--no-cache'], {
    cwd: folder,
    encoding: 'utf8',
  })
  return { lines: stdout.split('\n').filter(Boolean).sort(lastStaysLast), status }
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
