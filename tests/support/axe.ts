/** What axe-core finds wrong with a page for people who see, hear or move differently. */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Page } from 'playwright-core';

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

type Violation = { readonly id: string; readonly impact: string; readonly nodes: readonly { readonly html: string }[] };

/** Serious and critical findings: what, and where. A flashing sign is measured at its full strength. */
export async function violations(page: Page): Promise<readonly string[]> {
  await page.addStyleTag({ content: '.flashing, .map-ring { animation: none !important; }' });
  await page.evaluate(axe);
  const found: { readonly violations: readonly Violation[] } = await page.evaluate(
    'axe.run(document, { resultTypes: ["violations"] })',
  );
  return found.violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 160)).join(' | ')}`);
}
