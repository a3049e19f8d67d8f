import type { KeptCertificate } from '@hostmaster/core/contract/certificate';
import { renderToStaticMarkup } from 'react-dom/server';
import { expect, it } from 'vitest';
import { Kept } from './kept';

const kept: KeptCertificate = {
  renewedBy: 'issuer',
  reference: 'arn:aws:acm:eu-central-1:123456789012:certificate/1',
  lookedAt: '2026-12-01T12:00:00.000Z',
  inUseBy: ['arn:aws:elasticloadbalancing:eu-central-1:123456789012:loadbalancer/app/shop/1'],
  eligible: true,
  renewal: 'PENDING_AUTO_RENEWAL',
  why: null,
  removedAt: null,
};
const read = (more: Partial<KeptCertificate>): string =>
  renderToStaticMarkup(<Kept kept={{ ...kept, ...more }} />).replaceAll(/<[^>]*>/g, ' ');

it('what an issuer keeps is told by its name there, with what uses it and whether it is renewed', () => {
  const said = read({});
  for (const words of [kept.reference, 'loadbalancer/app/shop/1', 'for as long as it is in use; PENDING_AUTO_RENEWAL'])
    expect(said).toContain(words);
  expect(read({ inUseBy: [], eligible: false })).toMatch(/In use by\s+nothing\s+Renewed\s+by nobody/);
});

it('what is gone there says since when, and what is kept back why', () => {
  expect(read({ removedAt: '2026-12-02T12:00:00.000Z', why: null })).not.toContain('In use by');
  expect(read({ removedAt: '2026-12-02T12:00:00.000Z', why: 'It is in use.' })).toContain('It is in use.');
});

it('what an issuer that does not say what uses it keeps is renewed by Hostmaster', () => {
  const said = read({
    reference: 'https://shop.vault.azure.net/secrets/orders-example-test-1a2b3c4d',
    inUseBy: null,
    renewedBy: 'hostmaster',
  });
  for (const words of ['orders-example-test-1a2b3c4d', 'its issuer does not say', 'by Hostmaster, under the same name there'])
    expect(said).toContain(words);
});
