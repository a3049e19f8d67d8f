// Which writing systems a label mixes: UTS 39 §5.2, "highly restrictive", over Script_Extensions, with the scripts that
// UAX 31 recommends for identifiers. A label of one script passes, and Latin beside Japanese, Chinese or Korean does.

const single = [
  ...['Latin', 'Cyrillic', 'Greek', 'Arabic', 'Armenian', 'Bengali', 'Devanagari', 'Ethiopic', 'Georgian', 'Gujarati', 'Gurmukhi'],
  ...['Hebrew', 'Kannada', 'Khmer', 'Lao', 'Malayalam', 'Myanmar', 'Oriya', 'Sinhala', 'Tamil', 'Telugu', 'Thaana', 'Thai', 'Tibetan'],
] as const;

const combined = {
  Japanese: ['Han', 'Hiragana', 'Katakana', 'Latin'],
  Chinese: ['Han', 'Bopomofo', 'Latin'],
  Korean: ['Han', 'Hangul', 'Latin'],
} as const;

const classOf = (scripts: readonly string[]) => scripts.map((script) => `\\p{scx=${script}}`).join('');

const profiles: readonly { readonly name: string; readonly whole: RegExp }[] = [
  ...single.map((script) => [script, [script]] as const),
  ...Object.entries(combined),
].map(([name, scripts]) => ({ name, whole: new RegExp(`^[\\p{scx=Common}\\p{scx=Inherited}${classOf(scripts)}]+$`, 'u') }));

const everyScript = [...new Set([...single, ...Object.values(combined).flat()])];
const recommended = new RegExp(`^[\\p{scx=Common}\\p{scx=Inherited}${classOf(everyScript)}]$`, 'u');
const eachScript = everyScript.map((script) => ({ script, one: new RegExp(`\\p{scx=${script}}`, 'u') }));

/** The writing system of a whole U-label, or null when it mixes several. Digits and hyphens fit any; pure ASCII is Latin. */
export const writingSystemOf = (label: string): string | null => profiles.find(({ whole }) => whole.test(label))?.name ?? null;

/** Scripts met in a U-label, for a message; characters that fit several scripts count for each. */
export const scriptsIn = (label: string): string[] => eachScript.filter(({ one }) => one.test(label)).map(({ script }) => script);

/** The first character whose script is not in everyday use (UAX 31 tables 4 and 7), or null. */
export const firstUncommonScript = (label: string): string | null => [...label].find((character) => !recommended.test(character)) ?? null;

/**
 * Whether the label counts in digits of more than one system (UTS 39 §5.3): `1` beside `१`.
 * Decimal digits are assigned in runs of ten, and the adjoining runs (mathematical digits) never survive UTS 46 mapping.
 */
export function mixesDigits(label: string): boolean {
  const codes = (label.match(/\p{Nd}/gu) ?? []).map((digit) => digit.codePointAt(0) ?? 0);
  return codes.length > 1 && Math.max(...codes) - Math.min(...codes) > 9;
}
