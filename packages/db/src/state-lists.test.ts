import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { views } from '@hostmaster/core/dns/view';
import { endpointStates } from '@hostmaster/core/endpoint/state';
import { operationStates } from '@hostmaster/core/operation/state';
import { certificateStates } from '@hostmaster/core/pki/certificate-state';
import { orderStates } from '@hostmaster/core/pki/order-state';
import { reservationKinds } from '@hostmaster/core/policy/ground';
import { membershipRoles } from '@hostmaster/core/policy/roles';
import { requestStates } from '@hostmaster/core/request/state';
import { expect, it } from 'vitest';

const root = join(import.meta.dirname, '..', '..', '..');
const isSource = (path: string) => path.endsWith('.ts') && !/\.test\.ts$|generated|testing/.test(path);
const sources = ['packages/db/src', 'packages/usecases/src', 'apps/worker/src'].flatMap((folder) =>
  readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter(isSource)
    .map((path) => join(folder, path)),
);

const words: readonly string[] = [
  certificateStates,
  endpointStates,
  membershipRoles,
  operationStates,
  orderStates,
  requestStates,
  reservationKinds,
  views,
].flat();

/** What begins a group of words in SQL, in a question to the client, and in a schema, with the first of them. */
const group = /(?:\bIN \(|\bARRAY\[|\b(?:in|notIn): \[|\bz\.enum\(\[|<> |\bnot: )'([a-z-]+)'/g;

it('no query and no schema spells a group of words by hand: each takes it by its name', () => {
  const spelled = sources.flatMap((path) =>
    [...readFileSync(join(root, path), 'utf8').matchAll(group)]
      .filter(([, word = '']) => words.includes(word))
      .map(([text]) => `${path}: ${text}`),
  );
  expect(spelled).toEqual([]);
});
