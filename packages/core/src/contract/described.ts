// What a kind of provider or issuer says of itself, in the words of the API.
import { z } from 'zod';
import { named, told } from './told.ts';

export const capability = named(
  'Capability',
  z.union([z.literal(true), z.object({ no: told(z.string(), 'Why not.', 'The server has no such operation.') })]),
  'Whether something can be done; where not, why.',
);

const checkOfConnection = named(
  'ConnectionCheck',
  z.object({
    name: told(z.string(), 'Name of the check.', 'transfer'),
    holds: told(z.string(), 'What it finds out.', 'The zone can be read whole.'),
  }),
  'A check of a connection test.',
);
/** What a connection test finds out, for whoever shows it. */
export const checksOfConnection = told(z.array(checkOfConnection), 'What a connection test finds out, in this order.');
export type ChecksOfConnection = z.infer<typeof checksOfConnection>;

const jsonSchema = z.record(z.string(), z.unknown());
/** What a connection to it needs, for whoever makes a form, a page or a client of it. */
export const neededOfConnection = {
  settings: told(jsonSchema, 'JSON Schema of `connection.settings`: titles are labels, descriptions hints, examples placeholders.', {
    type: 'object',
  }),
  secret: told(jsonSchema.nullable(), 'JSON Schema of `connection.secret`; null where there is none.', { type: 'string' }),
  secretOptional: told(z.boolean(), 'Whether a connection may go without the secret.', false),
};
