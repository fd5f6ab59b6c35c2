import AxeBuilder from '@axe-core/playwright'
import type { Page } from 'playwright-core'

/** The serious findings of axe, each as one line. Waits until nothing fades or slides: axe measures colours as they are. */
export async function seriousFindings(page: Page): Promise<string[]> {
  await page.evaluate(() => Promise.allSettled(document.getAnimations().map((animation) => animation.finished)))
  const { violations } = await new AxeBuilder({ page }).analyze()
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .flatMap(({ id, nodes }) => nodes.map((node) => `${id}: ${node.html.slice(0, 160)} ${node.failureSummary ?? ''}`))
}
