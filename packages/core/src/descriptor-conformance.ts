// What every kind of thing says of itself must be fit for the form, the store and the map, whatever it connects to. Part of the
// conformance suite of providers and of issuers; given vitest's functions, as they are.
import { z } from 'zod';
import { describeSettings, type SettingsDescriptor } from './descriptor.ts';

type TestApi = Pick<typeof import('vitest'), 'it' | 'expect'>;

/** A field that the form of the portal can show, and that nobody can fill without end. */
const field = z.intersection(
  z.object({ title: z.string().min(1) }),
  z.union([
    z.object({ type: z.enum(['number', 'integer']) }),
    z.object({ enum: z.array(z.string()).min(1) }),
    z.object({ type: z.literal('string'), maxLength: z.number() }),
    z.object({ type: z.literal('string'), format: z.string() }),
    z.object({ anyOf: z.array(z.object({ type: z.literal('string'), format: z.string() })) }),
  ]),
);
const row = z.object({ type: z.literal('object'), title: z.string().min(1), properties: z.record(z.string(), field) });
const form = z.object({ type: z.literal('object'), properties: z.record(z.string(), z.union([row, field])) });

/** @param typed settings that are right, as their owner types them. */
export function settingsConformance({ it, expect }: TestApi, descriptor: SettingsDescriptor, typed: () => Promise<unknown>): void {
  const { settings, secret } = describeSettings(descriptor);

  it('its settings read back from JSON as they were stored, with nothing unknown among them', async () => {
    const parsed = descriptor.settings.parse(await typed());
    expect(descriptor.settings.parse(JSON.parse(JSON.stringify(parsed)))).toEqual(parsed);
    expect(descriptor.settings.safeParse({ ...parsed, unknown: 1 }).success).toBe(false);
  });

  it('every setting is a number, a choice or a bounded text, with a label; so is its secret', () => {
    expect(form.safeParse(settings).error).toBeUndefined();
    if (secret !== null) expect(field.safeParse(secret).error).toBeUndefined();
  });

  const { goesWith, without } = descriptor.secret ?? {};
  if (goesWith !== undefined)
    it('the setting that goes with its secret is a text that can be empty, or a choice that holds the one without it', () => {
      expect(descriptor.secret?.optional).toBe(true);
      const wanted = without === undefined ? { default: '' } : { enum: expect.arrayContaining([without]) };
      expect(settings).toMatchObject({ properties: { [goesWith]: { type: 'string', ...wanted } } });
    });

  it('its kind and the purpose of its secret can stand in a column and in what is sealed for', () => {
    for (const word of [descriptor.kind, descriptor.secret?.purpose ?? 'none']) expect(word).toMatch(/^[a-z0-9][a-z0-9-]{0,62}$/);
  });
}
