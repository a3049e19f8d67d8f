// Builds the worker's context: the one place that knows which adapter stands behind which interface of core.
import { directoryDestination } from '@hostmaster/adapters/destinations/directory';
import { createDnsLimiter } from '@hostmaster/adapters/dns/limiter';
import { dnsProviderKinds } from '@hostmaster/adapters/dns/provider-kinds';
import { dnsProviders } from '@hostmaster/adapters/dns/providers';
import { createIntermediate, createRoot, signCrl } from '@hostmaster/adapters/issuers/internal-ca';
import { issuers } from '@hostmaster/adapters/issuers/issuers';
import { createCsr, generateKey } from '@hostmaster/adapters/keys/generate-key';
import type { WorkerKeyStore } from '@hostmaster/adapters/keys/key-store';
import { createProber } from '@hostmaster/adapters/probes/prober';
import { systemClock } from '@hostmaster/core/clock';
import { ofKind } from '@hostmaster/core/descriptor';
import { HostmasterError } from '@hostmaster/core/errors';
import { chainToPem, splitPem } from '@hostmaster/core/pki/chain';
import { serverProfile } from '@hostmaster/core/pki/profile';
import type { Db } from '@hostmaster/db/client';
import { systemActor } from '@hostmaster/usecases/actor';
import type { Authority, IssuerRow, LeafKeys, Log, WorkerCtx } from '@hostmaster/usecases/context';
import type { Env } from './env.ts';

export { dnsProviderKinds };

export function createWorkerCtx(env: Env, db: Db, keyStore: WorkerKeyStore, log: Log): WorkerCtx {
  const urls = (slug: string) => ({
    certificate: `${env.HOSTMASTER_PUBLIC_URL}/pki/${slug}.cer`,
    crl: `${env.HOSTMASTER_PUBLIC_URL}/pki/${slug}.crl`,
  });
  const directory = env.HOSTMASTER_EDGE_DIRECTORY;
  return {
    actor: systemActor,
    db,
    clock: systemClock,
    dnsProviders: dnsProviderKinds,
    installation: { publicUrl: env.HOSTMASTER_PUBLIC_URL },
    keyStore,
    dnsProvider: dnsProvider(),
    issuer: (row) => internalCa(row, keyStore, urls(row.slug)),
    keys: leafKeys(keyStore),
    authority: authority(env.HOSTMASTER_ORGANISATION, keyStore, urls),
    prober: createProber(),
    destination: directory === undefined ? null : directoryDestination(directory),
    random: Math.random,
    log,
  };
}

/** Opens the provider of a zone, whose calls share the limits of its account with those of all other zones there. */
function dnsProvider(): WorkerCtx['dnsProvider'] {
  const limited = createDnsLimiter();
  return ({ kind, ...connection }) => {
    const descriptor = ofKind(dnsProviders, kind);
    const account = `${kind} ${descriptor.account(connection.settings)}`;
    return limited(descriptor.limits, account, descriptor.open(connection, { clock: systemClock }));
  };
}

/** A CA row with its key, as the adapters take it. */
function authorityOf(row: IssuerRow) {
  const certificate = splitPem(row.chainPem)[0];
  if (certificate === undefined || row.keyId === null || row.keyCiphertext === null)
    throw new HostmasterError('issuer-unavailable', `The key of ${row.slug} is not kept here.`);
  return { certificate, key: { keyId: row.keyId, ciphertext: row.keyCiphertext } };
}

async function internalCa(row: IssuerRow, keyStore: WorkerKeyStore, urls: { certificate: string; crl: string }) {
  if (row.kind !== 'internal-ca') throw new HostmasterError('unsupported', `${row.slug} is of kind ${row.kind}, which signs no leaves.`);
  return issuers['internal-ca']({
    intermediate: authorityOf(row),
    chain: splitPem(row.chainPem),
    keyStore,
    profile: serverProfile,
    clock: systemClock,
    urls,
  });
}

const leafKeys = (keyStore: WorkerKeyStore): LeafKeys => ({
  async generate(algorithm, names, context) {
    const key = await generateKey(algorithm);
    return { csr: await createCsr(key, names), key: keyStore.wrapKey(key.pkcs8, context) };
  },
  async exportPem(key, context) {
    const pkcs8 = Buffer.from(keyStore.unwrapKey(key, context)).toString('base64');
    return `-----BEGIN PRIVATE KEY-----\n${pkcs8.match(/.{1,64}/g)?.join('\n') ?? ''}\n-----END PRIVATE KEY-----\n`;
  },
});

const authority = (
  organisation: string,
  keyStore: WorkerKeyStore,
  urls: (slug: string) => { certificate: string; crl: string },
): Authority => ({
  async createRoot() {
    const { certificate, key } = await createRoot({ clock: systemClock, keyStore, organisation });
    return { chainPem: chainToPem([certificate]), key };
  },
  async createIntermediate(root, permittedSuffixes) {
    const { certificate, key } = await createIntermediate(authorityOf(root), {
      clock: systemClock,
      keyStore,
      organisation,
      permittedSuffixes,
      urls: urls(root.slug),
    });
    return { chainPem: chainToPem([certificate]), key };
  },
  signCrl: (issuer, draft) => signCrl(authorityOf(issuer), keyStore, draft),
});
