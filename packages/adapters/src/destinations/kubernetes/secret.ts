// The Secret of one hostname in one namespace: applied with a field manager of our own (server-side apply), so that Kubernetes itself
// keeps what somebody else has written; made, seen and deleted only where it is ours.
import { createHash } from 'node:crypto';
import { HostmasterError } from '@hostmaster/core/errors';
import { foreignWords } from '@hostmaster/core/foreign-words';
import { secretNameOf } from '@hostmaster/core/kubernetes/secret-name';
import { clusterOperator } from '@hostmaster/core/operation/moves-next';
import { splitPem } from '@hostmaster/core/pki/chain';
import { type CertificateDestination, isDeliverable, requireDeliverable } from '@hostmaster/core/pki/destination';
import { z } from 'zod';
import type { KubernetesServer } from './server.ts';

const fieldManager = 'hostmaster';
/** One call after the other fit into it. */
const operationMilliseconds = 20_000;
/** Answers what is known of an object and nothing of what it holds. */
const metadataOnly = 'application/json;as=PartialObjectMetadata;g=meta.k8s.io;v=v1';

const metadata = z.object({
  uid: z.string().min(1),
  resourceVersion: z.string().min(1),
  managedFields: z.array(z.object({ manager: z.string().catch(''), operation: z.string().catch('') })).catch([]),
});
const object = z.object({ metadata });
/** The key beside it is not even looked at. */
const certificate = z.object({ metadata, data: z.object({ 'tls.crt': z.string() }).partial().catch({}) });

type Metadata = z.output<typeof metadata>;
type Place = {
  readonly server: KubernetesServer;
  readonly name: string;
  readonly namespace: string;
  /** Base URL of the portal, for whoever finds the Secret. */
  readonly portal: string;
};

/** Errors of its operations: invalid-input for a hostile name; delivery-failed. */
export function secretDestination({ server, name, namespace, portal }: Place): CertificateDestination {
  const pathOf = (hostname: string): string =>
    `/api/v1/namespaces/${encodeURIComponent(namespace)}/secrets/${encodeURIComponent(secretNameOf(hostname))}`;
  const deadline = (): AbortSignal => AbortSignal.timeout(operationMilliseconds);

  /** Null where there is none. */
  async function found<S extends z.ZodType>(
    hostname: string,
    schema: S,
    signal: AbortSignal,
    accept?: string,
  ): Promise<z.output<S> | null> {
    const answer = await server.call({ method: 'GET', path: pathOf(hostname), ...(accept === undefined ? {} : { accept }) }, signal);
    if (answer.ok) return server.read(schema, answer.json, 'Secret');
    if (answer.status === 404) return null;
    throw server.refusal(answer, namespace);
  }

  return {
    async held(hostname) {
      if (!isDeliverable(hostname)) return null;
      const secret = await found(hostname, certificate, deadline());
      if (secret === null || !isOurs(secret.metadata)) return null;
      return fingerprintOf(Buffer.from(secret.data['tls.crt'] ?? '', 'base64').toString('latin1'));
    },

    async deliver({ hostname, fullchainPem, privateKeyPem }) {
      requireDeliverable(hostname);
      const signal = deadline();
      const there = await found(hostname, object, signal, metadataOnly);
      if (there !== null && !isOurs(there.metadata)) throw foreign(there.metadata, hostname, { name, namespace });
      const answer = await server.call(
        {
          method: 'PATCH',
          path: `${pathOf(hostname)}?fieldManager=${fieldManager}&force=false`,
          contentType: 'application/apply-patch+yaml',
          body: {
            apiVersion: 'v1',
            kind: 'Secret',
            metadata: {
              name: secretNameOf(hostname),
              namespace,
              labels: { 'app.kubernetes.io/managed-by': fieldManager },
              annotations: { 'hostmaster/hostname': hostname, 'hostmaster/portal': portal },
            },
            type: 'kubernetes.io/tls',
            data: { 'tls.crt': base64(fullchainPem), 'tls.key': base64(privateKeyPem) },
          },
        },
        signal,
      );
      if (!answer.ok) throw server.refusal(answer, namespace);
    },

    async withdraw(hostname) {
      requireDeliverable(hostname);
      const signal = deadline();
      const there = await found(hostname, object, signal, metadataOnly);
      // What somebody else made in its place is theirs.
      if (there === null || !isOurs(there.metadata)) return;
      const { uid, resourceVersion } = there.metadata;
      const body = { apiVersion: 'v1', kind: 'DeleteOptions', preconditions: { uid, resourceVersion } };
      const answer = await server.call({ method: 'DELETE', path: pathOf(hostname), body }, signal);
      if (answer.ok || answer.status === 404) return;
      if (answer.status === 409)
        throw new HostmasterError(
          'delivery-failed',
          `The Secret of ${hostname} in ${namespace} of ${name} was changed just now; it is looked at again.`,
        );
      throw server.refusal(answer, namespace);
    },
  };
}

/** Whatever else others have written into it: we have made it, or hold a part of it by an apply. */
const isOurs = ({ managedFields }: Metadata): boolean =>
  managedFields.some(({ manager, operation }) => manager === fieldManager && operation === 'Apply');

function foreign({ managedFields }: Metadata, hostname: string, { name, namespace }: Pick<Place, 'name' | 'namespace'>): HostmasterError {
  const managers = [...new Set(managedFields.map(({ manager }) => foreignWords(manager)))].filter((each) => each !== '');
  const whose = managers.length === 0 ? 'somebody else' : managers.join(', ');
  return new HostmasterError(
    'delivery-failed',
    `The Secret ${secretNameOf(hostname)} in ${namespace} of ${name} was made by ${whose}, and is left as it is. Delete it, or have it made elsewhere.`,
    { movesNext: clusterOperator(name) },
  );
}

const base64 = (text: string): string => Buffer.from(text).toString('base64');

/** Null where it is no certificate, so that a delivery mends it. */
function fingerprintOf(pem: string): string | null {
  try {
    const [leaf] = splitPem(pem);
    return leaf === undefined ? null : createHash('sha256').update(leaf).digest('hex');
  } catch (error) {
    if (error instanceof HostmasterError) return null;
    throw error;
  }
}
