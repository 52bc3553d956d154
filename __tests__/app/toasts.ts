/** What the H5 says in passing, and how long it could be read: a busy machine looks too late. */
import type { BrowserContext, Page } from 'playwright-core'
import { until } from '../world.ts'

interface Toast {
  text: string
  since: number
  /** Null while it is shown. */
  ended: number | null
}

declare global {
  interface Window {
    toasts: Toast[]
  }
}

/** No sentence of ours can be read faster. */
const READABLE_MS = 1_000

/** From now on the pages of this context remember their toasts. */
export async function keepToasts(context: BrowserContext): Promise<void> {
  await context.addInitScript(() => {
    window.toasts = []
    const look = () => {
      const box = document.querySelector<HTMLElement>('.taro__toast')
      const shown = box?.style.display !== 'none' && box?.style.opacity === '1'
      const text = shown ? box.innerText.trim() : null
      const last = window.toasts[window.toasts.length - 1]
      if (last?.ended === null && last.text === text) return
      if (last) last.ended ??= performance.now()
      if (text !== null) window.toasts.push({ text, since: performance.now(), ended: null })
    }
    new MutationObserver(look).observe(document, {
      subtree: true,
      childList: true,
      characterData: true,
      attributes: true,
      attributeFilter: ['style'],
    })
  })
}

/** Waits until the page has said this long enough to be read. */
export async function heard(page: Page, sentence: string): Promise<void> {
  await until(`「${sentence}」, to be read`, async () => {
    const toasts = await page.evaluate(() =>
      window.toasts.map(({ text, since, ended }) => ({
        text,
        forMs: (ended ?? performance.now()) - since,
      })),
    )
    return toasts.some(({ text, forMs }) => text === sentence && forMs >= READABLE_MS)
  })
}
