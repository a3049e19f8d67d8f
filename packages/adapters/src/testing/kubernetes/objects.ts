// What a fake of the API of Kubernetes keeps of Secrets: who owns which field, and what an apply may change (server-side apply).
import { randomUUID } from 'node:crypto';
import { z } from 'zod';

export type Answer = { readonly status: number; readonly body: unknown; readonly headers?: Readonly<Record<string, string>> };

/** As the API says no: a Status. */
export const status = (code: number, reason: string, message: string, details?: object): Answer => ({
  status: code,
  body: { kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Failure', message, reason, ...(details ? { details } : {}), code },
});

type Owner = { readonly manager: string; readonly operation: 'Apply' | 'Update'; readonly fields: ReadonlySet<string> };
type Secret = {
  readonly namespace: string;
  readonly name: string;
  readonly uid: string;
  readonly type: string;
  readonly resourceVersion: number;
  /** By path, such as `.data.tls.crt`. */
  readonly fields: ReadonlyMap<string, string>;
  readonly owners: readonly Owner[];
};

const texts = z.record(z.string(), z.string()).default({});
export const secretInput = z.strictObject({
  apiVersion: z.literal('v1'),
  kind: z.literal('Secret'),
  metadata: z.strictObject({ name: z.string().optional(), namespace: z.string().optional(), labels: texts, annotations: texts }),
  type: z.string().default('Opaque'),
  data: z.record(z.string().regex(/^[-._a-zA-Z0-9]+$/), z.base64()).default({}),
});
export type SecretInput = z.output<typeof secretInput>;

const nameOfObject = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/;

function fieldsOf({ metadata: { labels, annotations }, data, type }: SecretInput): Map<string, string> {
  const under = (prefix: string, all: Readonly<Record<string, string>>) =>
    Object.entries(all).map(([key, value]) => [`${prefix}.${key}`, value] as const);
  return new Map([
    ...under('.metadata.labels', labels),
    ...under('.metadata.annotations', annotations),
    ...under('.data', data),
    ['.type', type],
  ]);
}

/** null where it may be stored. */
function invalid(name: string, fields: ReadonlyMap<string, string>, before: Secret | undefined): Answer | null {
  const no = (field: string, why: string) => status(422, 'Invalid', `Secret "${name}" is invalid: ${field}: ${why}`);
  if (name.length > 253 || !nameOfObject.test(name))
    return no(
      'metadata.name',
      `Invalid value: "${name}": a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.'`,
    );
  if (before !== undefined && before.type !== fields.get('.type'))
    return no('type', `Invalid value: "${fields.get('.type')}": field is immutable`);
  if (fields.get('.type') !== 'kubernetes.io/tls') return null;
  const missing = ['tls.crt', 'tls.key'].filter((key) => !fields.has(`.data.${key}`));
  return missing.length > 0 ? no(`data[${missing[0]}]`, 'Required value') : null;
}

const valuesUnder = (prefix: string, fields: ReadonlyMap<string, string>): Record<string, string> =>
  Object.fromEntries(
    [...fields].filter(([path]) => path.startsWith(`${prefix}.`)).map(([path, value]) => [path.slice(prefix.length + 1), value]),
  );

const metadataOf = ({ name, namespace, uid, resourceVersion, fields, owners }: Secret) => ({
  name,
  namespace,
  uid,
  resourceVersion: String(resourceVersion),
  creationTimestamp: '2026-01-01T00:00:00Z',
  labels: valuesUnder('.metadata.labels', fields),
  annotations: valuesUnder('.metadata.annotations', fields),
  managedFields: owners.map(({ manager, operation, fields: owned }) => ({
    manager,
    operation,
    apiVersion: 'v1',
    time: '2026-01-01T00:00:00Z',
    fieldsType: 'FieldsV1',
    fieldsV1: Object.fromEntries([...owned].map((path) => [`f:${path.slice(1)}`, {}])),
  })),
});

export type SecretStore = ReturnType<typeof secretStore>;

export function secretStore() {
  const secrets = new Map<string, Secret>();
  let version = 100;
  const keyOf = (namespace: string, name: string): string => `${namespace}/${name}`;
  const notFound = (name: string): Answer => status(404, 'NotFound', `secrets "${name}" not found`, { name, kind: 'secrets' });
  const whole = (secret: Secret) => ({
    kind: 'Secret',
    apiVersion: 'v1',
    metadata: metadataOf(secret),
    data: valuesUnder('.data', secret.fields),
    type: secret.type,
  });
  const store = (secret: Omit<Secret, 'resourceVersion'>): Secret => {
    version += 1;
    const stored = { ...secret, resourceVersion: version };
    secrets.set(keyOf(secret.namespace, secret.name), stored);
    return stored;
  };

  return {
    names: (): readonly string[] => [...secrets.keys()].sort(),

    /** @param partial its metadata alone */
    get(namespace: string, name: string, partial = false): Answer {
      const secret = secrets.get(keyOf(namespace, name));
      if (secret === undefined) return notFound(name);
      const meta = { kind: 'PartialObjectMetadata', apiVersion: 'meta.k8s.io/v1', metadata: metadataOf(secret) };
      return { status: 200, body: partial ? meta : whole(secret) };
    },

    /** Server-side apply: what another manager owns and has otherwise is a conflict, unless it is forced. */
    apply(namespace: string, name: string, input: SecretInput, manager: string, force: boolean): Answer {
      const before = secrets.get(keyOf(namespace, name));
      const wanted = fieldsOf(input);
      const isOwn = (owner: Owner): boolean => owner.manager === manager && owner.operation === 'Apply';
      const others = (before?.owners ?? []).filter((owner) => !isOwn(owner));
      const conflicts = others.flatMap((owner) =>
        [...wanted]
          .filter(([path, value]) => owner.fields.has(path) && before?.fields.get(path) !== value)
          .map(([path]) => ({ owner, path })),
      );
      if (conflicts.length > 0 && !force) {
        const by = (owner: Owner) => `conflict with "${owner.manager}"${owner.operation === 'Update' ? ' using v1' : ''}`;
        const causes = conflicts.map(({ owner, path }) => ({ reason: 'FieldManagerConflict', message: by(owner), field: path }));
        const words = causes.map(({ message, field }) => `${message}: ${field}`).join('\n');
        return status(409, 'Conflict', `Apply failed with ${causes.length} conflict${causes.length === 1 ? '' : 's'}: ${words}`, {
          causes,
        });
      }
      const taken = new Set(conflicts.map(({ path }) => path));
      const kept = others.map((owner) => ({ ...owner, fields: new Set([...owner.fields].filter((path) => !taken.has(path))) }));
      const released = [...(before?.owners.find(isOwn)?.fields ?? [])].filter(
        (path) => !wanted.has(path) && !kept.some(({ fields }) => fields.has(path)),
      );
      const fields = new Map([...(before?.fields ?? []), ...wanted]);
      for (const path of released) fields.delete(path);
      const fault = invalid(name, fields, before);
      if (fault !== null) return fault;
      const owners = [
        ...kept.filter((owner) => owner.fields.size > 0),
        { manager, operation: 'Apply' as const, fields: new Set(wanted.keys()) },
      ];
      const stored = store({ namespace, name, uid: before?.uid ?? randomUUID(), type: fields.get('.type') ?? '', fields, owners });
      return { status: before === undefined ? 201 : 200, body: whole(stored) };
    },

    /** As somebody else writes with kubectl: whatever they write is theirs from then on. */
    edit(namespace: string, input: SecretInput, manager: string): void {
      const name = input.metadata.name ?? '';
      const before = secrets.get(keyOf(namespace, name));
      const wanted = fieldsOf(input);
      const changed = new Set([...wanted].filter(([path, value]) => before?.fields.get(path) !== value).map(([path]) => path));
      const kept = (before?.owners ?? []).map((owner) => ({
        ...owner,
        fields: new Set([...owner.fields].filter((path) => !changed.has(path))),
      }));
      const owners = [...kept.filter(({ fields }) => fields.size > 0), { manager, operation: 'Update' as const, fields: changed }];
      store({
        namespace,
        name,
        uid: before?.uid ?? randomUUID(),
        type: input.type,
        fields: new Map([...(before?.fields ?? []), ...wanted]),
        owners,
      });
    },

    delete(
      namespace: string,
      name: string,
      preconditions: { readonly uid?: string | undefined; readonly resourceVersion?: string | undefined },
    ): Answer {
      const secret = secrets.get(keyOf(namespace, name));
      if (secret === undefined) return notFound(name);
      const { uid = secret.uid, resourceVersion = String(secret.resourceVersion) } = preconditions;
      const failed = (what: string, given: string, own: string) =>
        status(
          409,
          'Conflict',
          `Operation cannot be fulfilled on secrets "${name}": Precondition failed: ${what} in precondition: ${given}, ${what} in object meta: ${own}`,
        );
      if (uid !== secret.uid) return failed('UID', uid, secret.uid);
      if (resourceVersion !== String(secret.resourceVersion))
        return failed('ResourceVersion', resourceVersion, String(secret.resourceVersion));
      secrets.delete(keyOf(namespace, name));
      return {
        status: 200,
        body: { kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Success', details: { name, kind: 'secrets', uid } },
      };
    },
  };
}
