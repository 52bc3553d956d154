/** The units that a machine is set up with are ones that systemd takes (T2, T4), and name what is there. */
import { execFileSync, spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { ensurePrograms } from '../../deploy/start/debian.ts'

const ROOT = path.resolve(__dirname, '../..')
const units = ['deploy/cluster/systemd', 'deploy/backup/systemd'].flatMap((folder) =>
  readdirSync(path.join(ROOT, folder)).map((name) => ({
    name,
    text: readFileSync(path.join(ROOT, folder, name), 'utf8'),
  })),
)
const folder = mkdtempSync(path.join(os.tmpdir(), 'jiyue-units-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

/** What systemd says of all units, with `change` made to each; empty when it has nothing to say. */
function verdict(change: (text: string) => string): string {
  const wanted = [{ program: 'systemd-analyze', package: 'systemd' }]
  const say = (sentence: string) => process.stderr.write(`${sentence}\n`)
  const analyze = ensurePrograms(wanted, '单元文件检查', say)['systemd-analyze'] as string
  // The product's own programs, and Debian's, are not where a real machine has them.
  const here = (text: string) =>
    text.replace(/^(Exec\w+=)\S+/gm, `$1${execFileSync('which', ['env']).toString().trim()}`)
  for (const { name, text } of units) writeFileSync(path.join(folder, name), change(here(text)))
  const files = units.map(({ name }) => name.replace('@.', '@7081.'))
  const { status, stdout, stderr } = spawnSync(analyze, ['verify', ...files], {
    env: { ...process.env, SYSTEMD_UNIT_PATH: `${folder}:` },
    encoding: 'utf8',
  })
  const about = `${stdout}${stderr}`.split('\n').filter((line) => /jiyue/.test(line))
  return status === 0 ? about.join('\n') : `${status} ${stdout}${stderr}`
}

test('systemd has nothing to say against any of them', () => {
  expect(units.length).toBeGreaterThan(7)
  expect(verdict((text) => text)).toBe('')
  // Control: a word it does not know is told.
  expect(verdict((text) => text.replace('RestartSec=', 'RestartAfter='))).toContain('RestartAfter')
})

test('each names a file of ours that is there, and every timer its service', () => {
  for (const { name, text } of units) {
    for (const [, file] of text.matchAll(/^ExecStart=\/opt\/jiyue\/\S+node (\S+\.ts)/gm))
      expect([name, file, existsSync(path.join(ROOT, file ?? ''))]).toEqual([name, file, true])
    if (name.endsWith('.timer'))
      expect(units.map((unit) => unit.name)).toContain(name.replace('.timer', '.service'))
  }
})
