/** What the open pages of a browser show, for the test that fails before them (environment.ts). */
import type { Browser, Page } from 'playwright-core'

export const SCREENS = Symbol.for('jiyue.screens')

/** Answers what each open page shows. */
export type Screens = () => Promise<string>

/** Of the page, and of its end, where its dialogs stand. */
const CHARACTERS = 1_000

/** From now on a failing test of this file says what the pages of `browser` showed. */
export function tellScreens(browser: Browser): void {
  const global = globalThis as { [SCREENS]?: Screens }
  global[SCREENS] = async () => {
    const pages = browser.contexts().flatMap((context) => context.pages())
    return (await Promise.all(pages.map(screenOf))).join('\n')
  }
}

async function screenOf(page: Page): Promise<string> {
  const shown = page.evaluate(() => document.body.innerText.replace(/\s*\n\s*/g, ' | '))
  const late = new Promise<string>((resolve) => setTimeout(resolve, 5_000, 'it does not answer'))
  const text = await Promise.race([shown, late]).catch((error) => String(error))
  const end = text.slice(CHARACTERS).slice(-CHARACTERS)
  return `on screen at ${page.url()}: ${text.slice(0, CHARACTERS)}${end && ` … ${end}`}`
}
