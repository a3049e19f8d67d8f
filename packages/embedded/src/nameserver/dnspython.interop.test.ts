// The embedded name server against dnspython as client: updates with prerequisites, a signed transfer, answers.
// needs: dnspython
import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestNameserver, type TestNameserver, testZone, writtenTestKey } from '../testing/nameserver-ground.ts';

const run = promisify(execFile);
const script = fileURLToPath(new URL('testing/dnspython.py', import.meta.url));
const zone = testZone.apex;

let nameserver: TestNameserver | undefined;
let said: Record<string, unknown> = {};
beforeAll(async () => {
  nameserver = await startTestNameserver();
  const { stdout } = await run('python3', [script, nameserver.address, String(nameserver.port), zone, JSON.stringify(writtenTestKey)]);
  said = JSON.parse(stdout);
});
afterAll(() => nameserver?.remove());

describe('dnspython', () => {
  it('has its updates taken where the prerequisites hold, and refused by the RCODE of RFC 2136 where they do not', () => {
    expect(said).toMatchObject({ first: 'NOERROR', stale: 'NXRRSET', exact: 'NOERROR' });
  });

  it('is not taken for somebody else', () => {
    expect(said.forged).toBe('PeerBadSignature');
  });

  it('reads the whole zone by transfer', () => {
    expect(said.records).toEqual([
      expect.stringMatching(/^example\.test\. \d+ NS ns1\.example\.test\.$/),
      expect.stringMatching(/^example\.test\. \d+ NS ns2\.example\.test\.$/),
      expect.stringMatching(/^example\.test\. \d+ SOA ns1\.example\.test\. dns\\\.admin\.example\.test\. \d+ /),
      `host.${zone}. 60 A 192.0.2.3`,
      `host.${zone}. 60 CAA 0 issue "ca.example.net"`,
      expect.stringMatching(/^ns1\.example\.test\. \d+ A 127\.0\.0\.1$/),
      expect.stringMatching(/^ns2\.example\.test\. \d+ AAAA ::1$/),
    ]);
  });

  it('is answered', () => {
    expect(said.answer).toEqual(['192.0.2.3']);
  });
});
