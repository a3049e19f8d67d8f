// What a kind of provider or issuer needs to know, as fields of a form and as facts of a page: read from the JSON Schema in which it
// describes itself, whose titles are labels, descriptions hints and examples placeholders.
import { z } from 'zod';
import type { FieldProblem } from '@/components/ui/field';

/** What a kind says of itself that a form and a page are made of. */
export type DescribedKind = {
  readonly kind: string;
  readonly label: string;
  readonly summary: string;
  readonly settings: Readonly<Record<string, unknown>>;
  readonly secret: Readonly<Record<string, unknown>> | null;
  readonly secretOptional: boolean;
};

const setting = z.object({
  type: z.string().optional(),
  enum: z.array(z.string()).optional(),
  maxLength: z.number().optional(),
  title: z.string(),
  description: z.string().optional(),
  examples: z.array(z.union([z.string(), z.number()])).optional(),
  default: z.union([z.string(), z.number()]).optional(),
});
const group = z.object({
  type: z.literal('object'),
  title: z.string(),
  properties: z.record(z.string(), setting),
  required: z.array(z.string()).default([]),
});
const form = z.object({
  properties: z.record(z.string(), z.union([group, setting])).default({}),
  required: z.array(z.string()).default([]),
});

export type SettingField = {
  /** Where its value is in the settings. */
  readonly path: readonly string[];
  readonly label: string;
  readonly hint: string | undefined;
  readonly placeholder: string | undefined;
  /** `lines`: a text of many of them, such as PEM. */
  readonly control: 'text' | 'lines' | 'number' | { readonly options: readonly string[] };
  readonly initial: string;
  readonly optional: boolean;
};
/** Fields that stand side by side, with what they are together. */
export type SettingRow = { readonly title: string; readonly fields: readonly SettingField[] };

/** Longer than any name or address. */
const longestLine = 2048;

function controlOf({ type, enum: options, maxLength = 0 }: z.infer<typeof setting>): SettingField['control'] {
  if (options) return { options };
  if (type === 'integer' || type === 'number') return 'number';
  return maxLength > longestLine ? 'lines' : 'text';
}

function fieldOf(path: readonly string[], field: z.infer<typeof setting>, required: boolean): SettingField {
  const { title, description, examples, default: initial } = field;
  return {
    path,
    label: title,
    hint: description,
    placeholder: examples?.[0]?.toString(),
    control: controlOf(field),
    initial: initial === undefined ? '' : String(initial),
    optional: !required && (initial === undefined || initial === ''),
  };
}

export function settingRows({ settings }: Pick<DescribedKind, 'settings'>): SettingRow[] {
  const { properties, required } = form.parse(settings);
  return Object.entries(properties).map(([name, property]) =>
    'properties' in property
      ? {
          title: property.title,
          fields: Object.entries(property.properties).map(([inner, field]) =>
            fieldOf([name, inner], field, property.required.includes(inner)),
          ),
        }
      : { title: property.title, fields: [fieldOf([name], property, required.includes(name))] },
  );
}

export const secretField = ({ secret, secretOptional }: Pick<DescribedKind, 'secret' | 'secretOptional'>): SettingField | null =>
  secret === null ? null : fieldOf(['secret'], setting.parse(secret), !secretOptional);

/** What is wrong with a secret; of one that must be there and was not typed nobody wants to know how long it must be. */
export const secretProblems = ({ label, optional }: SettingField, typed: string, refused: FieldProblem[]): FieldProblem[] =>
  !optional && refused.length > 0 && typed.trim() === '' ? [{ reason: `Give the ${label.toLowerCase()}.` }] : refused;

/** A field among the values of a form. */
export const keyOf = ({ path }: SettingField): string => path.join('/');

export const emptySettings = (rows: readonly SettingRow[]): Record<string, string> =>
  Object.fromEntries(rows.flatMap(({ fields }) => fields.map((field) => [keyOf(field), field.initial])));

const valueAt = ({ path }: SettingField, settings: Readonly<Record<string, unknown>>): unknown =>
  path.reduce<unknown>((value, name) => Object(value)[name], settings);

/** Stored settings as the texts of their fields; one that they were stored without has its default. */
export const settingTexts = (rows: readonly SettingRow[], settings: Readonly<Record<string, unknown>>): Record<string, string> =>
  Object.fromEntries(
    rows.flatMap(({ fields }) => fields.map((field) => [keyOf(field), String(valueAt(field, settings) ?? field.initial)])),
  );

/** The settings as the API takes them; an optional field that is empty is left out. */
export function settingsOf(rows: readonly SettingRow[], texts: Readonly<Record<string, string>>): Record<string, unknown> {
  const settings: Record<string, unknown> = {};
  for (const { fields } of rows) {
    for (const field of fields) {
      const text = texts[keyOf(field)]?.trim() ?? '';
      if (text === '' && field.optional) continue;
      const value = field.control === 'number' ? Number(text) : text;
      const [outer = '', inner] = field.path;
      settings[outer] = inner === undefined ? value : { ...Object(settings[outer]), [inner]: value };
    }
  }
  return settings;
}

/** Of what has many lines a page says how many. */
const shown = ({ control }: SettingField, text: string): string => (control === 'lines' ? `${text.trim().split('\n').length} lines` : text);

/** The stored settings, row by row: the value of the first field, and what goes with it in words. */
export function settingFacts(rows: readonly SettingRow[], settings: Readonly<Record<string, unknown>>) {
  return rows.flatMap(({ title, fields }) => {
    const values = fields.flatMap((field) => {
      const value = valueAt(field, settings);
      return value === undefined || value === '' ? [] : [{ field, text: shown(field, String(value)) }];
    });
    const [main, ...others] = values;
    if (main === undefined) return [];
    const beside = others.map(({ field, text }) => (field.control === 'number' ? `${field.label.toLowerCase()} ${text}` : text));
    return [{ title, value: main.text, beside: beside.join(' ') }];
  });
}
