// What a bench hands back, and how it is shown: Markdown that reads well on a terminal and in a file.

/** One promise of the project, with what was measured. A promise that is not kept is said, never failed: timings are the machine's. */
type Promised = { readonly promise: string; readonly measured: string; readonly kept: boolean };

export type Report = {
  readonly title: string;
  readonly columns: readonly string[];
  readonly rows: readonly (readonly string[])[];
  readonly promises: readonly Promised[];
  /** How it was measured, so that the figures can be judged. */
  readonly notes: readonly string[];
};

/** Runs until done or until `signal` says that time is up; ends all it starts. */
export type Bench = (signal: AbortSignal) => Promise<Report>;

function table(columns: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = columns.map((column, at) => Math.max(column.length, ...rows.map((row) => (row[at] ?? '').length)));
  // The first column is text, the others are figures.
  const line = (cells: readonly string[]) =>
    `| ${widths.map((width, at) => (at === 0 ? (cells[at] ?? '').padEnd(width) : (cells[at] ?? '').padStart(width))).join(' | ')} |`;
  const rule = `| ${widths.map((width, at) => (at === 0 ? '-'.repeat(width) : `${'-'.repeat(width - 1)}:`)).join(' | ')} |`;
  return [line(columns), rule, ...rows.map(line)].join('\n');
}

export function renderReport({ title, columns, rows, promises, notes }: Report): string {
  const said = promises.map(({ promise, measured, kept }) => `- ${kept ? 'Kept' : '**Not kept**'}: ${promise}. Measured: ${measured}.`);
  return [`## ${title}`, '', table(columns, rows), '', ...said, '', ...notes.map((note) => `- ${note}`), ''].join('\n');
}

/** A bench that could not run to its end. */
export const renderFailure = (name: string, error: unknown): string =>
  `## ${name}\n\nIt did not run: ${error instanceof Error ? error.message : String(error)}\n`;

export const whole = (value: number): string => Math.round(value).toLocaleString('en-US');
export const ratio = (value: number): string => value.toFixed(2);
export const percent = (share: number): string => `${(share * 100).toFixed(0)} %`;
export const milliseconds = (value: number): string => `${value.toFixed(0)} ms`;
