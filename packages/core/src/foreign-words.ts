const longest = 300;

/** Somebody else's words, for a page: one line, bounded, and without what a terminal or a page would act on. */
export const foreignWords = (text: string): string => {
  const line = text
    .replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+/gu, ' ')
    .replace(/\s+/g, ' ')
    .trim();
  return line.length <= longest ? line : `${line.slice(0, longest)}…`;
};
