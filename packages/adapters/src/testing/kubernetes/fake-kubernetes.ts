// A fake of the API server of Kubernetes, as strict as the real one in what deliveries ask of it: Secrets by server-side apply with its
// conflicts, metadata alone, deletion under preconditions, rights by namespace and verb, reviews of oneself, and its version.
import { once } from 'node:events';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { z } from 'zod';
import { createTestCa } from '../test-ca.ts';
import { type Answer, type SecretStore, secretInput, secretStore, status } from './objects.ts';

export type Asked = { readonly method: string; readonly path: string; readonly accept: string; readonly body: string };
/** What is sent in the place of an answer: another one, or nothing for ever. */
export type Sent = Answer | 'stall';

export type FakeKubernetes = {
  readonly address: string;
  /** PEM of what signs its own HTTPS. */
  readonly trust: string;
  /** Of the service account that it knows. */
  readonly token: string;
  readonly secrets: SecretStore;
  /** What it was asked, the oldest first. */
  readonly asked: readonly Asked[];
  /** From now on the service account may do these verbs with Secrets in a namespace; it may do all in each at first. */
  allow(namespace: string, verbs: readonly string[]): void;
  /** From now on whatever is asked is answered by this; null: the fake itself again. */
  behave(how: ((asked: Asked, answer: Answer) => Sent | Promise<Sent>) | null): void;
  /** From now on it knows another token alone. */
  renewToken(): string;
  close(): Promise<void>;
};

const account = 'system:serviceaccount:hostmaster:hostmaster';
const allVerbs = ['get', 'create', 'patch', 'delete'];
const deleteOptions = z.object({
  kind: z.literal('DeleteOptions'),
  preconditions: z.object({ uid: z.string().optional(), resourceVersion: z.string().optional() }).default({}),
});
const accessReview = z.object({
  spec: z.object({ resourceAttributes: z.object({ namespace: z.string(), verb: z.string(), resource: z.literal('secrets') }) }),
});

const parsed = (body: string): unknown => {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
};

export async function startFakeKubernetes(namespaces: readonly string[]): Promise<FakeKubernetes> {
  const front = await createTestCa(['localhost']);
  const { fullchainPem: cert, privateKeyPem: key } = await front.leaf(['localhost']);
  const secrets = secretStore();
  const asked: Asked[] = [];
  const rights = new Map<string, readonly string[]>();
  let tokens = 1;
  let behave: Parameters<FakeKubernetes['behave']>[0] = null;
  const token = () => `fake-token-${tokens}`;
  const may = (namespace: string, verb: string): boolean => (rights.get(namespace) ?? allVerbs).includes(verb);

  const review = (body: string): Answer => {
    const asks = accessReview.safeParse(parsed(body));
    if (!asks.success) return status(400, 'BadRequest', 'the object provided is unrecognized');
    const { namespace, verb } = asks.data.spec.resourceAttributes;
    return {
      status: 201,
      body: { kind: 'SelfSubjectAccessReview', apiVersion: 'authorization.k8s.io/v1', status: { allowed: may(namespace, verb) } },
    };
  };

  function ofSecret({ method, accept, body }: Asked, url: URL, contentType: string, [namespace, name]: readonly [string, string]): Answer {
    const verb = { GET: 'get', PATCH: 'patch', DELETE: 'delete' }[method] ?? method.toLowerCase();
    const forbidden = (what: string) =>
      status(
        403,
        'Forbidden',
        `secrets "${name}" is forbidden: User "${account}" cannot ${what} resource "secrets" in API group "" in the namespace "${namespace}"`,
      );
    if (!may(namespace, verb)) return forbidden(verb);
    if (method === 'GET') return secrets.get(namespace, name, accept.includes('as=PartialObjectMetadata'));
    if (method === 'DELETE') {
      const options = deleteOptions.safeParse(body === '' ? { kind: 'DeleteOptions' } : parsed(body));
      if (!options.success) return status(400, 'BadRequest', 'invalid DeleteOptions');
      return secrets.delete(namespace, name, options.data.preconditions);
    }
    if (method !== 'PATCH') return status(405, 'MethodNotAllowed', 'the server does not allow this method on the requested resource');
    if (contentType !== 'application/apply-patch+yaml')
      return status(
        415,
        'UnsupportedMediaType',
        `the body of the request was in an unknown format - accepted media types include: application/apply-patch+yaml`,
      );
    const manager = url.searchParams.get('fieldManager') ?? '';
    if (manager === '')
      return status(422, 'Invalid', 'PatchOptions.meta.k8s.io "" is invalid: fieldManager: Required value: is required for apply patch');
    const input = secretInput.safeParse(parsed(body));
    if (!input.success) return status(400, 'BadRequest', `error decoding patch: ${input.error.issues[0]?.message}`);
    const { metadata } = input.data;
    if (metadata.name !== undefined && metadata.name !== name)
      return status(400, 'BadRequest', 'the name of the object does not match the name on the URL');
    if (metadata.namespace !== undefined && metadata.namespace !== namespace)
      return status(400, 'BadRequest', 'the namespace of the provided object does not match the namespace sent on the request');
    if (secrets.get(namespace, name).status === 404) {
      if (!may(namespace, 'create')) return forbidden('create');
      if (!namespaces.includes(namespace))
        return status(404, 'NotFound', `namespaces "${namespace}" not found`, { name: namespace, kind: 'namespaces' });
    }
    return secrets.apply(namespace, name, input.data, manager, url.searchParams.get('force') === 'true');
  }

  function answer(call: Asked, authorization: string, contentType: string): Answer {
    if (authorization !== `Bearer ${token()}`) return status(401, 'Unauthorized', 'Unauthorized');
    const url = new URL(call.path, 'https://localhost');
    const secret = /^\/api\/v1\/namespaces\/([^/]+)\/secrets\/([^/]+)$/.exec(url.pathname);
    if (secret !== null)
      return ofSecret(call, url, contentType, [decodeURIComponent(secret[1] ?? ''), decodeURIComponent(secret[2] ?? '')]);
    if (call.method === 'GET' && url.pathname === '/version')
      return { status: 200, body: { major: '1', minor: '31+', gitVersion: 'v1.31.0-fake' } };
    if (call.method === 'POST' && url.pathname === '/apis/authentication.k8s.io/v1/selfsubjectreviews')
      return { status: 201, body: { kind: 'SelfSubjectReview', status: { userInfo: { username: account } } } };
    if (call.method === 'POST' && url.pathname === '/apis/authorization.k8s.io/v1/selfsubjectaccessreviews') return review(call.body);
    return status(404, 'NotFound', 'the server could not find the requested resource');
  }

  const server = createServer({ cert, key }, (request, response) => {
    const work = async (): Promise<void> => {
      const header = (name: string): string => [request.headers[name] ?? ''].flat()[0] ?? '';
      const call: Asked = { method: request.method ?? '', path: request.url ?? '', accept: header('accept'), body: await text(request) };
      asked.push(call);
      const own = answer(call, header('authorization'), header('content-type'));
      const sent = behave === null ? own : await behave(call, own);
      if (sent === 'stall') return;
      response.writeHead(sent.status, { 'content-type': 'application/json', ...sent.headers });
      response.end(typeof sent.body === 'string' ? sent.body : JSON.stringify(sent.body));
    };
    work().catch((error: unknown) => response.destroy(error instanceof Error ? error : undefined));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    address: `https://localhost:${port}`,
    trust: front.rootPem,
    get token() {
      return token();
    },
    secrets,
    asked,
    allow: (namespace, verbs) => void rights.set(namespace, verbs),
    behave: (how) => {
      behave = how;
    },
    renewToken: () => {
      tokens += 1;
      return token();
    },
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
