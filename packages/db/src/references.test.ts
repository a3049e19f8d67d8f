// A list that is asked for what refers to each of its rows reads the whole table for every one of them, where no index leads there:
// nobody sees that before there are a hundred thousand rows.
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createGround, type Ground } from './testing/ground.ts';

let ground: Ground;
beforeAll(async () => {
  ground = await createGround();
});
afterAll(() => ground.close());

/** From here nobody looks, and what they refer to is never removed; or the table stays small. */
const unasked: readonly string[] = [
  // Most are of one issuer or of few teams: an index would lead to half of the table.
  'certificate.issuer_id',
  'certificate_order.team_id',
  'dns_proof.zone_id',
  'operation.team_id',
  'request.answering_person_id',
  'request.answering_team_id',
  'review.reviewer_id',
  'token_team.team_id',
  'zone.owner_team_id',
];

it('every reference to another table has an index that leads from there, or is said to be one that nobody follows', async () => {
  const rows = await ground.db.$queryRaw<{ reference: string }[]>`
    SELECT c.conrelid::regclass::text || '.' || a.attname AS reference
      FROM pg_constraint c JOIN pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = c.conkey[1]
     WHERE c.contype = 'f' AND cardinality(c.conkey) = 1
       AND NOT EXISTS (SELECT 1 FROM pg_index i WHERE i.indrelid = c.conrelid AND i.indkey[0] = a.attnum AND i.indpred IS NULL)
     ORDER BY 1`;
  expect(rows.map(({ reference }) => reference)).toEqual(unasked.toSorted());
});
