// Whoever checks a certificate of a running instance asks where it says: the portal itself, while that is on http. What they are told
// changes within seconds of a revocation, and the page of the issuers says until when all of it holds.
import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { certificate, certificatePage } from '@hostmaster/core/contract/certificate';
import { contextConstructed, octetString, oid, sequence } from '@hostmaster/core/pki/der';
import { children, readDer } from '@hostmaster/core/pki/der-reader';
import { rest } from './testing/api.ts';
import { askByToken, readRequest } from './testing/ask.ts';
import { freshLabel, instance } from './testing/instance.ts';
import { expect, test } from './testing/portal.ts';

const run = promisify(execFile);
const folder = mkdtempSync(join(tmpdir(), 'hostmaster-revocation-'));
const file = (name: string): string => join(folder, name);
test.afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function openssl(...args: readonly string[]): Promise<string> {
  const { stdout, stderr } = await run('openssl', args, { cwd: folder });
  return `${stdout}${stderr}`;
}

/** Asks by GET with the path as it is written here. */
const get = (address: string): Promise<{ type: string | undefined; body: Buffer }> =>
  new Promise((resolve, reject) => {
    const { hostname, port } = new URL(address);
    request({ hostname, port, path: address.slice(new URL(address).origin.length) }, (answer) => {
      const chunks: Buffer[] = [];
      answer.on('data', (chunk: Buffer) => chunks.push(chunk));
      answer.on('end', () => resolve({ type: answer.headers['content-type'], body: Buffer.concat(chunks) }));
    })
      .on('error', reject)
      .end();
  });

test('what OpenSSL is told of a certificate changes within seconds of its revocation, and its issuer says until when that holds', async ({
  portal,
}) => {
  const hostname = `${freshLabel('checked')}.dev.example.test`;
  const { id } = await askByToken('app', hostname);
  await expect.poll(async () => (await readRequest('app', id)).operation?.state, { timeout: 60_000 }).toBe('succeeded');
  const { rows } = certificatePage.parse((await rest('app', 'GET', `/certificates?search=${hostname}`)).body);
  const serial = rows[0]?.serial ?? '';
  const detail = certificate.parse((await rest('app', 'GET', `/certificates/${serial}`)).body);
  const [leaf = '', issuer = ''] = detail.chainPem.match(/-----BEGIN[^-]+-----[^-]+-----END[^-]+-----/g) ?? [];
  for (const [name, pem] of Object.entries({ leaf, issuer })) writeFileSync(file(`${name}.pem`), `${pem}\n`);
  writeFileSync(file('root.pem'), await (await fetch(`${instance.portal}/pki/root.pem`)).text());
  const responder = (await openssl('x509', '-in', 'leaf.pem', '-noout', '-ocsp_uri')).trim();
  const files = ['-issuer', 'issuer.pem', '-cert', 'leaf.pem', '-CAfile', 'root.pem'];
  const told = () => openssl('ocsp', ...files, '-url', responder);

  await test.step('by POST, as soon as it is issued', async () => {
    const text = await told();
    expect(text).toContain('Response verify OK');
    expect(text).toContain('leaf.pem: good');
  });

  await test.step('by GET, with slashes that a framework would tidy up', async () => {
    await openssl('ocsp', '-issuer', 'issuer.pem', '-cert', 'leaf.pem', '-no_nonce', '-reqout', 'request');
    const [tbs] = children(readDer(readFileSync(file('request'))));
    const extension = sequence(oid('1.2.3.4'), octetString(Buffer.alloc(24, 0xff)));
    const parts = tbs === undefined ? [] : children(tbs).map(({ raw }) => raw);
    const base64 = Buffer.from(sequence(sequence(...parts, contextConstructed(2, sequence(extension))))).toString('base64');
    expect(base64).toContain('//');
    for (const path of [base64, encodeURIComponent(base64), `/${base64}`]) {
      const { type, body } = await get(`${responder}/${path}`);
      expect(type).toBe('application/ocsp-response');
      writeFileSync(file('response'), body);
      expect(await openssl('ocsp', ...files, '-respin', 'response')).toContain('leaf.pem: good');
    }
  });

  await test.step('on the page of the issuers', async () => {
    const page = await portal.as('app');
    await page.goto('/issuers');
    const shown = page.locator('section', { hasText: detail.issuer });
    await expect(shown.first()).toContainText('Signed anew in time');
    await expect(shown.first()).toContainText('the first response ends in');
  });

  await test.step('once it is revoked', async () => {
    const page = await portal.as('app');
    await page.goto(`/certificates/${serial}`);
    await page.getByRole('button', { name: 'Revoke…' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByRole('combobox', { name: 'Reason' }).click();
    await page.getByRole('option', { name: /The private key is or may be known/ }).click();
    await dialog.getByLabel('What happened').fill('The key was in a backup.');
    await dialog.getByRole('button', { name: 'Revoke the certificate' }).click();
    await expect(dialog).toBeHidden();
    await expect.poll(told, { timeout: 60_000 }).toContain('leaf.pem: revoked');
    expect(await told()).toContain('Reason: keyCompromise');
    const [, list = ''] = /URI:(\S+\.crl)/.exec(await openssl('x509', '-in', 'leaf.pem', '-noout', '-text')) ?? [];
    expect(list).toMatch(/\.\d{1,2}\.crl$/);
    await expect
      .poll(async () => Buffer.from(await (await fetch(list)).arrayBuffer()).includes(Buffer.from(serial, 'hex')), { timeout: 60_000 })
      .toBe(true);
  });
});
