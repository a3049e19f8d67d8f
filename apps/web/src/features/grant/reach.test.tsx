import { renderToStaticMarkup } from 'react-dom/server';
import { expect, it } from 'vitest';
import { losing, Reach } from './reach';

const payments = { team: 'payments', total: 5, names: ['a.dev.test', 'b.dev.test', 'c.dev.test'], losing: 2 };
const billing = { team: 'billing', total: 1, names: ['x.own.dev.test'], losing: 0 };
const said = (reach: Parameters<typeof Reach>[0]['reach']) =>
  renderToStaticMarkup(<Reach reach={reach} team="orders" suffix="dev.test" confirmed={false} onConfirm={() => {}} />).replace(
    /<[^>]+>/g,
    ' ',
  );

it('says whose names stand below the suffix, and who can no longer change theirs', () => {
  const reach = { outside: [], below: [billing, payments] };
  expect(losing(reach)).toBe(2);
  expect(said(reach)).toContain('2 names of other teams can no longer be changed by them.');
  expect(said(reach)).toContain('payments :  a.dev.test, b.dev.test, c.dev.test and 2 more'.replace(' :  ', ': '));
  expect(said(reach)).toContain('billing: x.own.dev.test');
  expect(said(reach)).toContain('Grant it all the same');
});

it('asks for nothing where nobody loses anything, and says where no zone is', () => {
  expect(said({ outside: ['public'], below: [billing] })).not.toContain('Grant it all the same');
  expect(said({ outside: ['public'], below: [] })).toContain('No public zone holds dev.test yet.');
  expect(said({ outside: [], below: [] })).toBe('');
});
