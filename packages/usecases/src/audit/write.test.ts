import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { auditActionWords } from '@hostmaster/core/audit/actions';
import { transact } from '@hostmaster/db/transaction';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Ctx } from '../context.ts';
import { createHarness, type Harness } from '../testing/harness.ts';
import { listAudit } from './list.ts';
import { audit } from './write.ts';

let harness: Harness;
let ctx: Ctx;
beforeAll(async () => {
  harness = await createHarness();
  ctx = harness.ctxFor(await harness.build.auditor());
});
afterAll(() => harness.close());

const folder = fileURLToPath(new URL('..', import.meta.url));
const sources = readdirSync(folder, { recursive: true, encoding: 'utf8' })
  .filter((path) => path.endsWith('.ts') && !path.endsWith('.test.ts') && !path.includes('testing'))
  .map((path) => ({ path, text: readFileSync(join(folder, path), 'utf8') }));

it('an event says who did what to which kind of thing, and is found by its action', async () => {
  const id = '018f0000-0000-7000-8000-00000000000a';
  await transact(harness.db, (tx) => audit(tx, ctx, 'token.revoke', { id, name: 'pipeline' }, {}));
  await transact(harness.db, (tx) => audit(tx, ctx, 'team.create', { id, name: 'orders' }, { name: 'Orders' }));
  const { rows } = await listAudit(ctx, { action: 'token.revoke', order: 'desc', limit: 10 });
  expect(rows).toMatchObject([
    {
      action: 'token.revoke',
      actor: { kind: 'person', id: ctx.actor.id, name: ctx.actor.name },
      subjectKind: 'token',
      subjectId: id,
      subject: 'pipeline',
      detail: {},
      at: harness.clock.now().toISOString(),
    },
  ]);
});

it('every action of the table is written by some use case', () => {
  const says = (part: string) => sources.some(({ text }) => text.includes(part));
  // As a whole, or as what somebody does to a kind of thing.
  const written = (word: string) => {
    const [subject = '', act = ''] = word.split('.');
    return says(`'${word}'`) || (says(`\`${subject}.\${`) && says(`'${act}'`));
  };
  expect(auditActionWords.filter((word) => !written(word))).toEqual([]);
});

it('nobody appends an event past the table', () => {
  const writers = sources.filter(({ text }) => text.includes('appendAudit')).map(({ path }) => path);
  expect(writers).toEqual(['audit/write.ts']);
});
