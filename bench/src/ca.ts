// Leaves per second of the internal CA beside the signatures that OpenSSL makes with the same kind of key. An issuer does
// more than sign: it verifies the requester's proof of possession, which alone costs several signatures, builds and lints.
// So the parts are measured too.
import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { promisify } from 'node:util';
import { authoritySigner, createInternalCa } from '@hostmaster/adapters/issuers/authority';
import { internalCa } from '@hostmaster/adapters/issuers/internal-ca';
import { createCsr, generateKey } from '@hostmaster/adapters/keys/generate-key';
import { createKeyStore, generateWorkerKeys } from '@hostmaster/adapters/keys/key-store';
import { systemClock as clock } from '@hostmaster/core/clock';
import { authorityUrls, identityFor, leafTbs, signStructure } from '@hostmaster/core/pki/build-certificate';
import { readCertificate } from '@hostmaster/core/pki/certificate';
import { parseCsr } from '@hostmaster/core/pki/csr';
import type { CertificateOrder } from '@hostmaster/core/pki/issuer';
import { lintLeaf, refuseFindings } from '@hostmaster/core/pki/lint';
import { orderValidity, serverProfile } from '@hostmaster/core/pki/profile';
import { newSerial } from '@hostmaster/core/pki/serial';
import { alternate, median, ratePerSecond } from './measure.ts';
import { type Bench, percent, whole } from './report.ts';

const promisedShare = 0.4;
const rounds = 3;
const roundMilliseconds = 500;
const opensslSeconds = 2;
const run = promisify(execFile);
const urls = authorityUrls('http://pki.example.test', 'issuing');

/** Signatures and verifications per second of CPU time. */
export async function opensslSpeed(signal: AbortSignal): Promise<{ sign: number; verify: number }> {
  const { stdout } = await run('openssl', ['speed', '-seconds', String(opensslSeconds), 'ecdsap256'], { signal });
  const [, signs, verifies] = /\(nistp256\)\s+\S+s\s+\S+s\s+([\d.]+)\s+([\d.]+)/.exec(stdout) ?? [];
  if (signs === undefined || verifies === undefined) throw new Error(`openssl speed said something unexpected: ${stdout}`);
  return { sign: Number(signs), verify: Number(verifies) };
}

async function createParts() {
  const kek = randomBytes(32);
  const keyStore = await createKeyStore({ kek, workerKey: await generateWorkerKeys(kek) });
  const { intermediate } = await createInternalCa({ clock, keyStore, organisation: 'Example', permittedSuffixes: ['example.test'], urls });
  const { key } = intermediate;
  const connection = {
    slug: 'bench',
    settings: {},
    profile: serverProfile,
    chain: [intermediate.certificate],
    key,
    secret: new Uint8Array(),
  };
  const issuer = internalCa.open(connection, { clock, keyStore, organisation: 'Example', urlsOf: () => urls });
  const certificate = readCertificate(intermediate.certificate);
  const names = ['orders.dev.example.test'];
  const csr = await createCsr(await generateKey('ecdsa-p256'), names);
  const validity = orderValidity(serverProfile, certificate, clock.now());
  const order: CertificateOrder = { id: 'bench', names, csr };
  const leaf = () => ({ names, ...validity, serial: newSerial() });
  return { issuer, certificate, csr, order, leaf, signer: authoritySigner(intermediate, keyStore) };
}

export const benchCa: Bench = async (signal) => {
  const { issuer, certificate, csr, order, leaf, signer } = await createParts();
  const { publicKey } = parseCsr(csr);
  const identity = identityFor(certificate.der, signer);
  const draft = () => leafTbs({ ...leaf(), spki: publicKey.spki }, identity, urls);
  const context = { profile: serverProfile, issuer: certificate, issuerAlgorithm: signer.algorithm, publicKey };
  const tbs = draft();

  const verifies: number[] = [];
  const openssl = async () => {
    const speed = await opensslSpeed(signal);
    verifies.push(speed.verify);
    return speed.sign;
  };
  const parts: readonly (() => Promise<void> | void)[] = [
    async () => void (await issuer.issue(order, issuer.begin(order), signal)),
    async () => {
      const unsigned = draft();
      refuseFindings(lintLeaf(unsigned, context));
      await signStructure(unsigned, signer);
    },
    async () => void (await signer.sign(tbs)),
    () => void parseCsr(csr),
    () => void draft(),
    () => void lintLeaf(tbs, context),
  ];
  const contenders = parts.map((part) => () => ratePerSecond(part, roundMilliseconds));
  for (const warmUp of contenders) await warmUp();
  const [opensslSigns = 0, issued = 0, withoutCsr = 0, signed = 0, parsed = 0, built = 0, linted = 0] = (
    await alternate([openssl, ...contenders], rounds, signal)
  ).map(median);
  const row = (what: string, rate: number) => [what, `${whole(rate)}/s`, `${(1e6 / rate).toFixed(1)} µs`, percent(rate / opensslSigns)];
  const verified = median(verifies);
  const bound = 1 / (1 / opensslSigns + 1 / verified);
  return {
    title: 'Internal CA: P-256 leaves',
    columns: ['per core', 'rate', 'each', 'of what openssl signs'],
    rows: [
      row('`openssl speed ecdsap256`: sign', opensslSigns),
      row('`openssl speed ecdsap256`: verify', verified),
      row('the most that one verification and one signature allow', bound),
      row('issue: request verified, leaf built, linted, signed', issued),
      row('the same for a request that was verified before', withoutCsr),
      row('sign alone, through Node', signed),
      row('read and verify the request alone', parsed),
      row('build alone', built),
      row('lint alone', linted),
    ],
    promises: [
      {
        promise: `leaves per second and core at least ${percent(promisedShare)} of what \`openssl speed\` signs`,
        measured: `${percent(issued / opensslSigns)}; ${percent(issued / bound)} of what one verification and one signature allow`,
        kept: issued / opensslSigns >= promisedShare,
      },
    ],
    notes: [
      `One thread, by CPU time as \`openssl speed\` counts it, median of ${rounds} alternating rounds of ${roundMilliseconds / 1000} s (openssl ${opensslSeconds} s each).`,
      'Every order has one name and its own serial; the request is made before.',
    ],
  };
};
