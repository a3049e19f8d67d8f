// Between what people type and what is stored: UTS 46 non-transitional processing with every check on (by tr46), and on
// top of it the code points and contexts of IDNA 2008 (RFC 5892), which UTS 46 alone is laxer about (it lets symbols pass).
import { toASCII, toUnicode } from 'tr46';

const strict = { checkBidi: true, checkHyphens: true, checkJoiners: true, transitionalProcessing: false, useSTD3ASCIIRules: true } as const;

/** The A-label form of a name without wildcard and trailing dot, or null when UTS 46 forbids it. Lengths are not checked here. */
export const toAscii = (name: string): string | null => toASCII(name, strict);

/** UTS 46 mapping with as few checks as possible: what the text turns into, valid or not. For diagnosis only. */
export const mapped = (text: string): string => toUnicode(text, { ignoreInvalidPunycode: true }).domain;

/** The U-label form of a canonical name; labels that do not decode stay as they are. */
export function toUnicodeName(name: string): string {
  if (!name.includes('xn--')) return name;
  const bare = name.startsWith('*.') ? name.slice(2) : name;
  const { domain, error } = toUnicode(bare, strict);
  if (error) return name;
  return bare === name ? domain : `*.${domain}`;
}

/** LetterDigits of RFC 5892 §2.1 and the PVALID exceptions of §2.6 that are of another category. */
const letterDigit = /^[\p{Ll}\p{Lo}\p{Lm}\p{Mn}\p{Mc}\p{Nd}\u06fd\u06fe\u0f0b]$/u;
/** DISALLOWED although they are letters or marks: §2.6 exceptions, §2.8 ignorable blocks, §2.9 old Hangul jamo. */
const disallowed =
  /^(?:[\u0640\u07fa\u3031-\u3035\u303b\u1100-\u11ff\ua960-\ua97f\ud7b0-\ud7ff]|\u302e|\u302f|[\u20d0-\u20ff]|[\u{1d100}-\u{1d24f}]|\p{Default_Ignorable_Code_Point})$/u;

/** CONTEXTO rules of RFC 5892 appendix A.3 to A.9; the joiners (A.1, A.2) are checked by tr46. */
function contextAllows(characters: readonly string[], index: number): boolean | null {
  const character = characters[index];
  const before = characters[index - 1] ?? '';
  const after = characters[index + 1] ?? '';
  switch (character) {
    case '\u00b7':
      return before === 'l' && after === 'l';
    case '\u0375':
      return /\p{Script=Greek}/u.test(after);
    case '\u05f3':
    case '\u05f4':
      return /\p{Script=Hebrew}/u.test(before);
    case '\u30fb':
      return characters.some((other) => /[\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Han}]/u.test(other));
    case '\u200c':
    case '\u200d':
      return true;
    default:
      break;
  }
  if (/[\u0660-\u0669]/.test(character ?? '')) return !characters.some((other) => /[\u06f0-\u06f9]/.test(other));
  return null;
}

/** The first character of a U-label that IDNA 2008 does not allow where it stands, or null. */
export function firstDisallowed(label: string): string | null {
  const characters = [...label];
  for (const [index, character] of characters.entries()) {
    if (character <= '\x7f') continue;
    const allowed = contextAllows(characters, index) ?? (letterDigit.test(character) && !disallowed.test(character));
    if (!allowed) return character;
  }
  return null;
}
