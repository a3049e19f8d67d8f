/** What the shell puts in place when the command is run: a variable, or what a command says. Only ever a constant of ours. */
export type Expansion = { readonly expands: string };
/** A text; or, in parts, a text with an expansion in it. */
export type ShellWord = string | readonly (string | Expansion)[];

/** What no POSIX shell reads as anything but itself (XCU §2.2), wherever in a command it stands. */
const inert = /^[A-Za-z0-9%+,./:@_-]+$/;
const quoted = (text: string): string => (inert.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`);
const escaped = (text: string): string => text.replace(/[\\"$`]/g, '\\$&');

function wordOf(word: ShellWord): string {
  if (typeof word === 'string') return quoted(word);
  return `"${word.map((part) => (typeof part === 'string' ? escaped(part) : part.expands)).join('')}"`;
}

/** A command that a shell reads as exactly these words. Whoever shows one to be copied makes it here. */
export const shellCommand = (...lines: readonly (readonly ShellWord[])[]): string =>
  lines.map((words) => words.map(wordOf).join(' ')).join(' \\\n  ');
