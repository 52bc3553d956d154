/**
 * Draws every picture of the demo merchant again: `node server/demo/draw/draw.ts [name…]`.
 * Writes ../photos/<name>.large.jpg (1280 × 960), <name>.thumb.jpg (320 × 240), staff-N.jpg (160 × 160).
 * JPEG, because iOS before 14 shows no WebP. A file over its budget fails the run.
 */
import { existsSync } from 'node:fs'
import { mkdir, writeFile } from 'node:fs/promises'
import { delimiter, join } from 'node:path'
import type { Browser } from 'playwright-core'
import { chromium } from 'playwright-core'
import { page } from './page.ts'
import { scenes } from './scenes/scenes.ts'
import { staff } from './scenes/staff.ts'

type Size = { suffix: string; width: number; height: number; budget: number }

const large: Size = { suffix: '.large', width: 1280, height: 960, budget: 160_000 }
const thumb: Size = { suffix: '.thumb', width: 320, height: 240, budget: 20_000 }
const avatar: Size = { suffix: '', width: 160, height: 160, budget: 8_000 }

const photos = join(import.meta.dirname, '..', 'photos')

await drawAll(process.argv.slice(2))

async function drawAll(wanted: string[]) {
  const asked = (name: string) => wanted.length === 0 || wanted.includes(name)
  await mkdir(photos, { recursive: true })
  const browser = await chromium.launch({
    executablePath: findChromium(),
    args: ['--no-sandbox', '--disable-gpu', '--force-color-profile=srgb'],
  })
  try {
    for (const [name, scene] of Object.entries(scenes).filter(([name]) => asked(name))) {
      for (const size of [large, thumb]) await shoot(browser, name, page(scene(), 1280, 960), size)
    }
    for (const [name, face] of Object.entries(staff).filter(([name]) => asked(name))) {
      await shoot(browser, name, page(face(), 160, 160), avatar)
    }
  } finally {
    await browser.close()
  }
}

/** Takes the best quality that fits the budget. */
async function shoot(browser: Browser, name: string, html: string, size: Size) {
  const tab = await browser.newPage({ viewport: { width: size.width, height: size.height } })
  await tab.setContent(html)
  for (const quality of [92, 88, 84, 80, 74]) {
    const picture = await tab.screenshot({ type: 'jpeg', quality })
    if (picture.length > size.budget) continue
    await writeFile(join(photos, `${name}${size.suffix}.jpg`), picture)
    console.log(
      `${name}${size.suffix}.jpg ${(picture.length / 1024).toFixed(1)} KB, quality ${quality}`,
    )
    return tab.close()
  }
  throw new Error(`${name}${size.suffix}.jpg does not fit ${size.budget} bytes at any quality`)
}

/** `CHROMIUM` names the browser; otherwise the first known one on the PATH. */
function findChromium(): string {
  if (process.env.CHROMIUM) return process.env.CHROMIUM
  const names = ['chromium', 'chromium-browser', 'google-chrome']
  const paths = (process.env.PATH ?? '').split(delimiter)
  const found = paths.flatMap((path) => names.map((name) => join(path, name))).find(existsSync)
  if (!found) throw new Error('No Chromium on the PATH: install one or set CHROMIUM to its path')
  return found
}
