import { execFileSync, spawnSync } from 'node:child_process'
import { accessSync, constants, existsSync, readdirSync } from 'node:fs'
import path from 'node:path'
import { StartError } from '../../server/db/startError.ts'

const NAMES = [
  'chromium',
  'chromium-browser',
  'google-chrome',
  'google-chrome-stable',
  'microsoft-edge',
]
const ELSEWHERE = [
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
  'C:\\Program Files (x86)\\Microsoft\\Edge\\Application\\msedge.exe',
]
const PACKAGES = ['chromium', 'fonts-noto-cjk']

/** A Chromium of this machine: `CHROMIUM_PATH`, else the first known name on the PATH. */
export function findChromium(): string | undefined {
  const given = process.env.CHROMIUM_PATH
  if (given) return given
  const folders = (process.env.PATH ?? '').split(path.delimiter)
  const onPath = NAMES.flatMap((name) => folders.map((folder) => path.join(folder, name)))
  return [...onPath, ...ELSEWHERE].find(isProgram)
}

/**
 * The Chromium for the page tests, and fonts that can draw Chinese (without them a screenshot is
 * boxes). On Debian, started by root, missing ones are installed; elsewhere a `StartError` names
 * the line to type.
 */
export function ensureChromium(say: (sentence: string) => void): string {
  const found = findChromium()
  if (found && isProgram(found) && hasChineseFonts()) return found
  if (!mayInstall()) throw missingError(found)
  say(`正在安装页面测试所需的 ${PACKAGES.join('、')}…`)
  try {
    apt('update')
    apt('install', '-y', '--no-install-recommends', ...PACKAGES)
  } catch {
    throw missingError(found) // apt-get has said on stderr what went wrong
  }
  const installed = findChromium()
  if (!installed) throw missingError(undefined)
  return installed
}

function apt(...args: string[]): void {
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }
  execFileSync('apt-get', ['-qq', ...args], { env, stdio: ['ignore', 'ignore', 'inherit'] })
}

function missingError(found: string | undefined): StartError {
  const what = found ? '中文字体（fonts-noto-cjk）' : 'Chromium'
  const line = existsSync('/etc/debian_version')
    ? `sudo apt-get update && sudo apt-get install -y --no-install-recommends ${PACKAGES.join(' ')}`
    : 'CHROMIUM_PATH=/path/to/chromium npm test'
  return new StartError(
    `页面测试需要 ${what}，本机没有找到。请执行：\n  ${line}`,
    `The page tests need a Chromium and Chinese fonts, not found here. Type the line above.`,
  )
}

function hasChineseFonts(): boolean {
  if (process.platform !== 'linux') return true
  const list = spawnSync('fc-list', [':lang=zh', 'family'], { encoding: 'utf8' })
  if (list.status === 0) return list.stdout.trim() !== ''
  return ['/usr/share/fonts', '/usr/local/share/fonts'].some(
    (folder) =>
      existsSync(folder) &&
      readdirSync(folder, { recursive: true }).some((file) => /CJK|wqy|SourceHan/i.test(`${file}`)),
  )
}

const mayInstall = () => process.getuid?.() === 0 && existsSync('/etc/debian_version')

function isProgram(file: string): boolean {
  try {
    accessSync(file, constants.X_OK)
    return true
  } catch {
    return false
  }
}
