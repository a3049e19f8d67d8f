// What the internal CA signs, under two linters that others wrote. Their findings that do not concern a private CA are named
// here with the reason; any other fails, and so does a reason for what they no longer find.
// needs: zlint, pkilint
import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { systemClock as clock } from '@hostmaster/core/clock';
import { authorityUrls } from '@hostmaster/core/pki/build-certificate';
import { readCertificate } from '@hostmaster/core/pki/certificate';
import { toPem } from '@hostmaster/core/pki/chain';
import type { LeafContent } from '@hostmaster/core/pki/leaf-content';
import { certIdHashes } from '@hostmaster/core/pki/ocsp-cert-id';
import { ocspValidity } from '@hostmaster/core/pki/ocsp-validity';
import { serverProfile } from '@hostmaster/core/pki/profile';
import { newSerial } from '@hostmaster/core/pki/serial';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { createCsr, generateKey } from '../keys/generate-key.ts';
import { createKeyStore, generateWorkerKeys } from '../keys/key-store.ts';
import { createInternalCa } from './authority.ts';
import { internalCa } from './internal-ca.ts';

const forumPolicies = "a policy of the CA/Browser Forum's, which only those who follow its rules may assert";
const accepted: Readonly<Record<string, string>> = {
  e_ca_country_name_missing: "a public CA's home; an organisation's own has its name",
  e_invalid_ca_certificate_policies: forumPolicies,
  e_sub_ca_certificate_policies_missing: forumPolicies,
  e_sub_cert_cert_policy_empty: forumPolicies,
  e_sub_cert_certificate_policies_missing: forumPolicies,
  e_ext_nc_intersects_reserved_ip: 'a private CA signs for private addresses, and its constraints say for which',
  e_ext_san_contains_reserved_ip: 'the same for a leaf of one',
  e_ext_san_uniform_resource_identifier_present: 'a SPIFFE ID is one (X.509-SVID §2), which no public CA signs',
  'pkix.invalid_uri_syntax': 'the linter knows no scheme spiffe',
  e_dnsname_not_valid_tld: 'example.test is not in the public DNS, and private zones are not either',
  w_sub_cert_aia_contains_internal_names: 'the same for the address of the issuer',
  w_ext_subject_key_identifier_not_recommended_subscriber: 'RFC 5280 §4.2.1.2 recommends it',
  w_subject_common_name_included: 'what people see in tools that know no SAN',
  'pkix.invalid_domain_name_syntax': 'RFC 5280 knows no wildcards; RFC 9525 §6.3 does',
};

const run = promisify(execFile);
const files = new Map<string, string>();
let folder: string;

async function write(name: string, pem: string): Promise<void> {
  const file = join(folder, `${name}.pem`);
  await writeFile(file, pem);
  files.set(name, file);
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'linters-'));
  const kek = randomBytes(32);
  const keyStore = await createKeyStore({ kek, workerKey: await generateWorkerKeys(kek) });
  const urls = authorityUrls('http://pki.example.test', 'issuing');
  const { root, intermediate } = await createInternalCa({
    clock,
    keyStore,
    organisation: 'Example',
    permittedSuffixes: ['example.test'],
    urls,
  });
  await write('root', toPem(root.certificate));
  await write('intermediate', toPem(intermediate.certificate));
  const { certificate, key } = intermediate;
  const issuer = internalCa.open(
    { slug: 'example', settings: {}, profile: serverProfile, chain: [certificate], key, secret: new Uint8Array() },
    { clock, keyStore, organisation: 'Example', urlsOf: () => urls },
  );
  const many = Array.from({ length: 50 }, (_, index) => `n${index}.example.test`);
  const content: LeafContent = {
    usages: ['server', 'client'],
    addresses: ['10.0.0.1', 'fd00::1'],
    spiffeId: 'spiffe://example.test/a',
    mustStaple: true,
  };
  const names = ['a.example.test'];
  const workload = { id: 'order', names, content, csr: await createCsr(await generateKey('ecdsa-p256'), names, content) };
  const workloads = await issuer.issue(workload, issuer.begin(workload), AbortSignal.timeout(30_000));
  if (workloads.outcome === 'issued' && workloads.chain[0] !== undefined) await write('a workload', toPem(workloads.chain[0]));
  for (const algorithm of ['ecdsa-p256', 'ecdsa-p384', 'rsa-2048', 'rsa-3072'] as const) {
    const leafKey = await generateKey(algorithm);
    for (const names of [['a.example.test'], ['*.a.example.test'], ['xn--bcher-kva.example.test'], many]) {
      const order = { id: 'order', names, csr: await createCsr(leafKey, names) };
      const progress = await issuer.issue(order, issuer.begin(order), AbortSignal.timeout(30_000));
      if (progress.outcome === 'issued' && progress.chain[0] !== undefined)
        await write(`${algorithm} for ${names[0]} and ${names.length - 1} more`, toPem(progress.chain[0]));
    }
  }
  const now = clock.now().getTime();
  const revoked = [{ serial: newSerial(), revokedAt: new Date(now - 60_000), reason: 'keyCompromise' as const }];
  const { authority } = issuer;
  if (!authority?.ocsp) throw new TypeError('unreachable: it signs lists and responses');
  const list = { number: 1, thisUpdate: new Date(now - 60_000), nextUpdate: new Date(now + 86_400_000), revoked };
  await writeFile(join(folder, 'revoked.crl'), await authority.signCrl({ ...list, addresses: null }));
  await writeFile(join(folder, 'shard.crl'), await authority.signCrl({ ...list, addresses: [urls.crl] }));
  const signer = await authority.ocsp.createSigner();
  await write('signer', toPem(signer.certificate));
  const sign = authority.ocsp.open(signer)(ocspValidity(clock.now(), readCertificate(signer.certificate).notAfter));
  for (const [name, status] of Object.entries({ good: null, revoked: { at: new Date(now - 60_000), reason: 'keyCompromise' as const } })) {
    const responses = await sign({ serial: newSerial(), revoked: status });
    for (const hash of certIdHashes) await writeFile(join(folder, `${name}.${hash}.ocsp`), responses[hash]);
  }
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const zlintReport = z.record(z.string(), z.object({ result: z.string() }));
async function zlint(file: string): Promise<string[]> {
  const { stdout } = await run('zlint', [file]);
  return Object.entries(zlintReport.parse(JSON.parse(stdout))).flatMap(([code, { result }]) =>
    /^(fatal|error|warn)$/.test(result) ? [code] : [],
  );
}

const pkilintReport = z.object({ results: z.array(z.object({ finding_descriptions: z.array(z.object({ code: z.string() })) })) });
/** Its exit code is the number of findings. */
async function pkilint(command: string, ...args: readonly string[]): Promise<string[]> {
  const answer = await run(command, ['lint', '--severity', 'WARNING', '--format', 'JSON', ...args]).catch(
    (error: { stdout: string }) => error,
  );
  const { results } = pkilintReport.parse(JSON.parse(answer.stdout));
  return results.flatMap((result) => result.finding_descriptions.map(({ code }) => code));
}

const found = new Set<string>();
const beyondAccepted = (codes: readonly string[]): string[] => {
  for (const code of codes) found.add(code);
  return codes.filter((code) => !Object.hasOwn(accepted, code));
};

describe('certificates of the internal CA', () => {
  it('have nothing that zlint finds and that concerns a private CA', async () => {
    for (const [name, file] of files) expect(beyondAccepted(await zlint(file)), name).toEqual([]);
  });

  it('have nothing that pkilint finds and that concerns a private CA', async () => {
    for (const [name, file] of files) expect(beyondAccepted(await pkilint('lint_pkix_cert', file)), name).toEqual([]);
  });

  it.each(['revoked.crl', 'shard.crl'])('are revoked by a list in which pkilint finds nothing: %s', async (file) => {
    expect(await pkilint('lint_crl', '--type', 'CRL', '--profile', 'PKIX', join(folder, file))).toEqual([]);
  });

  it.each(['good.sha1', 'good.sha256', 'revoked.sha1', 'revoked.sha256'])(
    'are answered for by a response in which pkilint finds nothing: %s',
    async (file) => {
      expect(await pkilint('lint_ocsp_response', join(folder, `${file}.ocsp`))).toEqual([]);
    },
  );

  it('are accepted with no finding that is gone', () => {
    expect([...found].sort()).toEqual(Object.keys(accepted).sort());
  });
});
