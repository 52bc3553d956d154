/** Accessibility by axe-core (Deque's rules for WCAG 2.2 A and AA), in the page as a person has it. */
import axe from 'axe-core'
import type { Page } from 'playwright-core'

const rules = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa']

/** What is serious or critical, a line each: rule, element, why; `[]` when nothing is. */
export async function seriousOf(page: Page): Promise<string[]> {
  const isThere = await page.evaluate(() => 'axe' in window)
  if (!isThere) await page.evaluate(axe.source)
  return page.evaluate(async (values) => {
    // Colours on their way from one to another are none that anybody reads.
    for (const one of document.getAnimations())
      if (one.effect?.getComputedTiming().endTime !== Number.POSITIVE_INFINITY) one.finish()
    const { violations } = await window.axe.run(document, {
      runOnly: { type: 'tag', values },
      resultTypes: ['violations'],
    })
    return violations
      .filter(({ impact }) => impact === 'serious' || impact === 'critical')
      .flatMap(({ id, nodes }) =>
        nodes.map(
          ({ target, failureSummary }) =>
            `${id} ${target.join(' ')}: ${failureSummary?.split('\n').slice(1).join(';').trim()}`,
        ),
      )
  }, rules)
}

declare global {
  interface Window {
    axe: typeof axe
  }
}
