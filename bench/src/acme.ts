// What an order at a CA that speaks ACME costs here: Pebble, which believes every proof, so that nothing is waited for but its answers.
import { generateKeyPairSync } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { acme } from '@hostmaster/adapters/issuers/acme/acme';
import { createCsr, generateKey } from '@hostmaster/adapters/keys/generate-key';
import type { Proofs } from '@hostmaster/core/acme/proofs';
import { systemClock as clock } from '@hostmaster/core/clock';
import type { CertificateIssuer } from '@hostmaster/core/pki/issuer';
import { type Pebble, startPebble } from '@hostmaster/embedded/testing/pebble';
import { cpuMilliseconds, median, quantile } from './measure.ts';
import type { Bench } from './report.ts';

const orders = 60;
const promisedMilliseconds = 100;
const proofs: Proofs = { put: async () => null, takeBack: async () => {} };

function open(pebble: Pebble): CertificateIssuer {
  const ciphertext = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey.export({ format: 'der', type: 'pkcs8' });
  const settings = acme.settings.parse({ directory: pebble.directoryUrl, trust: pebble.trust, addresses: '127.0.0.0/8' });
  return acme.open(
    { slug: 'pebble', settings, profile: null, chain: [], key: { keyId: 'bench', ciphertext }, secret: new Uint8Array() },
    { clock, keyStore: { unwrapKey: (sealed) => sealed.ciphertext }, proofs },
  );
}

/** One name, from its key to its chain. */
async function order(issuer: CertificateIssuer, index: number, signal: AbortSignal): Promise<void> {
  const names = [`n${index}.example.test`];
  const wanted = { id: `order-${index}`, names, csr: await createCsr(await generateKey('ecdsa-p256'), names) };
  for (let resume = issuer.begin(wanted); ; ) {
    const progress = await issuer.issue(wanted, resume, signal);
    if (progress.outcome === 'issued') return;
    resume = progress.resume;
    await pause((progress.retryAfterSeconds ?? 0) * 1000, undefined, { signal });
  }
}

export const benchAcme: Bench = async (signal) => {
  const pebble = await startPebble({ believesAll: true });
  try {
    const issuer = open(pebble);
    for (let warmUp = 0; warmUp < 5; warmUp += 1) await order(issuer, warmUp, signal);
    const measured: { readonly own: number; readonly passed: number }[] = [];
    for (let index = 0; index < orders; index += 1) {
      const [began, clocked] = [cpuMilliseconds(), performance.now()];
      await order(issuer, 100 + index, signal);
      measured.push({ own: cpuMilliseconds() - began, passed: performance.now() - clocked });
    }
    const row = (what: string, values: readonly number[]) => [
      what,
      ...[median(values), quantile(values, 0.95)].map((milliseconds) => `${milliseconds.toFixed(1)} ms`),
    ];
    const own = measured.map((each) => each.own);
    return {
      title: 'An order at a CA that speaks ACME',
      columns: ['', 'p50', 'p95'],
      rows: [
        row('our own time: CPU of this process', own),
        row(
          'from the key to the chain, by the clock',
          measured.map(({ passed }) => passed),
        ),
      ],
      promises: [
        {
          promise: `an order against Pebble in at most ${promisedMilliseconds} ms of our own time`,
          measured: `p95 ${quantile(own, 0.95).toFixed(1)} ms`,
          kept: quantile(own, 0.95) <= promisedMilliseconds,
        },
      ],
      notes: [
        `${orders} orders of one new name each, one at a time, with a key of their own; Pebble refuses a nonce in twenty and believes every proof. What it costs to write proofs into DNS and rows into the database is not in it.`,
      ],
    };
  } finally {
    await pebble.stop();
  }
};
