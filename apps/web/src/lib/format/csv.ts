// CSV (RFC 4180) that a spreadsheet shows and never runs.

/** What begins a formula, in whatever width it is written (`＝`), and what a spreadsheet passes over before it looks. */
const formula = /^[=+\-@\t\r\n]/;

/** What a spreadsheet would take for a formula gets an apostrophe in front, which makes it text. */
const inert = (text: string): string => (formula.test(text.normalize('NFKC').replace(/^[^\S\t\r\n]+/, '')) ? `'${text}` : text);

function cell(value: string | number | null): string {
  if (typeof value === 'number') return String(value);
  const text = inert(value ?? '');
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** A heading and its rows, each line ended by CRLF. */
export function toCsv(heading: readonly string[], rows: readonly (readonly (string | number | null)[])[]): string {
  return [heading, ...rows].map((row) => `${row.map(cell).join(',')}\r\n`).join('');
}
