// What a pipeline does, without a browser: the same journeys over REST and by a tRPC client, each with a scoped token; the
// same refusals by the same codes at both doors; repeating safely.
import { randomUUID } from 'node:crypto';
import { problem, violation } from '@hostmaster/core/contract/page';
import { request } from '@hostmaster/core/contract/request';
import { test as browserless, expect } from '@playwright/test';
import { TRPCClientError } from '@trpc/client';
import { z } from 'zod';
import { rest, trpc } from './testing/api.ts';
import { begun, finished, readRequest } from './testing/ask.ts';
import { freshLabel, instance } from './testing/instance.ts';
import { curlStatus, dig } from './testing/outside.ts';
import { test } from './testing/portal.ts';

const asking = (hostname: string) => ({ contract: { hostname, team: 'order-platform', target: { addresses: ['127.0.0.1'] } } });
const reason = 'Looked at by the pipeline of security.';

/** What a call of the tRPC client was refused with. */
async function refusal(call: Promise<unknown>) {
  const thrown: unknown = await call.then(
    () => new Error('tRPC allowed it'),
    (error: unknown) => error,
  );
  if (!(thrown instanceof TRPCClientError)) throw thrown;
  return z.object({ code: z.string(), httpStatus: z.number(), violations: z.array(violation) }).parse(thrown.data);
}

async function isLive(hostname: string): Promise<void> {
  const { rows } = await trpc('app').endpoints.list.query({ search: hostname });
  expect(rows).toMatchObject([{ hostname, state: 'live' }]);
  expect(await dig(hostname, 'A')).toEqual(['127.0.0.1']);
  expect(await curlStatus(hostname)).toBe(200);
}

browserless('over REST: ask, poll the operation, and the name is live', async () => {
  const hostname = `${freshLabel('rest')}.dev.example.test`;
  const asked = await rest('app', 'POST', '/requests', asking(hostname));
  expect(asked.status).toBe(201);
  const { id, operation, state } = request.parse(asked.body);
  expect(state).toMatch(begun.state);
  expect(asked.headers.get('Location')).toBe(`/api/v1/requests/${id}`);
  const done = await finished('app', operation?.id ?? '');
  expect(done).toMatchObject({ state: 'succeeded', error: null });
  expect((await readRequest('app', id)).state).toBe('applied');
  await isLive(hostname);
});

browserless('over REST: a reserved name waits for the token of security, and the approval holds for the plan that was seen', async () => {
  const hostname = `login.${freshLabel('rest')}.prod.example.test`;
  const { id, state, waitsFor } = request.parse((await rest('app', 'POST', '/requests', asking(hostname))).body);
  expect({ state, waitsFor }).toEqual({ state: 'in-review', waitsFor: ['security-reviewer'] });

  const queue = z
    .object({ rows: z.array(z.object({ id: z.string() })) })
    .parse((await rest('security', 'GET', '/requests?queue=true')).body);
  expect(queue.rows.map((row) => row.id)).toContain(id);
  const { plan, reviewable } = await readRequest('security', id);
  expect(reviewable).toBe(true);

  const review = { decision: 'approve', reason };
  // A token of the team that asks reviews nothing, whoever it belongs to.
  const own = await rest('app', 'POST', `/requests/${id}/reviews`, { ...review, planHash: plan.hash });
  expect({ status: own.status, code: problem.parse(own.body).code }).toEqual({ status: 403, code: 'forbidden' });
  const unseen = await rest('security', 'POST', `/requests/${id}/reviews`, { ...review, planHash: 'another' });
  expect(unseen.status, JSON.stringify(unseen.body)).toBe(409);

  const approved = await rest('security', 'POST', `/requests/${id}/reviews`, { ...review, planHash: plan.hash });
  expect(approved.status, JSON.stringify(approved.body)).toBe(201);
  expect(await finished('app', request.parse(approved.body).operation?.id ?? '')).toMatchObject({ state: 'succeeded' });
  await isLive(hostname);
});

browserless('by a tRPC client: the same two journeys', async () => {
  const [app, security] = [trpc('app'), trpc('security')];
  const free = `${freshLabel('trpc')}.dev.example.test`;
  const asked = await app.requests.create.mutate(asking(free));
  expect(asked.state).toMatch(begun.state);

  const reserved = `login.${freshLabel('trpc')}.prod.example.test`;
  const waiting = await app.requests.create.mutate(asking(reserved));
  expect(waiting).toMatchObject({ state: 'in-review', waitsFor: ['security-reviewer'] });
  const seen = await security.requests.get.query({ id: waiting.id });
  const approved = await security.requests.review.mutate({ id: seen.id, decision: 'approve', reason, planHash: seen.plan.hash });
  for (const { operation } of [asked, approved]) expect(await finished('app', operation?.id ?? '')).toMatchObject({ state: 'succeeded' });
  await isLive(free);
  await isLive(reserved);
});

const refused = [
  { what: 'malformed', hostname: 'or ders.dev.example.test', rules: ['hostname-syntax'] },
  { what: 'mixed-script', hostname: 'ord\u0435rs.dev.example.test', rules: ['hostname-mixed-script'] },
  { what: 'foreign', hostname: 'orders.dev.example.com', rules: ['managed-zone', 'suffix-granted'] },
  { what: 'the apex', hostname: 'example.test', rules: ['apex-granted', 'suffix-granted'] },
  { what: 'a wildcard', hostname: '*.dev.example.test', rules: ['wildcard-granted'] },
  { what: "another team's", hostname: 'admin.prod.example.test', rules: ['suffix-granted'] },
];

for (const { what, hostname, rules } of refused) {
  browserless(`a name that is ${what} is refused with every reason and the same codes over REST and tRPC`, async () => {
    const overRest = await rest('app', 'POST', '/requests', asking(hostname));
    const said = problem.parse(overRest.body);
    expect(overRest.status).toBe(422);
    expect(said.violations.map(({ rule }) => rule).sort()).toEqual(rules);
    for (const { path } of said.violations) expect(path).toBe('contract.hostname');
    expect(await refusal(trpc('app').requests.create.mutate(asking(hostname)))).toMatchObject({
      code: said.code,
      httpStatus: 422,
      violations: said.violations,
    });
  });
}

browserless('what cannot be read is refused field by field, alike over REST and tRPC', async () => {
  const body = {
    contract: { hostname: 'orders.dev.example.test', team: 'Order Platform', target: { addresses: ['300.1.1.1'] }, colour: 'red' },
  };
  const overRest = await rest('app', 'POST', '/requests', body);
  const said = problem.parse(overRest.body);
  expect({ status: overRest.status, code: said.code }).toEqual({ status: 400, code: 'invalid-input' });
  expect(said.violations.map(({ path }) => path)).toEqual(['contract.team', 'contract.target.addresses.0', 'contract.colour']);
  expect(await refusal(trpc('app').requests.create.mutate(body))).toMatchObject({ code: said.code, violations: said.violations });
});

browserless('every refusal over REST is a problem document', async () => {
  const base = `${instance.api}/requests`;
  const signal = AbortSignal.timeout(60_000);
  const json = { Authorization: `Bearer ${instance.tokens.app}`, 'Content-Type': 'application/json' };
  const answers = {
    'not-signed-in': await fetch(base, { signal }),
    'not-found': await fetch(`${instance.api}/nothing-here`, { headers: json, signal }),
    'method-not-allowed': await fetch(base, { method: 'DELETE', headers: json, signal }),
    'unsupported-media-type': await fetch(base, { method: 'POST', headers: { ...json, 'Content-Type': 'text/plain' }, body: 'x', signal }),
    'invalid-input': await fetch(base, { method: 'POST', headers: json, body: '{', signal }),
    'body-too-large': await fetch(base, { method: 'POST', headers: json, body: JSON.stringify({ x: 'x'.repeat(1 << 20) }), signal }),
  };
  for (const [code, answer] of Object.entries(answers)) {
    expect(answer.headers.get('Content-Type'), code).toBe('application/problem+json');
    const body = problem.parse(await answer.json());
    expect(body).toMatchObject({ code, status: answer.status, type: `${instance.portal}/api/docs#${code}` });
    expect(answer.headers.get('Trace-Id'), code).toBe(body.traceId);
    expect(body.remedy, code).not.toBe('');
  }
});

browserless('an Idempotency-Key makes repeating safe, and is bound to what was sent with it', async () => {
  const body = asking(`${freshLabel('once')}.dev.example.test`);
  const key = { 'Idempotency-Key': randomUUID() };
  const once = await rest('app', 'POST', '/requests', body, key);
  const again = await rest('app', 'POST', '/requests', body, key);
  expect(once.status).toBe(201);
  expect({ status: again.status, body: again.body, location: again.headers.get('Location') }).toEqual({
    status: 201,
    body: once.body,
    location: once.headers.get('Location'),
  });
  expect(again.headers.get('Idempotency-Replayed')).toBe('true');
  const { rows } = await trpc('app').requests.list.query({ search: body.contract.hostname });
  expect(rows).toHaveLength(1);

  const other = await rest('app', 'POST', '/requests', asking(`${freshLabel('once')}.dev.example.test`), key);
  expect({ status: other.status, code: problem.parse(other.body).code }).toEqual({ status: 422, code: 'idempotency-mismatch' });
});

test('a token that a person made does no more than its scopes, and nothing once it is revoked', async ({ portal }) => {
  const name = freshLabel('reader');
  const page = await portal.as('app');
  await page.goto('/tokens');
  await page.getByRole('button', { name: 'Make a token' }).first().click();
  const dialog = page.getByRole('dialog', { name: 'Make a token' });
  await dialog.getByLabel('What it is for').fill(name);
  await dialog.getByRole('checkbox', { name: 'requests:write' }).uncheck();
  await dialog.getByRole('button', { name: 'Make the token' }).click();
  const token = /hm_\S+/.exec(await dialog.getByText(/hm_/).innerText())?.[0];
  await dialog.getByRole('button', { name: 'I have copied it' }).click();

  const call = async (path: string, body?: unknown): Promise<number> => {
    const headers = { Authorization: `Bearer ${token}`, 'Content-Type': 'application/json' };
    const sent = body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) };
    return (await fetch(`${instance.api}${path}`, { headers, ...sent, signal: AbortSignal.timeout(60_000) })).status;
  };
  const body = asking(`${freshLabel('scoped')}.dev.example.test`);
  expect(await call('/requests')).toBe(200);
  expect(await call('/requests:check', body)).toBe(200);
  expect(await call('/requests', body)).toBe(403);
  expect(await call('/audit')).toBe(403);

  await page
    .getByRole('row', { name })
    .getByRole('button', { name: /Revoke/ })
    .click();
  await page
    .getByRole('dialog')
    .or(page.getByRole('alertdialog'))
    .getByRole('button', { name: /Revoke/ })
    .click();
  await expect.poll(() => call('/requests')).toBe(401);
});
