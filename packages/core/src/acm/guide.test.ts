// What the guide has an operator write is what the portal shows, and what it quotes of ACM is said.
import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { acmPolicy, acmSetup, hostnameTag, importPolicy, importSetup, partitionOf } from './policy.ts';
import { failureWords, overWords, renewalFault } from './words.ts';

const guide = await readFile(new URL('../../../../docs/guides/acm.md', import.meta.url), 'utf8');
const delivering = await readFile(new URL('../../../../docs/guides/deliver-certificates.md', import.meta.url), 'utf8');
const place = { region: 'eu-central-1', account: '123456789012' };

describe('the guide', () => {
  it('has the commands that the portal shows', () => {
    const [block] = [...guide.matchAll(/```sh\n([\s\S]*?)```/g)].map(([, text = '']) => text.trim());
    expect(block).toBe(
      acmSetup(place)
        .map(({ command }) => command)
        .join('\n'),
    );
  });

  it('of destinations has the commands for imports, which touch nothing without the tag', () => {
    expect(delivering).toContain(
      importSetup(place)
        .map(({ command }) => command)
        .join('\n'),
    );
    const touching = importPolicy(place).Statement.filter(({ Action }) => Action.some((each) => /Import|Delete|AddTags/.test(each)));
    expect(touching.map(({ Condition }) => JSON.stringify(Condition).includes(hostnameTag))).toEqual([true, true]);
  });

  it('says of every right what it is for', () => {
    for (const action of acmPolicy(place).Statement.flatMap(({ Action }) => Action)) expect(guide).toContain(`| \`${action}\``.slice(2));
  });

  it('quotes what is said of a request and a renewal that come to nothing', () => {
    const renewal = (more: object) => renewalFault({ eligibility: null, status: null, reason: null, unproved: [], ...more }) ?? '';
    const said = [
      overWords('FAILED', 'OTHER'),
      overWords('VALIDATION_TIMED_OUT', null),
      renewal({ eligibility: 'INELIGIBLE' }),
      renewal({ status: 'PENDING_VALIDATION', unproved: ['a.example.test'] }),
    ];
    for (const words of said) expect(guide).toContain((words ?? 'nothing').split(/[:,]/)[0] ?? '');
  });
});

describe('what ACM says', () => {
  it.each([
    ['FAILED', 'CAA_ERROR', 'the request is FAILED, CAA_ERROR: a CAA record does not let Amazon sign'],
    ['FAILED', 'PCA_LIMIT_EXCEEDED', 'the request is FAILED, PCA_LIMIT_EXCEEDED: see it in the console of ACM.'],
    ['FAILED', null, 'the request is FAILED, ACM gives no reason'],
  ])('of a request that is %s for %s', (status, reason, words) => expect(overWords(status, reason)).toContain(words));

  it('of one that goes on is nothing', () => expect(overWords('PENDING_VALIDATION', null)).toBeNull());

  it.each([
    [{ status: 'FAILED', reason: 'CAA_ERROR' }, `The renewal is FAILED, ${failureWords('CAA_ERROR')}`],
    [{ status: 'PENDING_VALIDATION', unproved: ['a.example.test'] }, /does not see the CNAME of a\.example\.test in public DNS\.$/],
    [{ status: 'PENDING_VALIDATION', reason: 'CAA_ERROR' }, /CNAME of its names in public DNS \(CAA_ERROR/],
    [{ eligibility: 'INELIGIBLE' }, /nothing uses it\.$/],
  ])('of a renewal that is kept back by %j', (more, words) => {
    expect(renewalFault({ eligibility: 'ELIGIBLE', status: null, reason: null, unproved: [], ...more })).toMatch(words);
  });

  it('of a renewal that nothing keeps is nothing', () =>
    expect(renewalFault({ eligibility: 'ELIGIBLE', status: 'PENDING_AUTO_RENEWAL', reason: null, unproved: [] })).toBeNull());
});

it.each([
  ['eu-central-1', 'aws'],
  ['cn-north-1', 'aws-cn'],
  ['us-gov-west-1', 'aws-us-gov'],
])('the region %s is in the partition %s', (region, partition) => {
  expect(partitionOf(region)).toBe(partition);
  expect(JSON.stringify(acmPolicy({ region, account: '123456789012' }))).toContain(
    `arn:${partition}:acm:${region}:123456789012:certificate/*`,
  );
});
