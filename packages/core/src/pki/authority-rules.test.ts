// What a CA that was made elsewhere is told, where nothing but its certificate is needed; the rest is tried with OpenSSL and a database
// (usecases/src/authority/authority.test.ts).
import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, expect, it } from 'vitest';
import { day } from '../duration.ts';
import { hostnameOf } from '../hostname/parse-hostname.ts';
import { intermediateFaults, readAuthorityPem, rootFaults } from './authority-rules.ts';
import { signStructure } from './build-certificate.ts';
import { readCertificate } from './certificate.ts';
import { sequence, tlv } from './der.ts';
import { children, readDer } from './der-reader.ts';
import { testAuthority, testNow } from './testing/authority.ts';

const authority = await testAuthority();
const folder = mkdtempSync(join(tmpdir(), 'authority-rules-'));
afterAll(() => rmSync(folder, { recursive: true }));
const run = promisify(execFile);
const openssl = (...args: readonly string[]) => run('openssl', [...args], { cwd: folder });

const root = readCertificate(authority.root);
const intermediate = readCertificate(authority.intermediate);
const below = { root, spki: intermediate.spki, apexes: [hostnameOf('example.test')] };
const daysBefore = (end: Date, days: number) => new Date(end.getTime() - days * day);
/** The test's CAs with these octets for a serial; who signs is of no matter here. */
const withSerial = async (der: Uint8Array, serial: Uint8Array) => {
  const [version, , ...rest] = children(readDer(readCertificate(der).tbs)).map(({ raw }) => raw);
  return readCertificate(await signStructure(sequence(version ?? serial, tlv(2, [serial]), ...rest), authority.rootSigner));
};

it('nothing is wrong with a root and a CA that last', () => {
  expect(rootFaults(root, testNow)).toEqual([]);
  expect(intermediateFaults(intermediate, below, testNow)).toEqual([]);
});

it.each([
  ['is negative', Uint8Array.of(0xfb)],
  ['is of one octet', Uint8Array.of(5)],
  ['is of 21 octets', new Uint8Array(21).fill(0x11)],
])('a root whose serial %s is refused as a CA below one is, and both are told what mends it', async (_, serial) => {
  const mends = { rule: 'ca-serial', reason: expect.stringMatching(/8 to 20 octets/), remedy: expect.stringContaining('-set_serial 0x$(') };
  expect(rootFaults(await withSerial(authority.root, serial), testNow)).toEqual([mends].map((each) => expect.objectContaining(each)));
  const found = intermediateFaults(await withSerial(authority.intermediate, serial), below, testNow);
  expect(found).toEqual([expect.objectContaining(mends)]);
});

it('a CA that ends before a whole certificate below it would is refused, and told until when it must last', () => {
  for (const [ca, faults] of [
    [root, (now: Date) => rootFaults(root, now)],
    [intermediate, (now: Date) => intermediateFaults(intermediate, below, now)],
  ] as const) {
    expect(faults(daysBefore(ca.notAfter, 90))).toEqual([]);
    expect(faults(daysBefore(ca.notAfter, 89))).toEqual([
      expect.objectContaining({ rule: 'ca-validity', reason: expect.stringMatching(/^It ends on .* and must last until .* at least/) }),
    ]);
    expect(faults(daysBefore(ca.notAfter, -1))).toEqual([
      expect.objectContaining({ rule: 'ca-validity', reason: expect.stringMatching(/^It has expired on/) }),
    ]);
  }
});

it('a certificate of version 1 is told from what is none, and how it is made again with extensions', async () => {
  writeFileSync(join(folder, 'empty.cnf'), '[req]\ndistinguished_name=dn\n[dn]\n');
  const made = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-config', 'empty.cnf'];
  await openssl('req', '-new', ...made, '-keyout', 'root.key', '-subj', '/CN=Old root', '-out', 'root.csr');
  await openssl('x509', '-req', '-in', 'root.csr', '-key', 'root.key', '-out', 'root.pem');
  await openssl('req', '-new', ...made, '-keyout', 'ca.key', '-subj', '/CN=Old CA', '-out', 'ca.csr');
  await openssl('x509', '-req', '-in', 'ca.csr', '-CA', 'root.pem', '-CAkey', 'root.key', '-CAcreateserial', '-out', 'ca.pem');
  for (const [file, remedy] of [
    ['root.pem', 'openssl req -x509'],
    ['ca.pem', '-copy_extensions copy'],
  ] as const)
    expect(readAuthorityPem(readFileSync(join(folder, file), 'utf8'))).toEqual({
      chain: [],
      violations: [
        expect.objectContaining({
          rule: 'ca-profile',
          reason: expect.stringContaining('version 1'),
          remedy: expect.stringContaining(remedy),
        }),
      ],
    });
  expect(readAuthorityPem('-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n').violations).toMatchObject([{ rule: 'ca-pem' }]);
});
