/** U+0061. */
export const codePoint = (character: string): string => `U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}`;

const most = 40;

/** Text of somebody as it may stand in a message: in quotes, bounded, and nothing that a terminal or a page could take for an instruction. */
export function shownText(text: string): string {
  const short = [...text].slice(0, most).join('');
  const safe = short.replace(/[^\p{L}\p{N}\p{P}\p{S} ]/gu, codePoint);
  return `"${safe}${short.length < text.length ? '…' : ''}"`;
}
