// Which columns a person chose to see, by table and column; what was not chosen is as the table has it. It is read on the
// server too, so that the first byte of a page holds the right columns and nothing flashes.
import { z } from 'zod';

const word = z.string().max(40);
const columnChoices = z.record(word, z.record(word, z.boolean()));
export type ColumnChoices = z.infer<typeof columnChoices>;

export const columnCookie = 'columns';

/** The choices in the (decoded) value of the cookie; none where there is none, or where it is not what this portal wrote. */
export function readColumnChoices(value: string | undefined): ColumnChoices {
  try {
    return columnChoices.parse(JSON.parse(value ?? '{}'));
  } catch {
    return {};
  }
}

/** As it is set. */
export const writeColumnChoices = (choices: ColumnChoices): string => encodeURIComponent(JSON.stringify(choices));
