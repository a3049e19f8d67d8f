import AxeBuilder from '@axe-core/playwright';
import { expect, type Page } from './portal.ts';

const standard = ['wcag2a', 'wcag2aa', 'wcag21aa', 'wcag22aa'];

/** WCAG 2.5.3: whoever speaks to the page says what stands on a button. Not among those that axe looks for by itself yet. */
const spoken = 'label-content-name-mismatch';

export async function axeFindsNothing(page: Page, where: string): Promise<void> {
  // What is chosen from a list is called by its name, without the note beside it.
  const rules = { [spoken]: { enabled: (await page.getByRole('option').count()) === 0 } };
  const options = { runOnly: { type: 'tag' as const, values: standard }, rules };
  const { violations } = await new AxeBuilder({ page }).options(options).setLegacyMode().analyze();
  const found = violations.map(({ id, nodes }) => ({ id, nodes: nodes.map(({ html, failureSummary }) => `${html}: ${failureSummary}`) }));
  expect(found, where).toEqual([]);
}
