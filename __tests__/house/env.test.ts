/** Settings come in through few doors: everything else is told what it needs. */
import { committed, readSource } from './sources.ts'

/** Who may read the environment, and why. */
const doors: [RegExp, string][] = [
  [/^server\/settings\.ts$/, 'the server’s settings, checked once at start'],
  [/^sandbox\/main\.ts$/, 'the sandbox’s'],
  [/^(deploy|config|bench)\//, 'programs that start, build and measure the others'],
  [/^src\/app\.config\.ts$/, 'read while a front is built: what only browsers are told'],
  [/^__tests__\//, 'the tests'],
  [/^server\/db\/embedded\/run\.ts$/, 'hands PATH on to PostgreSQL’s own programs'],
  [/^server\/demo\/draw\/draw\.ts$/, 'a script for people: which Chromium draws the pictures'],
]
const ENV =
  /\bprocess\s*(\?\.|\.)\s*env\b|\bprocess\s*\[\s*['"]env|\{[^}]*\benv\b[^}]*\}\s*=\s*process\b/

const files = committed(/\.(m?[jt]sx?|cjs)$/)
const readers = files.filter((file) => ENV.test(readSource(file)))

test('only these doors read the environment', () => {
  expect(readers.filter((file) => !doors.some(([door]) => door.test(file)))).toEqual([])
})

test('every door is used: none stands open for nothing', () => {
  const shut = doors.filter(([door]) => !readers.some((file) => door.test(file)))
  expect(shut.map(([, why]) => why)).toEqual([])
})

test('the search knows every way to write it', () => {
  for (const text of ['process.env.X', 'process?.env', "process['env']", 'const { env } = process'])
    expect(text).toMatch(ENV)
  expect('preprocess.environment').not.toMatch(ENV)
})
