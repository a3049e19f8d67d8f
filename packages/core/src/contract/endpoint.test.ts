import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { endpointContract } from './endpoint.ts';

const tls = (more: object) =>
  endpointContract.parse({ hostname: 'a.example.test', team: 'a-team', target: { addresses: ['127.0.0.1'] }, tls: more }).tls;

describe('what a certificate holds beside its names', () => {
  it('is kept once, in one order and one spelling', () => {
    expect(tls({ usages: ['client', 'server'] }).usages).toEqual(['server', 'client']);
    expect(tls({ usages: ['client', 'client'] }).usages).toEqual(['client']);
    expect(tls({ addresses: ['FD00:0::1', '10.0.0.2', 'fd00::1'] }).addresses).toEqual(['10.0.0.2', 'fd00::1']);
    expect([tls({}).usages, tls({}).addresses]).toEqual([undefined, undefined]);
  });

  it('is the same contract in whatever order it is given, and read again', () => {
    const some = fc.shuffledSubarray(['10.0.0.1', '10.0.0.2', 'fd00::1', 'FD00::1', 'fd00:0::2'], { minLength: 1 });
    fc.assert(
      fc.property(some, (addresses) => {
        const once = tls({ addresses });
        expect(tls(once)).toEqual(once);
        expect(tls({ addresses: addresses.toReversed() })).toEqual(once);
      }),
    );
  });
});
