// The destination, opened on a fake of ACM as the worker opens it from its row.
import { systemClock } from '@hostmaster/core/clock';
import type { CertificateDestination } from '@hostmaster/core/pki/destination';
import { acmImport } from '../../destinations/acm/acm.ts';
import type { FakeAcm } from './fake-acm.ts';
import { settingsOf } from './ground.ts';

export type ImportOpening = { readonly settings?: object; readonly secret?: string; readonly keyDestinations?: readonly string[] };

/** What the host of the worker names, that keys may go to the fake. */
export const permitted = ({ region, account }: Pick<FakeAcm, 'region' | 'account'>): readonly string[] => [
  'https://localhost:*',
  `arn:aws:acm:${region}:${account}`,
];

export const importDeps = (fake: FakeAcm, { keyDestinations = permitted(fake) }: ImportOpening = {}) => ({
  clock: systemClock,
  portal: 'https://hostmaster.example.test',
  keyDestinations,
});

export const importConnection = (fake: FakeAcm, { settings = {}, secret = fake.secretAccessKey }: ImportOpening = {}) => ({
  slug: 'shop-aws',
  settings: acmImport.settings.parse(settingsOf(fake, settings)),
  secret: acmImport.secret?.input.parse(secret) ?? new Uint8Array(),
});

export const openImport = (fake: FakeAcm, opening: ImportOpening = {}): CertificateDestination =>
  acmImport.open(importConnection(fake, opening), importDeps(fake, opening))('');
