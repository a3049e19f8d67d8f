import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { byKind, connectionSchema, describeSettings, ofKind, type SettingsDescriptor } from './descriptor.ts';

const open: SettingsDescriptor = { kind: 'open', label: 'Open', summary: 'Needs no secret.', settings: z.strictObject({}), secret: null };
const closed: SettingsDescriptor = {
  kind: 'closed',
  label: 'Closed',
  summary: 'Needs a secret.',
  settings: z.strictObject({ account: z.string().min(1).max(20).meta({ title: 'Account' }) }),
  secret: {
    purpose: 'token',
    optional: false,
    input: z
      .string()
      .min(4)
      .max(20)
      .transform((text): Uint8Array => Buffer.from(text))
      .meta({ title: 'Token' }),
  },
};
const bound: SettingsDescriptor = {
  kind: 'bound',
  label: 'Bound',
  summary: 'Knows some accounts already.',
  settings: z.strictObject({ account: z.string().max(20).default('').meta({ title: 'Account' }) }),
  secret: {
    purpose: 'token',
    input: z
      .string()
      .transform((text): Uint8Array => Buffer.from(text))
      .meta({ title: 'Token' }),
    optional: true,
    goesWith: 'account',
  },
};
const chosen: SettingsDescriptor = {
  ...bound,
  kind: 'chosen',
  label: 'Chosen',
  settings: z.strictObject({ by: z.enum(['word', 'machine']).meta({ title: 'By' }) }),
  secret: bound.secret && { ...bound.secret, goesWith: 'by', without: 'machine' },
};
const kinds = [open, closed, bound, chosen];
const settings = { account: 'a-1' };
const words = { id: 'Connection', what: 'provider', description: 'Where it is.' };

describe('a connection', () => {
  const schema = connectionSchema(kinds, words);

  it('is of one of the kinds, with its settings, and the bytes to seal', () => {
    expect(schema.parse({ kind: 'closed', settings, secret: 'word' })).toEqual({ kind: 'closed', settings, secret: Buffer.from('word') });
    expect(schema.parse({ kind: 'open', settings: {} })).toEqual({ kind: 'open', settings: {} });
  });

  it('goes without a secret that is optional, and has it together with the setting that says whose it is', () => {
    expect(schema.parse({ kind: 'bound', settings: {} })).toEqual({ kind: 'bound', settings: { account: '' } });
    expect(schema.parse({ kind: 'bound', settings, secret: 'word' })).toEqual({ kind: 'bound', settings, secret: Buffer.from('word') });
    const issues = (input: object) => schema.safeParse(input).error?.issues.map(({ path, message }) => [path.join('.'), message]);
    expect(issues({ kind: 'bound', settings })).toEqual([['secret', '“Account” is given, and “Token” is not.']]);
    expect(issues({ kind: 'bound', settings: {}, secret: 'word' })).toEqual([
      ['settings.account', '“Token” is given, and “Account” is not.'],
    ]);
  });

  it('has a secret where the choice that says so takes one, and has none where it takes none', () => {
    const issues = (by: string, secret?: string) =>
      schema
        .safeParse({ kind: 'chosen', settings: { by }, ...(secret === undefined ? {} : { secret }) })
        .error?.issues.map(({ path, message }) => [path.join('.'), message]);
    expect([issues('word', 'x'), issues('machine')]).toEqual([undefined, undefined]);
    expect(issues('word')).toEqual([['secret', '“By” is word, which takes a “Token”.']]);
    expect(issues('machine', 'x')).toEqual([['secret', '“By” is machine, which takes no “Token”.']]);
  });

  it('is called in the documents as whoever connects says', () => {
    const own = connectionSchema([open, closed], { id: 'IssuerConnection', what: 'issuer', description: 'Where it is.' });
    const said = JSON.stringify(z.toJSONSchema(own, { io: 'input' }));
    for (const words of ['IssuerConnection-open', 'IssuerConnection-closed', 'The kind of issuer.']) expect(said).toContain(words);
  });

  it.each([
    ['an unknown kind', { kind: 'paper', settings: {} }, ['kind']],
    ['settings of another kind', { kind: 'open', settings }, ['settings']],
    ['no secret where one is needed', { kind: 'closed', settings }, ['secret']],
    ['a secret where none is needed', { kind: 'open', settings: {}, secret: 'word' }, []],
    ['a secret among the settings', { kind: 'closed', settings: { ...settings, token: 'word' }, secret: 'word' }, ['settings']],
  ])('with %s is refused, at its path', (_, input, path) => {
    expect(schema.safeParse(input).error?.issues.map((issue) => issue.path)).toEqual([path]);
  });
});

describe('a kind', () => {
  it('describes itself in JSON Schema, of what is typed', () => {
    expect(describeSettings(closed)).toMatchObject({
      kind: 'closed',
      settings: {
        properties: { account: { type: 'string', title: 'Account', maxLength: 20 } },
        required: ['account'],
        additionalProperties: false,
      },
      secret: { type: 'string', title: 'Token', minLength: 4 },
      secretOptional: false,
    });
    expect(describeSettings(bound)).toMatchObject({ secretOptional: true });
    expect(describeSettings(open)).toMatchObject({ secret: null, secretOptional: true });
  });

  it('is found by its name; one that nobody knows is unsupported, with those that are', () => {
    expect(ofKind(byKind(kinds), 'open')).toBe(open);
    expect(() => ofKind(byKind(kinds), 'paper')).toThrow(
      expect.objectContaining({ code: 'unsupported', message: expect.stringContaining('open, closed, bound') }),
    );
  });
});
