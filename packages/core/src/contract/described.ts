// What a kind of provider, issuer or destination says of itself, in the words of the API.
import { z } from 'zod';
import { id, timestamp } from './page.ts';
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

/** How whoever connects something says that a test of it has passed. @param path of the API, that tests it */
export const testedFirst = (path: string) => ({
  trial: told(
    id.optional(),
    `The operation by which \`POST ${path}\` tested exactly this connection, with this secret: it passed, and ended within the last hour.`,
  ),
  untested: told(z.boolean().default(false), 'Keep the connection though no test of it has passed; else `trial` is needed.', false),
});
/** What the answer says of that. */
export const wasTested = {
  tested: told(
    z.boolean().nullable(),
    'Whether a test of this connection passed before it was kept; null where only other things were changed.',
    true,
  ),
};

/** How the last test of what is connected is answered beside it. */
export const connectionTest = named(
  'ConnectionTest',
  z.object({
    operationId: told(id, 'The operation that tests: `GET /operations/{id}` answers what each check found.'),
    ok: told(
      z.boolean().nullable(),
      'Whether every check passed; false also where it came to nothing, and null while it is under way.',
      true,
    ),
    at: told(timestamp, 'When it ended; while it is under way, when it was asked for.', '2026-11-20T14:02:31Z'),
    changedSince: told(z.boolean(), 'Whether what it tested was changed since.', false),
  }),
  'A connection test of an issuer or a destination.',
);
export type ConnectionTest = z.infer<typeof connectionTest>;
