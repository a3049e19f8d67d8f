// What a kind of thing that an installation connects to (a DNS provider, an issuer) says of itself. The contract, the form, the
// pages and the documentation are made from this, so that a new kind is one file, one line in a map and its conformance run.
import { z } from 'zod';
import { HostmasterError } from './errors.ts';

/** A capability is there, or it is not and says why: a phrase that follows a colon. */
export type Capability = true | { readonly no: string };

export type SecretDescriptor = {
  /** What it is, as a part of what it is sealed for: stored secrets open under no other word, so it never changes. */
  readonly purpose: string;
  /** From what its owner types to the bytes that are sealed. Its meta has title and description, as a setting's has. */
  readonly input: z.ZodType<Uint8Array, string>;
};

export type SettingsDescriptor<Settings extends z.ZodObject = z.ZodObject> = {
  /** Stored with every connection: it never changes. */
  readonly kind: string;
  /** What people call it. */
  readonly label: string;
  /** One sentence, for whoever chooses. */
  readonly summary: string;
  /**
   * Nothing secret. Fields are texts, numbers and choices; a field that is an object holds those that stand in one row. The meta of
   * each has its label as `title`, a hint as `description` and a placeholder in `examples`. What it answers is stored as JSON, and
   * reads back as itself.
   */
  readonly settings: Settings;
  /** The one secret of a connection; null where the kind needs none. */
  readonly secret: SecretDescriptor | null;
};

/** A connection as it is parsed: settings without secrets, and the bytes to seal where the kind has a secret. */
export type Connection = { readonly kind: string; readonly settings: Readonly<Record<string, unknown>>; readonly secret?: Uint8Array };
export type ConnectionInput = { kind: string; settings: Record<string, unknown>; secret?: string };

const connections = new WeakMap<readonly SettingsDescriptor[], z.ZodType<Connection, ConnectionInput>>();

/** The schema of a connection of any of the kinds, which `kind` tells apart; the same one each time, so that documents name it once. */
export function connectionSchema(kinds: readonly SettingsDescriptor[]): z.ZodType<Connection, ConnectionInput> {
  const made = connections.get(kinds) ?? connectionOf(kinds);
  connections.set(kinds, made);
  return made;
}

function connectionOf(kinds: readonly SettingsDescriptor[]): z.ZodType<Connection, ConnectionInput> {
  const [first, ...others] = kinds.map(({ kind, label, settings, secret }) => {
    const shape = {
      kind: z.literal(kind).meta({ description: 'The kind of provider.' }),
      settings: settings.meta({ description: `What is to be known of it: ${label}.` }),
    };
    const schema = secret === null ? z.strictObject(shape) : z.strictObject({ ...shape, secret: secret.input });
    return schema.meta({ id: `Connection-${kind}`, description: label });
  });
  if (first === undefined) throw new TypeError('there is no kind to connect to');
  return z
    .discriminatedUnion('kind', [first, ...others])
    .meta({ id: 'Connection', description: 'Where a zone is kept: a kind of provider, its settings, and its secret.' });
}

/** What a form, a page and a client need: settings and secret as JSON Schema (draft 2020-12) of what is sent. */
export const describeSettings = ({ kind, label, summary, settings, secret }: SettingsDescriptor) => ({
  kind,
  label,
  summary,
  settings: z.toJSONSchema(settings, { io: 'input' }),
  secret: secret === null ? null : z.toJSONSchema(secret.input, { io: 'input' }),
});

/** A map of descriptors by their kind. */
export const byKind = <D extends { readonly kind: string }>(descriptors: readonly D[]): ReadonlyMap<string, D> =>
  new Map(descriptors.map((descriptor) => [descriptor.kind, descriptor]));

/** The descriptor of a kind. Errors: unsupported where nobody knows it, as after a step back to an older version. */
export function ofKind<D>(descriptors: ReadonlyMap<string, D>, kind: string): D {
  const descriptor = descriptors.get(kind);
  if (descriptor === undefined)
    throw new HostmasterError('unsupported', `This version knows nothing of the kind ${kind}, only ${[...descriptors.keys()].join(', ')}.`);
  return descriptor;
}
