// The API described by the API itself: OpenAPI 3.1 with every path that is served, and the same as a page to read.
import { randomUUID } from 'node:crypto';
import { test as browserless, expect } from '@playwright/test';
import { z } from 'zod';
import { instance } from './testing/instance.ts';
import { test } from './testing/portal.ts';

const document = z.object({
  openapi: z.string(),
  servers: z.array(z.object({ url: z.string() })),
  paths: z.record(z.string(), z.record(z.string(), z.object({ summary: z.string(), responses: z.record(z.string(), z.unknown()) }))),
});
const everyPath = [
  'GET /audit',
  'GET /audit/verify',
  'GET /certificates',
  'GET /certificates/{serial}',
  'GET /certificates/{serial}/chain.pem',
  'GET /certificates:board',
  'GET /campaigns',
  'POST /campaigns',
  'GET /campaigns/{id}',
  'GET /campaigns/{id}/certificates',
  'POST /campaigns:plan',
  'POST /campaigns/{id}/start',
  'POST /campaigns/{id}/pause',
  'POST /campaigns/{id}/resume',
  'POST /campaigns/{id}/stop',
  'PUT /campaigns/{id}/pace',
  'GET /authority',
  'GET /authority/fetches',
  'POST /authority/roots',
  'POST /authority/roots:connect',
  'POST /authority:import',
  'POST /authority/roots/{id}/activate',
  'POST /authority/roots/{id}/withdraw',
  'POST /authority/roots/{id}/requests',
  'PUT /authority/roots/{id}/crl',
  'PUT /authority/requests/{id}/certificate',
  'DELETE /authority/requests/{id}',
  'GET /clusters',
  'POST /clusters',
  'PUT /clusters/{slug}',
  'DELETE /clusters/{slug}',
  'GET /dns-providers',
  'GET /endpoints',
  'GET /endpoints/{id}',
  'GET /endpoints/{id}/order',
  'GET /endpoints/{id}/revisions',
  'POST /endpoints/{id}/certificate',
  'POST /endpoints/{id}/recheck',
  'GET /environments',
  'POST /environments',
  'PUT /environments/{slug}',
  'DELETE /environments/{slug}',
  'GET /exceptions',
  'POST /exceptions',
  'DELETE /exceptions/{id}',
  'GET /grants',
  'POST /grants',
  'PUT /grants/{id}',
  'DELETE /grants/{id}',
  'POST /grants:check',
  'GET /destinations',
  'POST /destinations',
  'GET /destinations/{id}',
  'PUT /destinations/{id}',
  'DELETE /destinations/{id}',
  'POST /destinations/{id}/test',
  'POST /destinations:test',
  'GET /destination-kinds',
  'GET /discovered-certificates',
  'GET /discovered-certificates/{id}',
  'PUT /discovered-certificates/{id}/known',
  'DELETE /discovered-certificates/{id}/known',
  'GET /discovery-scopes',
  'POST /discovery-scopes',
  'GET /discovery-scopes/{id}',
  'PUT /discovery-scopes/{id}',
  'DELETE /discovery-scopes/{id}',
  'POST /discovery-scopes/{id}/look',
  'GET /transparency-logs',
  'POST /transparency-logs',
  'GET /transparency-logs/{id}',
  'DELETE /transparency-logs/{id}',
  'POST /transparency-logs/{id}/read',
  'GET /issuers',
  'POST /issuers',
  'GET /issuers/{id}',
  'PUT /issuers/{id}',
  'DELETE /issuers/{id}',
  'POST /issuers/{id}/stop',
  'POST /issuers/{id}/resume',
  'POST /issuers/{id}/change-key',
  'POST /issuers/{id}/test',
  'POST /issuers:test',
  'GET /issuer-kinds',
  'POST /certificates/{serial}/revoke',
  'GET /me',
  'GET /operations/{id}',
  'GET /people',
  'POST /people',
  'GET /people/{id}',
  'POST /people/{id}/disable',
  'POST /people/{id}/enable',
  'POST /people/{id}/password-link',
  'PUT /people/{id}/roles',
  'DELETE /people/{id}/sessions',
  'GET /requests',
  'POST /requests',
  'POST /requests:batch',
  'POST /requests:check',
  'GET /requests/{id}',
  'POST /requests/{id}/cancel',
  'POST /requests/{id}/reviews',
  'GET /reservations',
  'POST /reservations',
  'DELETE /reservations/{id}',
  'GET /teams',
  'POST /teams',
  'GET /teams/{slug}',
  'PUT /teams/{slug}/members/{email}',
  'DELETE /teams/{slug}/members/{email}',
  'GET /tokens',
  'POST /tokens',
  'DELETE /tokens/{id}',
  'GET /zones',
  'POST /zones',
  'GET /zones/{id}',
  'GET /zones/{id}/record-sets',
  'PUT /zones/{id}',
  'DELETE /zones/{id}',
  'POST /zones/{id}/read',
  'POST /zones/{id}/give-up',
  'POST /zones/{id}/test',
  'POST /zones:test',
];

const served = async () =>
  document.parse(await (await fetch(`${instance.portal}/api/openapi.json`, { signal: AbortSignal.timeout(60_000) })).json());
const operationsOf = ({ paths }: z.infer<typeof document>): string[] =>
  Object.entries(paths).flatMap(([path, methods]) => Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`));

browserless('the API is described as OpenAPI 3.1, every path of it', async () => {
  const described = await served();
  expect(described.openapi).toMatch(/^3\.1\./);
  expect(described.servers).toEqual([{ url: instance.api }]);
  expect(operationsOf(described).sort()).toEqual([...everyPath].sort());
  for (const [path, methods] of Object.entries(described.paths))
    for (const { responses } of Object.values(methods)) expect(Object.keys(responses), path).toContain('401');
});

browserless('every path that the description names is there, and asks who one is first', async () => {
  for (const operation of operationsOf(await served())) {
    const [method = '', path = ''] = operation.split(' ');
    const url = `${instance.api}${path.replace('{id}', randomUUID()).replace('{serial}', '0123')}`;
    const answer = await fetch(url, { method, signal: AbortSignal.timeout(60_000) });
    expect(answer.status, operation).toBe(401);
  }
});

test('the documentation is there to read: every path on the page of its noun, a curl line each, and every error code', async ({
  portal,
}) => {
  const page = await portal.anonymous();
  await page.goto('/api/docs');
  const main = page.getByRole('main');
  const nouns = main.getByRole('navigation', { name: 'Nouns' }).getByRole('link');
  const articles = new Map<string, string>();
  for (const noun of await nouns.allTextContents()) {
    await nouns.getByText(noun, { exact: true }).click();
    await expect(main.getByRole('heading', { level: 1, name: noun, exact: true })).toBeVisible();
    for (const article of await main.getByRole('article').all())
      articles.set((await article.getAttribute('aria-label')) ?? '', (await article.textContent()) ?? '');
    await page.goto('/api/docs');
  }
  const described = operationsOf(await served()).filter((operation) => !operation.endsWith('.pem'));
  for (const operation of described) {
    const [method = '', path = ''] = operation.split(' ');
    const article = articles.get(`${method} /api/v1${path}`);
    expect(article, operation).toContain('curl');
    expect(article, operation).toContain(`${instance.api}/`);
  }
  await main.getByRole('link', { name: 'errors' }).click();
  await expect(page).toHaveURL(/#errors$/);
  await expect(main.getByRole('heading', { name: 'errors' })).toBeInViewport();
  await expect(main.locator('#policy-denied')).toContainText('422');
  await expect(main.locator('#self-review')).toContainText('403');
});
