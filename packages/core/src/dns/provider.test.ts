import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { cautionsOf, type DnsCapabilities, type DnsProviderDescription } from './provider.ts';
import type { RecordSetChange } from './record-set.ts';

const kind = (capabilities: DnsCapabilities): DnsProviderDescription => ({
  kind: 'paper',
  label: 'Paper',
  summary: 'A zone on paper.',
  settings: z.strictObject({}),
  secret: null,
  capabilities,
  checks: [],
  servers: () => [],
  questionKey: () => null,
  normalise: (desired) => desired,
});
const change = (name: string): RecordSetChange => ({
  name,
  type: 'A',
  before: null,
  after: { name, type: 'A', ttl: 60, values: ['192.0.2.1'] },
});

describe('what a reviewer is told of a provider', () => {
  const able = kind({ atomic: true, compareAndSet: true });
  const unable = kind({ atomic: { no: 'it has no batches' }, compareAndSet: { no: 'it knows no etags' } });
  const [overwritten, oneByOne] = [
    /^What somebody else changes.*: it knows no etags\.$/,
    /^The record sets change one after the other: it has no batches\.$/,
  ];

  it.each([
    ['nothing of one that can do all', able, 2, []],
    ['nothing where nothing changes', unable, 0, []],
    ['that others may be overwritten, also with one change', unable, 1, [overwritten]],
    ['that several changes are not one', unable, 2, [oneByOne, overwritten]],
  ] as const)('%s', (_, provider, count, expected) => {
    const changes = Array.from({ length: count }, (_each, index) => change(`n${index}.example.test`));
    expect(cautionsOf(provider, changes)).toEqual(expected.map((text) => expect.stringMatching(text)));
  });
});
