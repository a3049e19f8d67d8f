import { codePoint } from './shown-text.ts';

const longest = 300;

/** Somebody else's text with all that is not seen, or turns what stands beside it around, as its code point: U+202E. Two texts that differ still do. */
export const visibleWords = (text: string): string => text.replace(/[\p{C}\p{Zl}\p{Zp}]/gu, codePoint);

/** Somebody else's words, for a page: one line, bounded, and without what a terminal or a page would act on. */
export const foreignWords = (text: string): string => {
  const line = text
    .replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+/gu, ' ')
    .replace(/\s+/g, ' ')
    .trim();
  return line.length <= longest ? line : `${line.slice(0, longest)}…`;
};
