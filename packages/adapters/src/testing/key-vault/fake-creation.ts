// What the fake of Key Vault makes: a policy that it reads to the letter, an operation that is asked how far it is, and a CA behind each issuer.
import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { type Clock, systemClock } from '@hostmaster/core/clock';
import { day } from '@hostmaster/core/duration';
import { identityFor, leafTbs, signStructure } from '@hostmaster/core/pki/build-certificate';
import { buildCsr } from '@hostmaster/core/pki/build-csr';
import { newSerial } from '@hostmaster/core/pki/serial';
import { signerFor } from '@hostmaster/core/pki/signer';
import { z } from 'zod';
import { authoritySigner, createInternalCa } from '../../issuers/authority.ts';
import { createKeyStore, generateWorkerKeys } from '../../keys/key-store.ts';
import { type Answer, refusal } from './answer.ts';
import { busy, type FakeVault, heldByDeleted, type Operation } from './fake-vault.ts';

const dnsName = z.string().regex(/^(\*\.)?([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z0-9-]+$/);
/** https://learn.microsoft.com/rest/api/keyvault/certificates/create-certificate */
const created = z.strictObject({
  policy: z.strictObject({
    key_props: z.union([
      z.strictObject({ kty: z.literal('EC'), crv: z.enum(['P-256', 'P-384', 'P-521']), exportable: z.boolean(), reuse_key: z.boolean() }),
      z.strictObject({
        kty: z.literal('RSA'),
        key_size: z.union([z.literal(2048), z.literal(3072), z.literal(4096)]),
        exportable: z.boolean(),
        reuse_key: z.boolean(),
      }),
    ]),
    secret_props: z.strictObject({ contentType: z.enum(['application/x-pkcs12', 'application/x-pem-file']) }),
    x509_props: z.strictObject({
      // ub-common-name, RFC 5280 appendix A.
      subject: z.string().regex(/^CN=[a-z0-9.*-]{1,64}$/),
      sans: z.strictObject({ dns_names: z.array(dnsName).min(1) }),
      ekus: z.array(z.string().regex(/^\d+(\.\d+)+$/)),
      key_usage: z.array(z.enum(['digitalSignature', 'keyEncipherment'])),
      validity_months: z.int().min(1).max(1200),
    }),
    lifetime_actions: z
      .array(
        z.strictObject({
          trigger: z.strictObject({ lifetime_percentage: z.int().min(1).max(99) }),
          action: z.strictObject({ action_type: z.enum(['AutoRenew', 'EmailContacts']) }),
        }),
      )
      .min(1),
    issuer: z.strictObject({ name: z.string() }),
    attributes: z.strictObject({}),
  }),
  attributes: z.strictObject({}),
  tags: z.record(z.string().min(1).max(512), z.string().max(256)).optional(),
});
type Created = z.output<typeof created>;

const urls = { certificate: 'http://crt.example.test/ca.cer', ocsp: 'http://ocsp.example.test', crl: 'http://crl.example.test/ca.crl' };
const inProgress =
  'Pending certificate created. Certificate request is in progress. This may take some time based on the issuer provider. Please check again later.';

const keyFor = (props: Created['policy']['key_props']) =>
  props.kty === 'EC'
    ? generateKeyPairSync('ec', { namedCurve: props.crv }).privateKey
    : generateKeyPairSync('rsa', { modulusLength: props.key_size }).privateKey;

export type FakeCreationOptions = {
  /** Names below these are validated for the account of its CA, and no others. */
  readonly suffixes?: readonly string[];
  readonly clock?: Clock;
};

/** @param address of the vault @param vault what it has */
export async function createFakeCreation(
  address: string,
  vault: FakeVault,
  { suffixes = ['example.test'], clock = systemClock }: FakeCreationOptions,
) {
  const kek = Buffer.alloc(32, 9);
  const keyStore = await createKeyStore({ kek, workerKey: await generateWorkerKeys(kek) });
  const made = await createInternalCa({ clock, keyStore, organisation: 'DigiCert', permittedSuffixes: [...suffixes], urls });
  const signer = authoritySigner(made.intermediate, keyStore);
  const identity = identityFor(made.intermediate.certificate, signer);
  const issuers = new Map<string, string>([['digicert-shop', 'DigiCert']]);
  /** How often it says that it is in progress before the CA has signed. */
  const pace = { turns: 2 };

  async function settle(one: Operation): Promise<Uint8Array | null> {
    const isValidated = (name: string): boolean => suffixes.some((suffix) => name === suffix || name.endsWith(`.${suffix}`));
    const foreign = one.making.names.filter((name) => !isValidated(name));
    if (foreign.length > 0) {
      Object.assign(one, {
        status: 'failed',
        details: '',
        error: { code: 'Request rejected', message: `The domain ${foreign[0]} is not validated.` },
      });
      return null;
    }
    const now = Math.floor(clock.now().getTime() / 1000) * 1000;
    const validity = { notBefore: new Date(now - 60_000), notAfter: new Date(now + one.making.months * 30 * day - 1000) };
    const { spki, names } = one.making;
    Object.assign(one, { status: 'completed', details: '' });
    return signStructure(leafTbs({ serial: newSerial(), names, ...validity, spki }, identity, urls), signer);
  }

  const said = (name: string, { requestId, csr, issuer, status, details, error }: Operation): Record<string, unknown> => ({
    id: `${address}/certificates/${name}/pending`,
    issuer: { name: issuer },
    csr: Buffer.from(csr).toString('base64'),
    cancellation_requested: false,
    status,
    status_details: details,
    request_id: requestId,
    ...(status === 'completed' ? { target: `${address}/certificates/${name}` } : {}),
    ...(error === null ? {} : { error }),
  });
  const noPending = (name: string): Answer => refusal(404, 'PendingCertificateNotFound', `No pending certificate was found for ${name}.`);

  /** What its CA signed, as a version. */
  async function finish(name: string): Promise<void> {
    const one = vault.all.get(name.toLowerCase());
    const operation = one?.operation ?? null;
    if (one === undefined || operation === null || operation.status !== 'inProgress') return;
    const leaf = await settle(operation);
    if (leaf !== null)
      one.versions.push({ id: randomBytes(16).toString('hex'), chain: [leaf], key: operation.making.key, tags: operation.tags });
  }

  return {
    /** DER of the CA that signs. */
    authority: made.intermediate.certificate,
    issuers,
    pace,
    finish,

    async create(name: string, body: unknown): Promise<Answer> {
      const parsed = created.safeParse(body);
      const bad = (message: string) => refusal(400, 'BadParameter', message);
      if (!parsed.success) return bad(`Property ${parsed.error.issues[0]?.path.join('.')} has invalid value.`);
      const { policy, tags = {} } = parsed.data;
      const { sans, subject, validity_months: months } = policy.x509_props;
      if (!sans.dns_names.includes(subject.slice(3))) return bad('The subject is none of the alternative names.');
      if (!issuers.has(policy.issuer.name)) return bad(`Certificate issuer ${policy.issuer.name} was not found.`);
      const there = vault.all.get(name.toLowerCase());
      if (there?.isDeleted === true) return heldByDeleted(name);
      if (there?.operation?.status === 'inProgress') return busy();
      const key = keyFor(policy.key_props);
      const ofKey = signerFor(key);
      const operation: Operation = {
        requestId: randomBytes(16).toString('hex'),
        csr: await buildCsr(ofKey, sans.dns_names),
        issuer: policy.issuer.name,
        status: 'inProgress',
        details: inProgress,
        error: null,
        making: { key: key.export({ format: 'der', type: 'pkcs8' }), spki: ofKey.spki, names: sans.dns_names, months },
        tags,
        polled: 0,
      };
      vault.all.set(name.toLowerCase(), { versions: there?.versions ?? [], isDeleted: false, operation, policy });
      return { status: 202, body: said(name, operation), headers: { 'retry-after': '10' } };
    },

    async pending(name: string): Promise<Answer> {
      const one = vault.all.get(name.toLowerCase());
      if (one === undefined || one.isDeleted || !one.operation) return noPending(name);
      one.operation.polled += 1;
      if (one.operation.polled > pace.turns) await finish(name);
      return {
        status: 200,
        body: said(name, one.operation),
        headers: one.operation.status === 'inProgress' ? { 'retry-after': '10' } : {},
      };
    },

    deletePending(name: string): Answer {
      const one = vault.all.get(name.toLowerCase());
      if (one === undefined || !one.operation) return noPending(name);
      const { operation } = one;
      one.operation = null;
      if (one.versions.length === 0) vault.all.delete(name.toLowerCase());
      return { status: 200, body: said(name, operation) };
    },

    issuer(name: string): Answer {
      const provider = issuers.get(name);
      if (provider === undefined) return refusal(404, 'CertificateIssuerNotFound', `A certificate issuer ${name} was not found.`);
      return { status: 200, body: { id: `${address}/certificates/issuers/${name}`, provider, attributes: { enabled: true } } };
    },
  };
}
export type FakeCreation = Awaited<ReturnType<typeof createFakeCreation>>;
