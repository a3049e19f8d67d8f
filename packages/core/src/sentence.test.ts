// What people read of an error or a step is a whole sentence, wherever it is written: held over the source of all packages
// but what a console says when a process starts.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';
import { expect, it } from 'vitest';
import { errorTable } from './error-table.ts';
import { asHostmasterError } from './errors.ts';
import { asSentence } from './sentence.ts';

const root = join(import.meta.dirname, '..', '..', '..');
const sources = ['packages', 'apps'].flatMap((parent) =>
  readdirSync(join(root, parent))
    .filter((name) => name !== 'embedded')
    .flatMap((name) => {
      const folder = join(root, parent, name, 'src');
      return readdirSync(folder, { recursive: true, encoding: 'utf8' })
        .filter((file) => /(?<!\.test|\.d)\.ts$/.test(file) && !/(^|\/)(testing|generated)\//.test(file))
        .map((file) => join(folder, file));
    }),
);

/** The literal ends of a text; a text that ends with a value is judged where that is written. */
function endsOf(text: ts.Expression): string[] {
  // Where nothing is said, nothing ends.
  if (ts.isStringLiteralLike(text)) return [text.text].filter((end) => end !== '');
  if (ts.isTemplateExpression(text)) return [text.templateSpans.at(-1)?.literal.text ?? ''].filter((end) => end !== '');
  if (ts.isConditionalExpression(text)) return [...endsOf(text.whenTrue), ...endsOf(text.whenFalse)];
  if (ts.isBinaryExpression(text)) return endsOf(text.right);
  return ts.isParenthesizedExpression(text) ? endsOf(text.expression) : [];
}

/** Which argument of a call is what a person reads. */
const said = { HostmasterError: 1, stepDone: 1, stepSkipped: 1, stepFound: 3, done: 0 } as const;

function* textsIn(node: ts.Node): Generator<string> {
  if (ts.isCallExpression(node) || ts.isNewExpression(node)) {
    const name = node.expression.getText();
    const text = Object.hasOwn(said, name) ? node.arguments?.[said[name as keyof typeof said]] : undefined;
    if (text !== undefined) yield* endsOf(text);
  }
  const worded = ts.isPropertyAssignment(node) && ['message', 'remedy'].includes(node.name.getText());
  if (worded) yield* endsOf(node.initializer);
  for (const child of node.getChildren()) yield* textsIn(child);
}

const texts = sources
  // A link of the chain says a phrase, or what its condition says.
  .filter((file) => !file.endsWith(join('endpoint', 'chain.ts')) && !file.endsWith('env.ts'))
  .flatMap((file) =>
    [...textsIn(ts.createSourceFile(file, readFileSync(file, 'utf8'), ts.ScriptTarget.Latest, true))].map((text) => ({ file, text })),
  );

it('what an error, a step or a remedy says ends as a sentence does', () => {
  expect(texts.length).toBeGreaterThan(250);
  expect(texts.filter(({ text }) => !/[.!?]$/.test(text))).toEqual([]);
});

it.each([
  ['connection refused', 'connection refused.'],
  ['The address may not be reached.', 'The address may not be reached.'],
])('%j is the sentence %j', (text, sentence) => expect(asSentence(text)).toBe(sentence));

it('what nobody foresaw says a whole sentence too', () =>
  expect(asHostmasterError(new TypeError('x is not a function')).message).toBe(`${errorTable.internal.title}.`));
