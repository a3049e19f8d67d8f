// A fake of ACM's API on loopback, as strict as its documents: JSON 1.1 with X-Amz-Target, signatures verified, inputs held against their limits,
// errors by their names and statuses. Whoever asks is a user of IAM who may do what the fake is told.
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { certificateActions } from '@hostmaster/core/acm/policy';
import { systemClock } from '@hostmaster/core/clock';
import { z } from 'zod';
import { createTestCa } from '../test-ca.ts';
import { createFakeCertificates, type FakeCertificates, type FakeCertificatesOptions, type Held } from './fake-certificates.ts';
import { importFault } from './imports.ts';
import { signatureFault } from './verify-signature.ts';

export type Answer = { readonly status: number; readonly body: object };
export type Asked = { readonly action: string; readonly input: unknown };
/** What is sent in the place of an answer: another one, or nothing for ever, or a connection that is closed. */
export type Sent = Answer | 'stall' | 'reset';

export type FakeAcm = {
  readonly endpoint: string;
  /** PEM of what signs its own HTTPS. */
  readonly trust: string;
  readonly region: string;
  readonly account: string;
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly certificates: FakeCertificates;
  /** What it was asked, the oldest first; what its signature does not let in, too. */
  readonly asked: readonly Asked[];
  /** What the user may do from now on, as `acm:…`. */
  allow(actions: readonly string[]): void;
  behave(how: ((asked: Asked, answer: Answer) => Sent | Promise<Sent>) | null): void;
  close(): Promise<void>;
};

export const everyAction = [
  ...['acm:RequestCertificate', 'acm:ImportCertificate', 'acm:AddTagsToCertificate', 'acm:ListCertificates', 'acm:DeleteCertificate'],
  ...certificateActions,
];

export const refusal = (type: string, message: string, status = 400): Answer => ({ status, body: { __type: type, message } });

const arn = z
  .string()
  .min(20)
  .max(2048)
  .regex(/^arn:[\w+=/,.@-]+:acm:[\w+=/,.@-]*:[0-9]+:[\w+=,.@-]+(\/[\w+=,.@-]+)*$/);
const domain = z
  .string()
  .min(1)
  .max(253)
  .regex(/^(\*\.|(?!-)[A-Za-z0-9-]{0,62}[A-Za-z0-9]\.)+((?!-)[A-Za-z0-9-]{1,62}[A-Za-z0-9])$/);
const tag = z.strictObject({
  Key: z
    .string()
    .min(1)
    .max(128)
    .regex(/^[\p{L}\p{Z}\p{N}_.:/=+\-@]*$/u),
  Value: z
    .string()
    .max(256)
    .regex(/^[\p{L}\p{Z}\p{N}_.:/=+\-@]*$/u),
});
const keyTypes = ['RSA_1024', 'RSA_2048', 'RSA_3072', 'RSA_4096', 'EC_prime256v1', 'EC_secp384r1', 'EC_secp521r1'] as const;
/** Of bytes, which are base64 on the wire. */
const blob = (most: number) =>
  z
    .base64()
    .transform((text) => Buffer.from(text, 'base64').toString('latin1'))
    .pipe(z.string().min(1).max(most));
/** Inputs with their limits, as https://docs.aws.amazon.com/acm/latest/APIReference has them; whatever else is sent is refused. */
const inputs = {
  RequestCertificate: z.strictObject({
    DomainName: domain,
    SubjectAlternativeNames: z.array(domain).min(1).max(100).optional(),
    ValidationMethod: z.enum(['DNS', 'EMAIL', 'HTTP']),
    IdempotencyToken: z.string().min(1).max(32).regex(/^\w+$/).optional(),
    KeyAlgorithm: z.enum(keyTypes).default('RSA_2048'),
    Tags: z.array(tag).min(1).max(50).default([]),
  }),
  ImportCertificate: z.strictObject({
    CertificateArn: arn.optional(),
    Certificate: blob(32768),
    PrivateKey: blob(5120),
    CertificateChain: blob(2097152).optional(),
    Tags: z.array(tag).min(1).max(50).optional(),
  }),
  DescribeCertificate: z.strictObject({ CertificateArn: arn }),
  GetCertificate: z.strictObject({ CertificateArn: arn }),
  DeleteCertificate: z.strictObject({ CertificateArn: arn }),
  ListTagsForCertificate: z.strictObject({ CertificateArn: arn }),
  ListCertificates: z.strictObject({
    Includes: z
      .strictObject({ keyTypes: z.array(z.enum(keyTypes)).default(['RSA_1024', 'RSA_2048']) })
      .default({ keyTypes: ['RSA_1024', 'RSA_2048'] }),
    MaxItems: z.number().int().min(1).max(1000).default(1000),
    NextToken: z.string().min(1).max(10000).optional(),
  }),
};
type Operation = keyof typeof inputs;
const isOperation = (name: string): name is Operation => Object.hasOwn(inputs, name);

/** Of names in one request, as long as nobody has it raised. */
const mostNames = 10;
const longestFirst = 64;
/** Of an account in a region, as long as nobody has it raised. */
const mostCertificates = 2500;

type FakeAcmOptions = Omit<FakeCertificatesOptions, 'region' | 'account'> & { readonly account?: string };

export async function startFakeAcm({ account = '123456789012', ...options }: FakeAcmOptions): Promise<FakeAcm> {
  const region = 'eu-central-1';
  const [accessKeyId, secretAccessKey] = ['AKIAIOSFODNN7EXAMPLE', 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY'];
  const certificates = await createFakeCertificates({ ...options, region, account });
  const front = await createTestCa(['localhost']);
  const { fullchainPem: cert, privateKeyPem: key } = await front.leaf(['localhost']);
  const asked: Asked[] = [];
  let allowed = new Set<string>(everyAction);
  let behave: Parameters<FakeAcm['behave']>[0] = null;

  const notFound = (of: string): Answer => refusal('ResourceNotFoundException', `Could not find certificate ${of}.`);
  const denied = (action: string): Answer =>
    refusal(
      'AccessDeniedException',
      `User: arn:aws:iam::${account}:user/hostmaster is not authorized to perform: ${action} because no identity-based policy allows the ${action} action`,
    );

  const found = async (of: string, use: (one: Held) => Answer | Promise<Answer>): Promise<Answer> => {
    const one = certificates.all.get(of);
    if (one === undefined) return notFound(of);
    await certificates.look(one);
    return use(one);
  };

  const operations: { readonly [O in Operation]: (input: z.output<(typeof inputs)[O]>) => Answer | Promise<Answer> } = {
    RequestCertificate({ DomainName, SubjectAlternativeNames = [], IdempotencyToken = null, KeyAlgorithm, Tags }) {
      if (Tags.length > 0 && !allowed.has('acm:AddTagsToCertificate')) return denied('acm:AddTagsToCertificate');
      if (Tags.some(({ Key }) => Key.startsWith('aws:')))
        return refusal('InvalidTagException', 'aws: prefixed tag key names are not allowed for external use.');
      if (!['RSA_2048', 'EC_prime256v1', 'EC_secp384r1'].includes(KeyAlgorithm))
        return refusal('InvalidParameterException', `The key algorithm ${KeyAlgorithm} is not supported.`);
      if (DomainName.length > longestFirst)
        return refusal('InvalidDomainValidationOptionsException', 'The first domain name can be no longer than 64 characters.');
      const names = [...new Set([DomainName, ...SubjectAlternativeNames])];
      if (names.length > mostNames)
        return refusal('LimitExceededException', `Error: the maximum number of ${mostNames} domain names per certificate is exceeded.`);
      return { status: 200, body: { CertificateArn: certificates.request(names, KeyAlgorithm, IdempotencyToken, Tags).arn } };
    },
    ImportCertificate({ CertificateArn = null, Certificate: certificate, PrivateKey: privateKey, CertificateChain: chain = '', Tags }) {
      if (Tags !== undefined && !allowed.has('acm:AddTagsToCertificate')) return denied('acm:AddTagsToCertificate');
      if (Tags?.some(({ Key }) => Key.startsWith('aws:')))
        return refusal('InvalidTagException', 'aws: prefixed tag key names are not allowed for external use.');
      const known = CertificateArn === null ? null : (certificates.all.get(CertificateArn) ?? null);
      if (CertificateArn !== null && known === null) return notFound(CertificateArn);
      if (known !== null && Tags !== undefined) return refusal('InvalidParameterException', 'Tagging is not permitted on re-import.');
      const read = importFault({ certificate, privateKey, chain }, known, (options.clock ?? systemClock).now());
      if ('fault' in read) return refusal('ValidationException', read.fault);
      if (known === null && certificates.all.size >= mostCertificates)
        return refusal('LimitExceededException', `Error: the maximum number of ${mostCertificates} certificates has been reached.`);
      const one = certificates.import(CertificateArn, { ...read, certificate, privateKey, chain, tags: Tags ?? [] });
      return { status: 200, body: { CertificateArn: one.arn } };
    },
    DescribeCertificate: ({ CertificateArn }) =>
      found(CertificateArn, (one) => ({ status: 200, body: { Certificate: certificates.describe(one) } })),
    GetCertificate: ({ CertificateArn }) =>
      found(CertificateArn, (one) => {
        const pem = certificates.pemOf(one);
        return pem === null
          ? refusal('RequestInProgressException', 'The certificate has not been issued yet.')
          : { status: 200, body: pem };
      }),
    DeleteCertificate: ({ CertificateArn }) =>
      found(CertificateArn, ({ inUseBy }) => {
        if (inUseBy.length > 0) return refusal('ResourceInUseException', `Certificate ${CertificateArn} in account ${account} is in use.`);
        certificates.all.delete(CertificateArn);
        return { status: 200, body: {} };
      }),
    ListTagsForCertificate: ({ CertificateArn }) => found(CertificateArn, ({ tags }) => ({ status: 200, body: { Tags: tags } })),
    ListCertificates({ Includes: { keyTypes: wanted }, MaxItems, NextToken }) {
      const all = [...certificates.all.values()].filter((one) => wanted.some((each) => each === one.key));
      const from = Number(NextToken ?? 0);
      const page = all.slice(from, from + MaxItems);
      const CertificateSummaryList = page.map((one) => ({
        CertificateArn: one.arn,
        DomainName: one.names[0],
        SubjectAlternativeNameSummaries: one.names.slice(0, 100),
        HasAdditionalSubjectAlternativeNames: one.names.length > 100,
        Status: one.status,
        Type: one.imported === null ? 'AMAZON_ISSUED' : 'IMPORTED',
        KeyAlgorithm: one.key.replace('RSA_', 'RSA-'),
        InUse: one.inUseBy.length > 0,
        CreatedAt: one.createdAt.getTime() / 1000,
      }));
      const more = from + page.length < all.length ? { NextToken: String(from + page.length) } : {};
      return { status: 200, body: { CertificateSummaryList, ...more } };
    },
  };

  async function perform<O extends Operation>(operation: O, input: unknown): Promise<Answer> {
    if (!allowed.has(`acm:${operation}`)) return denied(`acm:${operation}`);
    const parsed = inputs[operation].safeParse(input);
    if (!parsed.success)
      return refusal(
        'ValidationException',
        `${parsed.error.issues.length} validation error detected: ${parsed.error.issues[0]?.path.join('.')}: ${parsed.error.issues[0]?.message}`,
      );
    return Reflect.apply(operations[operation], operations, [parsed.data]);
  }

  async function answer(method: string, path: string, headers: Readonly<Record<string, string>>, body: Buffer): Promise<Sent> {
    const [, name = ''] = (headers['x-amz-target'] ?? '').split('CertificateManager.');
    const text = body.toString('utf8');
    const input: unknown = text === '' ? {} : JSON.parse(text);
    const one = { action: `acm:${name}`, input };
    asked.push(one);
    const secretOf = (id: string) => (id === accessKeyId ? secretAccessKey : null);
    // Signatures are of the clock on the wall, whatever time it is in a test.
    const fault = signatureFault({ method, path, headers, body }, { region, service: 'acm', secretOf }, new Date());
    if (fault !== null) return refusal(fault.type, fault.message, 403);
    if (method !== 'POST' || path !== '/' || headers['content-type'] !== 'application/x-amz-json-1.1' || !isOperation(name))
      return refusal('UnknownOperationException', 'There is no such operation.');
    const own = behave === null ? null : behave;
    const usual = await perform(name, input);
    return own === null ? usual : own(one, usual);
  }

  const server = createServer({ cert, key }, async (request, response) => {
    const headers = Object.fromEntries(Object.entries(request.headers).map(([name, value]) => [name, [value].flat().join(',')]));
    const sent = await answer(request.method ?? '', request.url ?? '', headers, await buffer(request));
    if (sent === 'stall') return;
    if (sent === 'reset') return void request.socket.destroy();
    const type = 'application/x-amz-json-1.1';
    response.writeHead(sent.status, { 'content-type': type, 'x-amzn-requestid': randomUUID() }).end(JSON.stringify(sent.body));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    ...{ endpoint: `https://localhost:${port}`, trust: front.rootPem, region, account, accessKeyId, secretAccessKey, certificates, asked },
    allow(actions) {
      allowed = new Set(actions);
    },
    behave(how) {
      behave = how;
    },
    async close() {
      server.close();
      server.closeAllConnections();
    },
  };
}
