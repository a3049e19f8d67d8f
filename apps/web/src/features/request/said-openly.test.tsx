// What a person must not miss is not folded away: who answers for a rule that does not hold, and what a change would change.
import { decision } from '@hostmaster/core/contract/decision';
import { checkResult } from '@hostmaster/core/contract/request';
import { renderToStaticMarkup } from 'react-dom/server';
import { describe, expect, it } from 'vitest';
import { Rules } from './rules';
import { Verdict } from './verdict';

const passes = (rule: string) => ({ rule, outcome: 'pass' as const, reason: `${rule} holds.`, remedy: null, group: null, exception: null });
const lifted = {
  ...passes('cluster-exposure'),
  reason: 'Cluster k8s-1 takes public traffic, and the name is internal.',
  exception: { id: '018f0000-0000-7000-8000-000000000000', reason: 'Until it moves.', until: '2027-01-01T00:00:00Z', by: 'Sam Ito' },
};
const many = ['a', 'b', 'c', 'd', 'e'].map(passes);
const read = (markup: string): string =>
  markup
    .replaceAll(/<[^>]*>/g, ' ')
    .replaceAll(/\s+/g, ' ')
    .trim();

describe('an exception', () => {
  it('stands before what passed by itself, which is folded away', () => {
    const [open = '', folded = ''] = renderToStaticMarkup(<Rules results={[...many, lifted]} />).split('<details');
    expect(read(open)).toContain(`${lifted.reason} An exception lifts this: recorded by Sam Ito until`);
    expect(read(open)).toContain('Until it moves.');
    expect(folded).not.toContain(lifted.reason);
    expect(folded).toContain('5 other rules passed');
  });

  it('is said to whoever asks', () =>
    expect(verdictOf({ outcome: 'allow', results: [lifted] })).toContain('An exception by Sam Ito lifts this'));
});

type Props = Parameters<typeof Verdict>[0];
type Typed = Partial<Pick<Props, 'unreadable' | 'untargeted' | 'marked'>>;

function verdictOf(more: object, change = false, violations: Props['violations'] = [], typed: Typed = {}, ofName = violations): string {
  const said = decision.parse({ outcome: 'review', policyVersion: 'x', results: [], violations: [], reviews: [], ...more });
  const result = checkResult.parse({
    decision: said,
    reading: null,
    environment: null,
    port: null,
    plan: null,
    withoutEffect: [],
    leadTime: { seconds: null, text: 'As soon as they have.' },
  });
  const asTyped = { unreadable: [], untargeted: false, marked: 0, ...typed };
  const quiet = { settled: true, error: null, empty: '', unfinished: false, instead: null };
  const shown = { result, violations, ofName, ...asTyped, ...quiet, change };
  return read(renderToStaticMarkup(<Verdict {...shown} />));
}

describe('the verdict', () => {
  const reviews = [{ rule: 'reserved-name', group: 'security-reviewer', reason: 'It is reserved.' }];
  it.each([
    [false, { reviews }, 'You may ask for this name; security must look at it first.'],
    [true, { reviews }, 'You may ask for this change; security must look at it first.'],
    [false, {}, 'You may have this name.'],
    [true, {}, 'You may make this change.'],
  ])('on a change (%s) is about the change: %j', (change, more, said) => expect(verdictOf(more, change)).toContain(said));

  it('is not given beside a field that cannot be read, unless it is a denial', () => {
    const idle = { rule: 'nothing-changes', reason: 'It is already as this asks.', remedy: 'Change a field.' };
    const typed = { unreadable: ['Port', 'Time to live'] };
    for (const violations of [[], [idle]])
      expect(verdictOf({}, true, violations, typed)).toBe(
        'Port and Time to live cannot be read. Once that is mended, the verdict stands here.',
      );
    expect(verdictOf({}, true, [idle], { untargeted: true })).toBe('Where the name points to is not said yet.');
    const denied = { rule: 'suffix-granted', reason: 'Not yours.', remedy: 'Ask.' };
    expect(verdictOf({}, false, [denied], typed)).toContain('Not yours.');
  });

  it('promises no time while a field says what is wrong with it', () => {
    expect(verdictOf({}, false, [], { marked: 0 })).toContain('As soon as they have.');
    const said = verdictOf({}, false, [], { marked: 1 });
    expect(said).toContain('1 field below says what is to be mended first.');
    expect(said).not.toContain('As soon as they have.');
  });

  it('counts the fields that say why, and not what each of them says', () => {
    const denied = { rule: 'suffix-granted', reason: 'Not yours.', remedy: 'Ask.' };
    const said = (marked: number) => verdictOf({}, false, [denied, denied, denied], { marked }, []);
    expect(said(1)).toContain('1 field below says why');
    expect(said(2)).toContain('2 fields below say why');
  });

  it('on a form that nobody touched is that nothing changes yet, and no denial', () => {
    const idle = { rule: 'nothing-changes', reason: 'It is already as this asks.', remedy: 'Change a field.' };
    const said = verdictOf({}, true, [idle]);
    expect(said).toContain('Nothing changes yet. It is already as this asks.');
    expect(said).not.toContain('does not allow');
  });
});
