import { renderToStaticMarkup } from 'react-dom/server';
import { expect, it } from 'vitest';
import { MoreGrants } from './more-grants';

const said = (shown: number, grantsTotal: number) => {
  const grants = Array.from({ length: shown }, (_, at) => ({ id: `${at}`, suffix: 'dev.test', team: 'orders' }));
  return renderToStaticMarkup(<MoreGrants zone={{ id: 'z1', grants, grantsTotal }} />);
};

it('says that a zone has more grants than are shown, and leads to all of them', () => {
  expect(said(200, 1234)).toContain('The first 200 of 1,234');
  expect(said(200, 1234)).toContain('href="/grants?zone=z1"');
  expect(said(3, 3)).toBe('');
});
