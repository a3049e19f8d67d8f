// CSV (RFC 4180) that a spreadsheet shows and never runs.

/** What a spreadsheet would take for a formula gets an apostrophe in front, which makes it text. */
const inert = (text: string): string => (/^[=+\-@\t\r]/.test(text) ? `'${text}` : text);

function cell(value: string | number | null): string {
  if (typeof value === 'number') return String(value);
  const text = inert(value ?? '');
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** A heading and its rows, each line ended by CRLF. */
export function toCsv(heading: readonly string[], rows: readonly (readonly (string | number | null)[])[]): string {
  return [heading, ...rows].map((row) => `${row.map(cell).join(',')}\r\n`).join('');
}
