// A browser in a few words of our own: what it says of itself is longer, is never the same for long, and anybody can write it.

const browsers: readonly (readonly [RegExp, string])[] = [
  [/\bEdg(?:e|A|iOS)?\//, 'Edge'],
  [/\bOPR\//, 'Opera'],
  [/\b(?:Firefox|FxiOS)\//, 'Firefox'],
  [/\b(?:Headless)?Chrom(?:e|ium)\/|\bCriOS\//, 'Chrome'],
  [/\bSafari\//, 'Safari'],
];
const systems: readonly (readonly [RegExp, string])[] = [
  [/\biPhone\b/, 'iPhone'],
  [/\biPad\b/, 'iPad'],
  [/\bAndroid\b/, 'Android'],
  [/\bWindows\b/, 'Windows'],
  [/\bMac OS X\b/, 'macOS'],
  [/\bLinux\b|\bX11\b/, 'Linux'],
];

const first = (words: typeof browsers, text: string): string | undefined => words.find(([pattern]) => pattern.test(text))?.[1];

/** "Firefox on Linux" of a User-Agent header; null where neither is known. */
export function browserOf(userAgent: string | null): string | null {
  const text = (userAgent ?? '').slice(0, 500);
  const [browser, system] = [first(browsers, text), first(systems, text)];
  if (browser === undefined && system === undefined) return null;
  return `${browser ?? 'A browser'}${system === undefined ? '' : ` on ${system}`}`;
}
