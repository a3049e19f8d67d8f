// Builds the worker's context: the one place that knows which adapter stands behind which interface of core.
import { destinationKinds } from '@hostmaster/adapters/destinations/destination-kinds';
import { type DestinationOptions, destinations } from '@hostmaster/adapters/destinations/destinations';
import { directoryDestination } from '@hostmaster/adapters/destinations/directory';
import { directoryProofs } from '@hostmaster/adapters/destinations/handshake-proofs';
import { commandReload } from '@hostmaster/adapters/destinations/reload';
import { createDnsLimiter } from '@hostmaster/adapters/dns/limiter';
import { dnsProviderKinds } from '@hostmaster/adapters/dns/provider-kinds';
import { dnsProviders } from '@hostmaster/adapters/dns/providers';
import { createAuthorityMaker } from '@hostmaster/adapters/issuers/authority';
import type { InternalCaOptions } from '@hostmaster/adapters/issuers/internal-ca';
import { issuerKinds } from '@hostmaster/adapters/issuers/issuer-kinds';
import { type IssuerOptions, issuers } from '@hostmaster/adapters/issuers/issuers';
import { readServiceAccount } from '@hostmaster/adapters/issuers/vault/service-account';
import { createCsr, generateKey } from '@hostmaster/adapters/keys/generate-key';
import type { WorkerKeyStore } from '@hostmaster/adapters/keys/key-store';
import { createProber } from '@hostmaster/adapters/probes/prober';
import { publicRoots } from '@hostmaster/adapters/probes/public-roots';
import { openLog } from '@hostmaster/adapters/transparency/open-log';
import { type Clock, systemClock } from '@hostmaster/core/clock';
import { ofKind } from '@hostmaster/core/descriptor';
import { authorityUrls } from '@hostmaster/core/pki/build-certificate';
import { issuerChain, toPem } from '@hostmaster/core/pki/chain';
import type { CertificateDestination } from '@hostmaster/core/pki/destination';
import type { CertificateIssuer } from '@hostmaster/core/pki/issuer';
import { profileNamed } from '@hostmaster/core/pki/profile';
import type { Db } from '@hostmaster/db/client';
import { systemActor } from '@hostmaster/usecases/actor';
import { createProofs } from '@hostmaster/usecases/certificate/proofs';
import { createStandingProofs } from '@hostmaster/usecases/certificate/standing-proofs';
import type { IssuerRow, Log, PrivateKeys, WorkerCtx } from '@hostmaster/usecases/context';
import { destinationConnection } from '@hostmaster/usecases/destination/connection';
import { withOwnKey } from '@hostmaster/usecases/issuer/own-key';
import { openIssuerSecret } from '@hostmaster/usecases/issuer/secret';
import { places } from '@hostmaster/usecases/places';
import { readStored } from '@hostmaster/usecases/stored-json';
import type { Env } from './env.ts';

export { destinationKinds, dnsProviderKinds, issuerKinds };

/** Each holds some megabytes of what its server sent, and a connection to that server. */
const mostReadings = 4;

export function createWorkerCtx(env: Env, db: Db, keyStore: WorkerKeyStore, log: Log): WorkerCtx {
  const authority: InternalCaOptions = {
    clock: systemClock,
    keyStore,
    organisation: env.HOSTMASTER_ORGANISATION,
    urlsOf: (slug) => authorityUrls(env.pkiUrl, slug),
  };
  const ctx: WorkerCtx = {
    actor: systemActor,
    db,
    clock: systemClock,
    dnsProviders: dnsProviderKinds,
    issuerKinds,
    destinationKinds,
    installation: { publicUrl: env.HOSTMASTER_PUBLIC_URL },
    keyStore,
    dnsProvider: dnsProvider(),
    issuer: (row) => open(row),
    issuerTest: (row, suffixes) => openTest(row, suffixes),
    keys: privateKeys(keyStore),
    authorities: createAuthorityMaker(authority),
    prober: createProber({
      onForeignFault: ({ said, ...where }) => log.info({ ...where, err: said }, 'A probe failed in words of others.'),
    }),
    transparencyLog: (connected) => openLog(connected),
    publicRoots,
    edge: edge(env),
    handshakeProofs: env.HOSTMASTER_EDGE_DIRECTORY === undefined ? null : directoryProofs(env.HOSTMASTER_EDGE_DIRECTORY, systemClock),
    connectedDestination: (row) => connectedDestination(row),
    destinationTest: async (row) => ofKind(destinations, row.kind).openTest(await destinationConnection(ctx, row), destinationOptions),
    readings: places(Math.max(1, Math.min(mostReadings, Math.floor(env.WORKER_CONCURRENCY / 2)))),
    random: Math.random,
    log,
  };
  const serviceAccount = () => readServiceAccount(env.HOSTMASTER_SERVICE_ACCOUNT_TOKEN_FILE);
  const options = { ...authority, keyStore, proofs: createProofs(ctx), standingProofs: createStandingProofs(ctx), serviceAccount };
  const destinationOptions = {
    clock: systemClock,
    portal: env.HOSTMASTER_PUBLIC_URL,
    keyDestinations: env.HOSTMASTER_KEY_DESTINATIONS,
  };
  const connectedDestination = destination(ctx, destinationOptions);
  const open = issuer(ctx, options);
  const openTest = issuerTest(ctx, options);
  return ctx;
}

function edge({ HOSTMASTER_EDGE_DIRECTORY: directory, HOSTMASTER_EDGE_RELOAD: command }: Env): WorkerCtx['edge'] {
  if (directory === undefined) return null;
  return directoryDestination(directory, command === undefined ? undefined : commandReload(command));
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

/** Opens the issuer of a row, and keeps it for as long as the row stays as it is: what it has opened once is found again. */
function issuer(ctx: WorkerCtx, options: IssuerOptions): WorkerCtx['issuer'] {
  const opened = new Map<string, { readonly row: string; readonly issuer: CertificateIssuer }>();
  return async (stored) => {
    const { id, slug, kind, chainPem, profile, settings, secretKeyId, secretCiphertext } = stored;
    const descriptor = ofKind(issuers, kind);
    const { keyId, keyCiphertext } = descriptor.ownKey === null ? stored : await withOwnKey(ctx, stored, descriptor.ownKey(slug));
    const sealed = [keyId, textOf(keyCiphertext), stored.nextKeyId, secretKeyId, textOf(secretCiphertext)];
    const row = JSON.stringify([kind, chainPem, profile, settings, ...sealed]);
    const known = opened.get(id);
    if (known?.row === row) return known.issuer;
    const made = descriptor.open(await connectionOf(ctx, { ...stored, keyId, keyCiphertext }), options);
    opened.set(id, { row, issuer: made });
    return made;
  };
}

/** Opens the destination of a row, and keeps it for as long as the row stays as it is: its connections are used again. */
function destination(ctx: WorkerCtx, options: DestinationOptions & { readonly clock: Clock }): WorkerCtx['connectedDestination'] {
  const opened = new Map<string, { readonly row: string; readonly at: (namespace: string) => CertificateDestination }>();
  return async (stored) => {
    const { id, slug, kind, settings, secretKeyId, secretCiphertext } = stored;
    const row = JSON.stringify([slug, kind, settings, secretKeyId, textOf(secretCiphertext)]);
    const known = opened.get(id);
    if (known?.row === row) return known.at;
    const at = ofKind(destinations, kind).open(await destinationConnection(ctx, stored), options);
    opened.set(id, { row, at });
    return at;
  };
}

/** Opened anew for each test: nothing that was kept from before answers in the place of the CA, and no key of an account is made for it. */
const issuerTest =
  (ctx: WorkerCtx, options: IssuerOptions): WorkerCtx['issuerTest'] =>
  async (row, suffixes) =>
    ofKind(issuers, row.kind).openTest?.({ ...(await connectionOf(ctx, row)), suffixes }, options);

/** What a row says, with its secret opened. Errors: key-unreadable. */
async function connectionOf(ctx: WorkerCtx, row: IssuerRow) {
  const { slug, kind, chainPem, profile, settings, keyId, keyCiphertext } = row;
  const descriptor = ofKind(issuers, kind);
  return {
    slug,
    settings: readStored(descriptor.settings, settings, 'issuer.settings'),
    profile: profile === null ? null : profileNamed(profile),
    chain: issuerChain(chainPem),
    key: keyId === null || keyCiphertext === null ? null : { keyId, ciphertext: keyCiphertext },
    changesKey: row.nextKeyId !== null,
    secret: await openIssuerSecret(ctx, row, descriptor.secret),
  };
}

const textOf = (octets: Uint8Array | null): string => Buffer.from(octets ?? '').toString('base64');

const privateKeys = (keyStore: WorkerKeyStore): PrivateKeys => ({
  account: async (context) => keyStore.wrapKey((await generateKey('ecdsa-p256')).pkcs8, context),
  async generate(algorithm, names, context, others) {
    const key = await generateKey(algorithm);
    return { csr: await createCsr(key, names, others), key: keyStore.wrapKey(key.pkcs8, context) };
  },
  adopt: async (privateKey, names, context) => ({
    csr: await createCsr({ pkcs8: privateKey }, names),
    key: keyStore.wrapKey(privateKey, context),
  }),
  async exportPem(key, context) {
    return toPem(keyStore.unwrapKey(key, context), 'PRIVATE KEY');
  },
});
