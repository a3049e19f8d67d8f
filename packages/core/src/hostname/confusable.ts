// Names that read alike. `skeleton` folds look-alikes onto one ASCII form (in the manner of UTS 39 §4), so that two names
// with one skeleton can be told to their owners; `readsAsLatin` finds a label that is wholly made of Latin look-alikes.
// The table holds lower-case letters only: capitals and compatibility forms never survive UTS 46 mapping.

/** ASCII letter → letters that most fonts draw the same; a label made of these alone passes for Latin. */
const same: Readonly<Record<string, string>> = {
  a: 'аαɑ',
  b: 'ьъƅ',
  c: 'сᴄ',
  d: 'ԁ',
  e: 'еҽ',
  f: 'քẝ',
  g: 'ցɡ',
  h: 'һհ',
  i: 'іιɩɪ',
  j: 'јյϳ',
  k: 'κĸ',
  l: 'ӏլւǀ',
  n: 'пηողɴ',
  o: 'оοσօᴏ๐໐၀೦൦०০੦૦୦௦౦٥۵ഠଠ',
  p: 'рρ',
  q: 'ԛգզ',
  r: 'гᴦ',
  s: 'ѕꜱƽ',
  t: 'τ',
  u: 'υսᴜʋ',
  v: 'ѵνᴠ',
  w: 'ԝωաѡɯᴡ',
  x: 'хχ',
  y: 'уүγʏყ',
  z: 'ᴢ',
};

/** Letters that are near enough to compare two names by, yet common in honest words of their own script. */
const near: Readonly<Record<string, string>> = {
  b: 'вβ',
  e: 'εɛə',
  h: 'нʜ',
  i: 'ı',
  k: 'к',
  l: 'ון',
  m: 'мᴍ',
  o: 'ס',
  t: 'т',
  v: 'ט',
  y: 'ყ',
};

const invert = (...tables: Readonly<Record<string, string>>[]) =>
  new Map(
    tables.flatMap((table) => Object.entries(table).flatMap(([ascii, letters]) => [...letters].map((letter) => [letter, ascii] as const))),
  );

const sameAs = invert(same);
const nearTo = invert(near, same);

/** ASCII forms that read alike (`I` is typed for `i`, and drawn as `l` and `1` are); the order matters, pairs before what they produce. */
const foldAscii = (text: string): string => text.replaceAll('0', 'o').replace(/[1i]/g, 'l').replaceAll('rn', 'm').replaceAll('vv', 'w');

/**
 * The form under which names that read alike are equal. Takes one U-label or several with dots, in lower case.
 * It is for comparing only: it is no hostname, and two skeletons may be equal by honest chance (`1o` and `l0`).
 */
export function skeleton(label: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: the range is exactly ASCII.
  if (/^[\x00-\x7f]*$/.test(label)) return foldAscii(label);
  let folded = '';
  // Accents are marks of no script of their own; vowel signs and the like belong to one and stay.
  for (const character of label.normalize('NFD'))
    if (!/\p{Script=Inherited}/u.test(character)) folded += nearTo.get(character) ?? character;
  return foldAscii(folded);
}

/** The ASCII text that a U-label passes for, or null when it holds a letter that is not a look-alike, or is ASCII itself. */
export function readsAsLatin(label: string): string | null {
  let ascii = '';
  let foreign = false;
  for (const character of label.normalize('NFD')) {
    if (character <= '\x7f') ascii += character;
    else {
      const twin = sameAs.get(character);
      // A mark above a foreign look-alike does not keep it from passing; above a Latin letter it is simply an accent.
      if (twin === undefined && !(foreign && /\p{Mn}/u.test(character))) return null;
      ascii += twin ?? '';
      foreign = true;
    }
  }
  return foreign ? ascii : null;
}
