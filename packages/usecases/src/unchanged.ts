import { isDeepStrictEqual } from 'node:util';

type Columns = Readonly<Record<string, unknown>>;

/** Whether a row says already what is to be written. A save that changes nothing raises no version, and nobody is told of it. */
export const saysAlready = (row: Columns, data: Columns): boolean =>
  Object.entries(data).every(([column, value]) => isDeepStrictEqual(row[column], value));
