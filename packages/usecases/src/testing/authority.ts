import { randomBytes } from 'node:crypto';
import { createInternalCa } from '@hostmaster/adapters/issuers/authority';
import { internalCa } from '@hostmaster/adapters/issuers/internal-ca';
import { createKeyStore, generateWorkerKeys } from '@hostmaster/adapters/keys/key-store';
import { authorityUrls } from '@hostmaster/core/pki/build-certificate';
import { chainToPem } from '@hostmaster/core/pki/chain';
import type { Authority, CertificateIssuer, OcspDelegation } from '@hostmaster/core/pki/issuer';
import { serverProfile } from '@hostmaster/core/pki/profile';
import { systemActor } from '../actor.ts';
import type { WorkerCtx } from '../context.ts';
import type { Harness } from './harness.ts';

type Changed = { readonly authority?: Partial<Authority>; readonly ocsp?: Partial<OcspDelegation> };

/** What sweeps over revocations have: the internal CA that is shipped, for every row of the issuer table, and what it logs. */
export async function authorityOn({ worker, clock }: Harness) {
  const kek = randomBytes(32);
  const keyStore = await createKeyStore({ kek, workerKey: await generateWorkerKeys(kek) });
  let address = 'http://pki.example.test';
  const urls = authorityUrls(address, 'internal-ca');
  const options = { clock, keyStore, organisation: 'Example', permittedSuffixes: ['test'], urls };
  const { intermediate } = await createInternalCa(options);
  const { certificate, key } = intermediate;
  const connection = { slug: 'internal-ca', settings: {}, profile: serverProfile, chain: [certificate], key, secret: new Uint8Array() };
  let changed: Changed = {};
  const warnings: object[] = [];

  async function issuer(): Promise<CertificateIssuer> {
    const opened = internalCa.open(connection, { ...options, urlsOf: (slug) => authorityUrls(address, slug) });
    const { authority } = opened;
    if (authority === undefined || authority.ocsp === null) throw new TypeError('unreachable: it signs leaves');
    return { ...opened, authority: { ...authority, ocsp: { ...authority.ocsp, ...changed.ocsp }, ...changed.authority } };
  }
  const ctx: Pick<WorkerCtx, 'actor' | 'db' | 'clock' | 'issuer' | 'log'> = {
    ...{ ...worker, actor: systemActor, issuer },
    log: { info: () => {}, warn: (fields) => warnings.push(fields), error: () => {} },
  };
  return {
    ctx,
    issuer,
    warnings,
    /** Columns of its row. */
    row: { chainPem: chainToPem([certificate]), keyId: key.keyId, keyCiphertext: Buffer.from(key.ciphertext) },
    certificate,
    /** From now on its sides do this instead. */
    change: (to: Changed): void => {
      changed = to;
    },
    /** From now on it is published at another address. */
    move: (to: string): void => {
      address = to;
    },
  };
}
