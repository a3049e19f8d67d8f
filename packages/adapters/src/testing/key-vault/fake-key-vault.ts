// A fake of Key Vault and of Microsoft Entra on loopback, as strict as their documents: a challenge before anything, tokens for one resource alone,
// one api-version, PKCS #12 that OpenSSL opens, names that are held while what had them is deleted, and errors in the shapes of both.
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { z } from 'zod';
import { createTestCa } from '../test-ca.ts';
import { type Answer, refusal } from './answer.ts';
import { createFakeCreation, type FakeCreation, type FakeCreationOptions } from './fake-creation.ts';
import { createFakeVault, type FakeVault } from './fake-vault.ts';

export type Asked = { readonly method: string; readonly path: string; readonly body: string; readonly isSignedIn: boolean };
/** As access policies call them. */
export type Right = 'get' | 'import' | 'delete' | 'recover' | 'create' | 'update' | 'getissuers';

export type FakeKeyVault = {
  readonly address: string;
  /** PEM of what signs its own HTTPS. */
  readonly trust: string;
  readonly tenant: string;
  readonly client: string;
  readonly clientSecret: string;
  readonly vault: FakeVault;
  readonly creation: FakeCreation;
  /** What it was asked, the oldest first; what its token does not let in, too. */
  readonly asked: readonly Asked[];
  /** What the application may do from now on. */
  allow(rights: readonly Right[]): void;
  /** From now on what is asked is answered by this, where it answers anything; null: the fake itself again. */
  behave(how: ((asked: Asked) => Answer | null) | null): void;
  /** From now on what is asked at a path that ends so is done, and its answer lost; null: answered again. */
  lose(ending: string | null): void;
  /** The resource that its challenge asks a token for. */
  challenge(resource: string): void;
  close(): Promise<void>;
};
/** What whoever imports needs. */
export const everyRight: readonly Right[] = ['get', 'import', 'delete', 'recover'];
/** What whoever orders needs. */
export const orderingRights: readonly Right[] = ['get', 'create', 'update', 'delete', 'recover', 'getissuers'];

/** https://learn.microsoft.com/rest/api/keyvault/ */
const apiVersion = '7.4';
const name = /^\/(certificates|deletedcertificates)\/([0-9a-zA-Z-]{1,127})(?:\/(import|recover|create|pending)?)?$/;
const ofIssuer = /^\/certificates\/issuers\/([0-9a-zA-Z-]{1,127})$/;

const token = z.strictObject({
  grant_type: z.literal('client_credentials'),
  client_id: z.string(),
  client_secret: z.string(),
  scope: z.string(),
});
const imported = z.strictObject({
  value: z.base64(),
  pwd: z.string().optional(),
  tags: z.record(z.string().min(1).max(512), z.string().max(256)).optional(),
  policy: z.unknown().optional(),
  attributes: z.unknown().optional(),
  preserveCertOrder: z.boolean().optional(),
});

export async function startFakeKeyVault(options: FakeCreationOptions = {}): Promise<FakeKeyVault> {
  const front = await createTestCa(['localhost']);
  const { fullchainPem: cert, privateKeyPem: key } = await front.leaf(['localhost']);
  const [tenant, client] = ['72f988bf-86f1-41af-91ab-2d7cd011db47', '04b07795-8ddb-461a-bbee-02f9e1bf7b46'];
  const clientSecret = 'a~secret.of-the_application';
  const tokens = new Set<string>();
  const asked: Asked[] = [];
  let [allowed, resource] = [new Set<Right>([...everyRight, ...orderingRights]), 'https://localhost'];
  let behave: Parameters<FakeKeyVault['behave']>[0] = null;
  let lost: string | null = null;

  function grant(body: string): Answer {
    const form = token.safeParse(Object.fromEntries(new URLSearchParams(body)));
    const entra = (status: number, error: string, error_description: string): Answer => ({ status, body: { error, error_description } });
    if (!form.success) return entra(400, 'invalid_request', 'AADSTS900144: The request body must contain the following parameter.');
    if (form.data.client_id !== client)
      return entra(400, 'unauthorized_client', 'AADSTS700016: Application was not found in the directory.');
    if (form.data.client_secret !== clientSecret)
      return entra(401, 'invalid_client', 'AADSTS7000215: Invalid client secret provided.\r\nTrace ID: 1');
    if (form.data.scope !== 'https://localhost/.default') return entra(400, 'invalid_scope', 'AADSTS500011: The resource was not found.');
    const made = randomBytes(24).toString('base64url');
    tokens.add(made);
    return { status: 200, body: { token_type: 'Bearer', expires_in: 3599, access_token: made } };
  }

  const forbidden = (right: Right): Answer =>
    refusal(403, 'Forbidden', `Caller is not authorized to perform action on resource. Action: '${right}'.`, {
      innererror: { code: 'ForbiddenByRbac' },
    });

  async function act(method: string, url: URL, body: string): Promise<Answer> {
    if (url.searchParams.get('api-version') !== apiVersion || [...url.searchParams].length !== 1)
      return refusal(400, 'BadParameter', 'The specified version is not recognized.');
    const [, collection, called = '', verb = ''] = name.exec(url.pathname) ?? [];
    const one = `${method} ${collection}/${verb}`;
    const may = (right: Right, answer: () => Answer | Promise<Answer>) => (allowed.has(right) ? answer() : forbidden(right));
    if (one === 'GET certificates/') return may('get', () => vault.get(called));
    if (one === 'GET deletedcertificates/') return may('get', () => vault.getDeleted(called));
    if (one === 'DELETE certificates/') return may('delete', () => vault.delete(called));
    if (one === 'POST deletedcertificates/recover') return may('recover', () => vault.recover(called));
    const [, issuerName] = ofIssuer.exec(url.pathname) ?? [];
    if (method === 'GET' && issuerName !== undefined) return may('getissuers', () => creation.issuer(issuerName));
    if (one === 'POST certificates/create') return may('create', () => creation.create(called, JSON.parse(body)));
    if (one === 'GET certificates/pending') return may('get', () => creation.pending(called));
    if (one === 'DELETE certificates/pending') return may('update', () => creation.deletePending(called));
    if (one !== 'POST certificates/import') return refusal(404, 'NotFound', 'The requested path was not found.');
    return may('import', () => {
      const parsed = imported.safeParse(JSON.parse(body));
      if (!parsed.success) return refusal(400, 'BadParameter', `Property ${parsed.error.issues[0]?.path.join('.')} has invalid value.`);
      const { value, pwd = '', tags = {} } = parsed.data;
      return vault.import(called, { pfx: Buffer.from(value, 'base64'), password: pwd, tags });
    });
  }

  const server = createServer({ cert, key }, async (request, response) => {
    const body = (await buffer(request)).toString('utf8');
    const url = new URL(request.url ?? '', 'https://localhost');
    const isSignedIn = tokens.has((request.headers.authorization ?? '').replace(/^Bearer /, ''));
    const one = { method: request.method ?? '', path: url.pathname, body, isSignedIn };
    asked.push(one);
    const reply = ({ status, body: answered, headers = {} }: Answer) =>
      response.writeHead(status, { 'content-type': 'application/json; charset=utf-8', ...headers }).end(JSON.stringify(answered));
    if (request.method === 'POST' && url.pathname === `/${tenant}/oauth2/v2.0/token`) return void reply(grant(body));
    if (!isSignedIn) {
      const bearer = `Bearer authorization="https://login.microsoftonline.com/${tenant}", resource="${resource}"`;
      return void reply({
        ...refusal(401, 'Unauthorized', 'AKV10000: Request is missing a Bearer or PoP token.'),
        headers: { 'www-authenticate': bearer },
      });
    }
    const answer = behave?.(one) ?? (await act(one.method, url, body));
    if (lost !== null && one.path.endsWith(lost)) return void request.socket.destroy();
    reply(answer);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = `https://localhost:${(server.address() as AddressInfo).port}`;
  const vault = createFakeVault(address);
  const creation = await createFakeCreation(address, vault, options);
  return {
    ...{ address, trust: front.rootPem, tenant, client, clientSecret, vault, creation, asked },
    allow(rights) {
      allowed = new Set(rights);
    },
    behave(how) {
      behave = how;
    },
    lose(ending) {
      lost = ending;
    },
    challenge(of) {
      resource = of;
    },
    async close() {
      server.close();
      server.closeAllConnections();
    },
  };
}
