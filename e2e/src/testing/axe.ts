import AxeBuilder from '@axe-core/playwright';
import { expect, type Page } from './portal.ts';

const standard = ['wcag2a', 'wcag2aa', 'wcag21aa', 'wcag22aa'];

export async function axeFindsNothing(page: Page, where: string): Promise<void> {
  const { violations } = await new AxeBuilder({ page }).withTags(standard).setLegacyMode().analyze();
  const found = violations.map(({ id, nodes }) => ({ id, nodes: nodes.map(({ html, failureSummary }) => `${html}: ${failureSummary}`) }));
  expect(found, where).toEqual([]);
}
