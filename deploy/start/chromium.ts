import { spawnSync } from 'node:child_process'
import { existsSync, readdirSync } from 'node:fs'
import { findProgram, installPackages, isProgram, missingError } from './debian.ts'

/** The shell without windows comes first: the same engine, and pages open in half the time. */
const NAMES = [
  'chromium-headless-shell',
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
const PACKAGES = ['chromium-headless-shell', 'fonts-noto-cjk']

/** A Chromium of this machine: `CHROMIUM_PATH`, else the first known name on the PATH. */
export function findChromium(): string | undefined {
  const given = process.env.CHROMIUM_PATH
  if (given) return given
  return NAMES.map(findProgram).find(Boolean) ?? ELSEWHERE.find(isProgram)
}

/**
 * The Chromium for the page tests, and fonts that can draw Chinese (without them a screenshot is
 * boxes); installed where that can be done (debian.ts).
 */
export function ensureChromium(say: (sentence: string) => void): string {
  const found = findChromium()
  if (found && isProgram(found) && hasChineseFonts()) return found
  installPackages(PACKAGES, '页面测试', say, 'CHROMIUM_PATH=/path/to/chromium npm test')
  const installed = findChromium()
  if (!installed) throw missingError(PACKAGES, '页面测试')
  return installed
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
