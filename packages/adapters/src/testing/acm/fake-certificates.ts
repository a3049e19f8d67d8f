// What the fake of ACM has: requests, what was signed of them, and what is said of each.
import { createHash, randomUUID } from 'node:crypto';
import { type Clock, systemClock } from '@hostmaster/core/clock';
import { day, hour } from '@hostmaster/core/duration';
import { identityFor, leafTbs, signStructure } from '@hostmaster/core/pki/build-certificate';
import { toPem } from '@hostmaster/core/pki/chain';
import { describeCertificate } from '@hostmaster/core/pki/describe-certificate';
import type { ContractKey } from '@hostmaster/core/pki/profile';
import { newSerial } from '@hostmaster/core/pki/serial';
import { authoritySigner, createInternalCa } from '../../issuers/authority.ts';
import { generateKey } from '../../keys/generate-key.ts';
import { createKeyStore, generateWorkerKeys } from '../../keys/key-store.ts';

export type Tag = { readonly Key: string; readonly Value: string };
export type Imported = { readonly certificate: string; readonly chain: string; readonly privateKey: string };
export type Held = {
  readonly arn: string;
  names: readonly string[];
  readonly key: string;
  readonly token: string | null;
  readonly createdAt: Date;
  tags: readonly Tag[];
  status: 'PENDING_VALIDATION' | 'ISSUED' | 'FAILED' | 'VALIDATION_TIMED_OUT' | 'EXPIRED' | 'REVOKED';
  failure: string | null;
  inUseBy: readonly string[];
  leaf: Uint8Array | null;
  /** What was imported; null of what it has signed itself. */
  imported: Imported | null;
  renewal: { readonly status: string; readonly reason: string | null; readonly proved: boolean } | null;
};

export type FakeCertificatesOptions = {
  /** What it takes for the names of the account: others it takes for unsafe (DOMAIN_NOT_ALLOWED). */
  readonly suffixes: readonly string[];
  readonly region: string;
  readonly account: string;
  /** Where an alias leads in public DNS; null where there is none. */
  readonly resolve: (name: string) => Promise<string | null>;
  readonly clock?: Clock;
};

const keys: Readonly<Record<string, ContractKey>> = {
  EC_prime256v1: 'ecdsa-p256',
  EC_secp384r1: 'ecdsa-p384',
  RSA_2048: 'rsa-2048',
};
const urls = {
  certificate: 'http://crt.example.test/ca.cer',
  ocsp: 'http://ocsp.example.test',
  crl: 'http://crl.example.test/ca.crl',
};
const lifetimeDays = 89;

const bare = (name: string): string => name.replace(/^\*\./, '');
/** One for a name and an account: a wildcard and what it stands below have the same. */
export const recordOf = (name: string, account: string) => {
  const digest = (of: string) =>
    createHash('sha256')
      .update(`${of} ${account} ${bare(name)}`)
      .digest('hex')
      .slice(0, 32);
  return { Name: `_${digest('name')}.${bare(name)}.`, Type: 'CNAME', Value: `_${digest('value')}.xlfgrmvvlj.acm-validations.aws.` };
};

export async function createFakeCertificates({ suffixes, region, account, resolve, clock = systemClock }: FakeCertificatesOptions) {
  const kek = Buffer.alloc(32, 7);
  const keyStore = await createKeyStore({ kek, workerKey: await generateWorkerKeys(kek) });
  const made = await createInternalCa({ clock, keyStore, organisation: 'Amazon', permittedSuffixes: [...suffixes], urls });
  const signer = authoritySigner(made.intermediate, keyStore);
  const identity = identityFor(made.intermediate.certificate, signer);
  const held = new Map<string, Held>();

  async function sign(one: Held): Promise<void> {
    const now = Math.floor(clock.now().getTime() / 1000) * 1000;
    const validity = { notBefore: new Date(now - 60_000), notAfter: new Date(now + lifetimeDays * day - 1000) };
    const { spki } = await generateKey(keys[one.key] ?? 'ecdsa-p256');
    one.leaf = await signStructure(leafTbs({ serial: newSerial(), names: one.names, ...validity, spki }, identity, urls), signer);
    one.status = 'ISSUED';
  }
  const isProved = async (name: string): Promise<boolean> => {
    const { Name, Value } = recordOf(name, account);
    return (await resolve(Name.slice(0, -1))) === Value.slice(0, -1);
  };
  const isAllowed = (name: string): boolean => suffixes.some((suffix) => bare(name) === suffix || name.endsWith(`.${suffix}`));

  return {
    root: made.root.certificate,
    all: held,

    request(names: readonly string[], key: string, token: string | null, tags: readonly Tag[]): Held {
      const now = clock.now();
      const known = [...held.values()].find(
        (one) => token !== null && one.token === token && now.getTime() - one.createdAt.getTime() < hour,
      );
      if (known !== undefined) return known;
      const arn = `arn:aws:acm:${region}:${account}:certificate/${randomUUID()}`;
      const refused = names.some((name) => !isAllowed(name));
      const one: Held = {
        ...{ arn, names, key, token, tags, createdAt: now, inUseBy: [], leaf: null, imported: null, renewal: null },
        ...(refused
          ? { status: 'FAILED' as const, failure: 'DOMAIN_NOT_ALLOWED' }
          : { status: 'PENDING_VALIDATION' as const, failure: null }),
      };
      held.set(arn, one);
      return one;
    },

    /** Anew, or over what is there. */
    import(
      arn: string | null,
      { leaf, names, key, tags, ...pair }: Imported & Pick<Held, 'names' | 'key' | 'tags'> & { leaf: Uint8Array },
    ): Held {
      const known = arn === null ? undefined : held.get(arn);
      const imported = { certificate: pair.certificate, chain: pair.chain, privateKey: pair.privateKey };
      if (known !== undefined) return Object.assign(known, { leaf, names, imported });
      const one: Held = {
        ...{ arn: `arn:aws:acm:${region}:${account}:certificate/${randomUUID()}`, names, key, tags, leaf, imported },
        ...{ token: null, createdAt: clock.now(), inUseBy: [], status: 'ISSUED', failure: null, renewal: null },
      };
      held.set(one.arn, one);
      return one;
    },

    /** It looks whether what it waits for is there, as it does by itself now and then. */
    async look(one: Held): Promise<void> {
      if (one.status === 'PENDING_VALIDATION') {
        if ((await Promise.all(one.names.map(isProved))).every(Boolean)) await sign(one);
        else if (clock.now().getTime() - one.createdAt.getTime() > 72 * hour) one.status = 'VALIDATION_TIMED_OUT';
      }
    },

    /** It renews what is in use and proved, under the same ARN; else it says what it waits for. */
    async renew(one: Held): Promise<void> {
      if (one.inUseBy.length === 0) return;
      const proved = (await Promise.all(one.names.map(isProved))).every(Boolean);
      if (proved) await sign(one);
      one.renewal = { status: proved ? 'SUCCESS' : 'PENDING_VALIDATION', reason: null, proved };
    },

    describe(one: Held): object {
      const { arn, names, key, status, failure, inUseBy, leaf, renewal, createdAt, imported } = one;
      const seconds = (time: Date): number => time.getTime() / 1000;
      const options = (state: string) =>
        names.map((name) => ({
          DomainName: name,
          ValidationDomain: name,
          ValidationMethod: 'DNS',
          ValidationStatus: state,
          // It takes a moment until they are there.
          ResourceRecord: recordOf(name, account),
        }));
      const described = leaf === null ? null : describeCertificate(leaf);
      const state = status === 'ISSUED' ? 'SUCCESS' : status === 'PENDING_VALIDATION' ? status : 'FAILED';
      return {
        CertificateArn: arn,
        DomainName: names[0],
        SubjectAlternativeNames: names,
        Status: status,
        Type: imported === null ? 'AMAZON_ISSUED' : 'IMPORTED',
        // As it describes them, and not as it lists them.
        KeyAlgorithm: key.replace('RSA_', 'RSA-'),
        CreatedAt: seconds(createdAt),
        InUseBy: inUseBy,
        RenewalEligibility: inUseBy.length > 0 && imported === null ? 'ELIGIBLE' : 'INELIGIBLE',
        ...(imported === null ? { DomainValidationOptions: options(state) } : { ImportedAt: seconds(createdAt) }),
        ...(failure === null ? {} : { FailureReason: failure }),
        ...(described === null
          ? {}
          : {
              Serial: described.serial.toLowerCase().replace(/(..)(?=.)/g, '$1:'),
              NotBefore: seconds(described.notBefore),
              NotAfter: seconds(described.notAfter),
            }),
        ...(renewal === null
          ? {}
          : {
              RenewalSummary: {
                RenewalStatus: renewal.status,
                DomainValidationOptions: options(renewal.proved ? 'SUCCESS' : 'PENDING_VALIDATION'),
                UpdatedAt: seconds(clock.now()),
                ...(renewal.reason === null ? {} : { RenewalStatusReason: renewal.reason }),
              },
            }),
      };
    },

    pemOf: ({ leaf, imported }: Held) =>
      imported !== null
        ? { Certificate: imported.certificate, ...(imported.chain === '' ? {} : { CertificateChain: imported.chain }) }
        : leaf === null
          ? null
          : { Certificate: toPem(leaf), CertificateChain: `${toPem(made.intermediate.certificate)}${toPem(made.root.certificate)}` },
  };
}
export type FakeCertificates = Awaited<ReturnType<typeof createFakeCertificates>>;
