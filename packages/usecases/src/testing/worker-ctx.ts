import { randomBytes } from 'node:crypto';
import { destinationKinds } from '@hostmaster/adapters/destinations/destination-kinds';
import { destinations } from '@hostmaster/adapters/destinations/destinations';
import { dnsProviderKinds } from '@hostmaster/adapters/dns/provider-kinds';
import { createAuthorityMaker } from '@hostmaster/adapters/issuers/authority';
import { issuerKinds } from '@hostmaster/adapters/issuers/issuer-kinds';
import { issuers } from '@hostmaster/adapters/issuers/issuers';
import { createCsr, generateKey } from '@hostmaster/adapters/keys/generate-key';
import { createKeyStore, generateWorkerKeys } from '@hostmaster/adapters/keys/key-store';
import { openLog } from '@hostmaster/adapters/transparency/open-log';
import type { Clock } from '@hostmaster/core/clock';
import { byKind, ofKind } from '@hostmaster/core/descriptor';
import { authorityUrls } from '@hostmaster/core/pki/build-certificate';
import { issuerChain, toPem } from '@hostmaster/core/pki/chain';
import { profileNamed } from '@hostmaster/core/pki/profile';
import { rootKind } from '@hostmaster/core/pki/source-traits';
import type { Db } from '@hostmaster/db/client';
import { systemActor } from '../actor.ts';
import { createProofs } from '../certificate/proofs.ts';
import { createStandingProofs } from '../certificate/standing-proofs.ts';
import type { Installation, IssuerRow, PrivateKeys, WorkerCtx } from '../context.ts';
import { destinationConnection } from '../destination/connection.ts';
import { openIssuerSecret } from '../issuer/secret.ts';
import { places } from '../places.ts';
import type { Outside } from './outside.ts';

const silent = () => {};

/** There is no primary here: the check that asks it, past the provider, is the business of the tests of the worker. */
const withoutPrimary = byKind(
  [...dnsProviderKinds.values()].map((kind) => ({ ...kind, checks: kind.checks.filter(({ name }) => name !== 'soa') })),
);

/** What a worker has: the internal CA and the key store that are shipped, and the outside of a test. */
export async function workerCtxOn(db: Db, clock: Clock, installation: Installation, outside: Outside): Promise<WorkerCtx> {
  const kek = randomBytes(32);
  const keyStore = await createKeyStore({ kek, workerKey: await generateWorkerKeys(kek) });
  const authority = {
    clock,
    keyStore,
    organisation: 'Example',
    urlsOf: (slug: string) => authorityUrls(installation.publicUrl, slug),
  };
  const keys: PrivateKeys = {
    account: async (context) => keyStore.wrapKey((await generateKey('ecdsa-p256')).pkcs8, context),
    async generate(algorithm, names, context, others) {
      const key = await generateKey(algorithm);
      return { csr: await createCsr(key, names, others), key: keyStore.wrapKey(key.pkcs8, context) };
    },
    adopt: async (privateKey, names, context) => ({
      csr: await createCsr({ pkcs8: privateKey }, names),
      key: keyStore.wrapKey(privateKey, context),
    }),
    exportPem: async (key, context) => toPem(keyStore.unwrapKey(key, context), 'PRIVATE KEY'),
  };
  const options = () => ({
    ...authority,
    proofs: createProofs(ctx),
    standingProofs: createStandingProofs(ctx),
    serviceAccount: async () => 'of nobody',
  });
  const issuer = async (row: IssuerRow) => {
    const { slug, kind, chainPem, profile, settings, keyId, keyCiphertext } = row;
    const descriptor = ofKind(issuers, kind);
    return descriptor.open(
      {
        slug,
        settings: kind === rootKind || issuerKinds.has(kind) ? descriptor.settings.parse(settings) : {},
        profile: profile === null ? null : profileNamed(profile),
        chain: issuerChain(chainPem),
        key: keyId === null || keyCiphertext === null ? null : { keyId, ciphertext: keyCiphertext },
        changesKey: row.nextKeyId !== null,
        secret: await openIssuerSecret(ctx, row, descriptor.secret),
      },
      options(),
    );
  };
  const issuerTest = async (row: IssuerRow, suffixes: readonly string[]) => {
    const descriptor = ofKind(issuers, row.kind);
    const connection = {
      slug: row.slug,
      settings: descriptor.settings.parse(row.settings),
      profile: null,
      chain: issuerChain(row.chainPem),
      key: null,
      secret: await openIssuerSecret(ctx, row, descriptor.secret),
    };
    return descriptor.openTest?.({ ...connection, suffixes }, options());
  };
  const destinationOptions = {
    clock,
    portal: installation.publicUrl,
    keyDestinations: ['https://localhost:*', 'arn:aws:acm:eu-central-1:123456789012'],
  };
  const ctx: WorkerCtx = {
    actor: systemActor,
    db,
    clock,
    dnsProviders: withoutPrimary,
    issuerKinds,
    destinationKinds,
    installation,
    keyStore,
    dnsProvider: () => outside.provider,
    issuer,
    issuerTest,
    keys,
    authorities: createAuthorityMaker(authority),
    prober: outside.prober,
    transparencyLog: (connected) => openLog(connected),
    publicRoots: [],
    edge: outside.destination,
    handshakeProofs: null,
    connectedDestination: async (row) => ofKind(destinations, row.kind).open(await destinationConnection(ctx, row), destinationOptions),
    destinationTest: async (row) => ofKind(destinations, row.kind).openTest(await destinationConnection(ctx, row), destinationOptions),
    readings: places(4),
    random: () => 0.5,
    log: { info: silent, warn: silent, error: silent },
  };
  return ctx;
}
