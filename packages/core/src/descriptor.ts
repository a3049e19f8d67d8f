// What a kind of thing that an installation connects to (a DNS provider, an issuer) says of itself. The contract, the form, the
// pages and the documentation are made from this, so that a new kind is one file, one line in a map and its conformance run.
import { z } from 'zod';
import { breakRule } from './contract/own-rule.ts';
import { HostmasterError } from './errors.ts';

/** A capability is there, or it is not and says why: a phrase that follows a colon. */
export type Capability = true | { readonly no: string };

export type SecretDescriptor = {
  /** What it is, as a part of what it is sealed for: stored secrets open under no other word, so it never changes. */
  readonly purpose: string;
  /** From what its owner types to the bytes that are sealed. Its meta has title and description, as a setting's has. */
  readonly input: z.ZodType<Uint8Array, string>;
  /** Whether a connection may go without it. */
  readonly optional: boolean;
  /** Of an optional one the text setting that says whose it is: both are given, or neither. Or the choice that says whether there is one. */
  readonly goesWith?: string;
  /** Where that is a choice: the one that goes without a secret. */
  readonly without?: string;
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

/** What the documents call the schema of a connection, what its kinds are kinds of, and what it says as a sentence. */
export type ConnectionWords = { readonly id: string; readonly what: string; readonly description: string };

const connections = new WeakMap<readonly SettingsDescriptor[], z.ZodType<Connection, ConnectionInput>>();

/** The schema of a connection of any of the kinds, which `kind` tells apart; the same one each time, so that documents name it once. */
export function connectionSchema(kinds: readonly SettingsDescriptor[], words: ConnectionWords): z.ZodType<Connection, ConnectionInput> {
  const made = connections.get(kinds) ?? connectionOf(kinds, words);
  connections.set(kinds, made);
  return made;
}

function connectionOf(kinds: readonly SettingsDescriptor[], { id, what, description }: ConnectionWords) {
  const [first, ...others] = kinds.map(({ kind, label, settings, secret }) => {
    const shape = {
      kind: z.literal(kind).meta({ description: `The kind of ${what}.` }),
      settings: settings.meta({ description: `What is to be known of it: ${label}.` }),
    };
    return withSecret(shape, secret).meta({ id: `${id}-${kind}`, description: label });
  });
  if (first === undefined) throw new TypeError('there is no kind to connect to');
  return z.discriminatedUnion('kind', [first, ...others]).meta({ id, description });
}

type Shape = { readonly kind: z.ZodLiteral<string>; readonly settings: z.ZodObject };

function withSecret(shape: Shape, secret: SecretDescriptor | null) {
  if (secret === null) return z.strictObject(shape);
  if (!secret.optional) return z.strictObject({ ...shape, secret: secret.input });
  const schema = z.strictObject({ ...shape, secret: secret.input.optional() });
  const { goesWith, without, input } = secret;
  const setting = goesWith === undefined ? undefined : shape.settings.shape[goesWith];
  if (goesWith === undefined || setting === undefined) return schema;
  const title = { setting: titleOf(setting), secret: titleOf(input) };
  return schema.superRefine(({ settings, secret: given }, context) => {
    const value = settings[goesWith];
    const wanted = value !== (without ?? '');
    if (wanted === (given !== undefined)) return;
    if (without !== undefined) return breakRule(context, notBy(title, String(value), wanted), ['secret']);
    // One without the other is of no use, and mostly means that the other was forgotten.
    if (wanted) breakRule(context, apart(title.setting, title.secret), ['secret']);
    else breakRule(context, apart(title.secret, title.setting), ['settings', goesWith]);
  });
}

const titleOf = (schema: z.core.$ZodType): string => z.globalRegistry.get(schema)?.title ?? '';
const apart = (given: string, missing: string) => ({
  rule: 'both-or-neither',
  reason: `“${given}” is given, and “${missing}” is not.`,
  remedy: 'Give both, or neither.',
});
const notBy = (title: { readonly setting: string; readonly secret: string }, chosen: string, wanted: boolean) => ({
  rule: 'both-or-neither',
  reason: `“${title.setting}” is ${chosen}, which takes ${wanted ? 'a' : 'no'} “${title.secret}”.`,
  remedy: wanted ? 'Give it, or choose another one.' : 'Leave it out, or choose another one.',
});

/** What a form, a page and a client need: settings and secret as JSON Schema (draft 2020-12) of what is sent. */
export const describeSettings = ({ kind, label, summary, settings, secret }: SettingsDescriptor) => ({
  kind,
  label,
  summary,
  settings: z.toJSONSchema(settings, { io: 'input' }),
  secret: secret === null ? null : z.toJSONSchema(secret.input, { io: 'input' }),
  secretOptional: secret?.optional ?? true,
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
