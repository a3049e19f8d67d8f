// Text that people read. What is not seen can make a name read as another, or turn the order of what stands beside it
// (Unicode UTR 36 §3.1), so that nobody who approves it knows what they approve.
import { z } from 'zod';
import { codePoint } from '../shown-text.ts';
import { breakRule } from './own-rule.ts';

/** Control, format and bidirectional characters, separators of lines and paragraphs, private use, and what draws nothing. */
const unseen = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Co}\u115f\u1160\u3164\uffa0\u2800]|\u034f|[\u17b4\u17b5]|[\u180b-\u180f]/u;
/** Joiners between letters of scripts that need them, and between the parts of one emoji. */
const joiner = /(?<=[^\p{ASCII}])[\u200c\u200d](?=[^\p{ASCII}])/gu;

const firstUnseen = (text: string): string | undefined => unseen.exec(text.replace(joiner, ''))?.[0];

function refuseUnseen(text: string, context: z.RefinementCtx<string>, kind: string): void {
  const found = firstUnseen(text);
  if (found === undefined) return;
  breakRule(context, {
    rule: 'unseen-character',
    reason: `It holds ${codePoint(found)}, which is not seen where it is read.`,
    remedy: `Take it out: ${kind} holds no control, bidirectional or invisible characters.`,
  });
}

/** A name that people read: one line, without space around it. */
export const readableName = (most: number, missing?: string) =>
  z
    .string()
    .trim()
    .min(1, missing)
    .max(most)
    .superRefine((text, context) => refuseUnseen(text, context, 'a name'));

/** Lines end as they do in files. */
const lines = z.string().overwrite((text) => text.replaceAll('\r\n', '\n'));
const seenLines = (text: string, context: z.RefinementCtx<string>): void => refuseUnseen(text.replace(/[\n\t]/g, ''), context, 'the text');

/** What people say in a few lines, possibly nothing. */
export const readableText = (most: number) => lines.max(most).superRefine(seenLines);

/** What people have to say. */
export const neededText = (most: number, missing: string) => lines.trim().min(1, missing).max(most).superRefine(seenLines);

/** A name that somebody else keeps, without what a name here cannot hold. */
export const madeReadable = (name: string): string =>
  [...name.replace(/\s+/g, ' ')]
    .filter((character) => !unseen.test(character))
    .join('')
    .trim();
