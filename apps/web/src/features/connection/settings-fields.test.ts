import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { emptySettings, keyOf, secretField, secretProblems, settingFacts, settingRows, settingsOf, settingTexts } from './settings-fields';

const settings = z.strictObject({
  region: z
    .string()
    .max(40)
    .meta({ title: 'Region', description: 'As in the console.', examples: ['eu-central-1'] }),
  server: z
    .strictObject({
      address: z.ipv4().meta({ title: 'Address' }),
      port: z.number().int().default(53).meta({ title: 'Port' }),
    })
    .meta({ title: 'Server' }),
  style: z.enum(['plain', 'fancy']).default('plain').meta({ title: 'Style' }),
  note: z.string().max(40).optional().meta({ title: 'Note' }),
  trust: z.string().max(10_000).default('').meta({ title: 'Trust' }),
});
const described = {
  secretOptional: false,
  settings: z.toJSONSchema(settings, { io: 'input' }),
  secret: z.toJSONSchema(z.string().meta({ title: 'Token' })),
};
const rows = settingRows(described);

describe('the settings of a provider', () => {
  it('are rows of fields, with labels, hints, placeholders and defaults as it says', () => {
    expect(rows.map(({ title, fields }) => [title, fields.map(keyOf)])).toEqual([
      ['Region', ['region']],
      ['Server', ['server/address', 'server/port']],
      ['Style', ['style']],
      ['Note', ['note']],
      ['Trust', ['trust']],
    ]);
    expect(rows.flatMap(({ fields }) => fields)).toMatchObject([
      { label: 'Region', hint: 'As in the console.', placeholder: 'eu-central-1', control: 'text', initial: '', optional: false },
      { label: 'Address', control: 'text', optional: false },
      { label: 'Port', control: 'number', initial: '53', optional: false },
      { label: 'Style', control: { options: ['plain', 'fancy'] }, initial: 'plain', optional: false },
      { label: 'Note', control: 'text', optional: true },
      { label: 'Trust', control: 'lines', initial: '', optional: true },
    ]);
    expect(secretField(described)?.label).toBe('Token');
    expect(secretField({ secret: null, secretOptional: true })).toBeNull();
  });

  it('become what the API takes: trimmed, numbers as numbers, an empty optional one left out', () => {
    const texts = { ...emptySettings(rows), region: ' eu ', 'server/address': '192.0.2.1' };
    expect(settingsOf(rows, texts)).toEqual({ region: 'eu', server: { address: '192.0.2.1', port: 53 }, style: 'plain' });
    expect(settings.safeParse(settingsOf(rows, texts)).success).toBe(true);
  });

  it('what is not filled in is sent as it is, for the API to say what is wrong', () => {
    expect(settingsOf(rows, { ...emptySettings(rows), 'server/port': 'x' })).toEqual({
      region: '',
      server: { address: '', port: Number.NaN },
      style: 'plain',
    });
  });

  it('that were stored before there was a field have its default', () => {
    expect(settingTexts(rows, { region: 'eu', server: { address: '192.0.2.1' } })).toMatchObject({ 'server/port': '53', style: 'plain' });
  });

  it('that are stored come back as the texts that they were typed as', () => {
    const stored = { region: 'eu', server: { address: '192.0.2.1', port: 5353 }, style: 'fancy' };
    expect(settingTexts(rows, stored)).toEqual({
      region: 'eu',
      'server/address': '192.0.2.1',
      'server/port': '5353',
      style: 'fancy',
      note: '',
      trust: '',
    });
    expect(settingsOf(rows, settingTexts(rows, stored))).toEqual(stored);
  });

  it('are facts, a row each: the first value, and the others with their numbers named', () => {
    expect(settingFacts(rows, { region: 'eu', server: { address: '192.0.2.1', port: 53 }, style: 'plain', trust: 'a\nb\n' })).toEqual([
      { title: 'Region', value: 'eu', beside: '' },
      { title: 'Server', value: '192.0.2.1', beside: 'port 53' },
      { title: 'Style', value: 'plain', beside: '' },
      { title: 'Trust', value: '2 lines', beside: '' },
    ]);
  });

  it('have a secret that may be left out where the kind goes without one', () => {
    const field = secretField({ ...described, secretOptional: true });
    expect(field?.optional).toBe(true);
  });

  it('have a secret that is asked for by its name where nothing was typed, and not before it was missed', () => {
    const field = secretField(described);
    const short = { reason: 'It is too short.' };
    const said = (text: string, refused = [short]) => (field === null ? null : secretProblems(field, text, refused));
    const missed = [{ reason: 'Give the token.' }];
    expect([said(''), said('  '), said('x'), said('', [])]).toEqual([missed, missed, [short], []]);
  });
});
