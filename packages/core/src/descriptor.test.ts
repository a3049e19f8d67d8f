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
    input: z
      .string()
      .min(4)
      .max(20)
      .transform((text): Uint8Array => Buffer.from(text))
      .meta({ title: 'Token' }),
  },
};
const kinds = [open, closed];
const settings = { account: 'a-1' };

describe('a connection', () => {
  const schema = connectionSchema(kinds);

  it('is of one of the kinds, with its settings, and the bytes to seal', () => {
    expect(schema.parse({ kind: 'closed', settings, secret: 'word' })).toEqual({ kind: 'closed', settings, secret: Buffer.from('word') });
    expect(schema.parse({ kind: 'open', settings: {} })).toEqual({ kind: 'open', settings: {} });
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
    });
    expect(describeSettings(open).secret).toBeNull();
  });

  it('is found by its name; one that nobody knows is unsupported, with those that are', () => {
    expect(ofKind(byKind(kinds), 'open')).toBe(open);
    expect(() => ofKind(byKind(kinds), 'paper')).toThrow(
      expect.objectContaining({ code: 'unsupported', message: expect.stringContaining('open, closed') }),
    );
  });
});
