import { expect, it } from 'vitest';
import type { CertificateSearch } from '../certificate/certificate-search';
import { campaignAddress, scopeOf } from './campaign-search';

const none: CertificateSearch = {
  ...{ q: '', team: '', environment: '', issuer: '', urgency: null, atLeast: null, mine: false, state: null },
  ...{ over47Days: false, byHand: false, week: '', order: 'asc' },
};

it('the filters of the list are carried over, and those that no scope has are named', () => {
  expect(campaignAddress({ ...none, team: 'orders', issuer: 'internal-ca-1', environment: 'dev', q: ' Dev.Example.test ' })).toBe(
    '/campaigns/new?team=orders&environment=dev&issuer=internal-ca-1&suffix=dev.example.test',
  );
  expect(campaignAddress({ ...none, q: 'AB12', week: '2026-11-23', mine: true })).toBe(
    '/campaigns/new?without=the+text,+my+teams,+the+week',
  );
  expect(campaignAddress({ ...none, over47Days: true, byHand: true })).toBe('/campaigns/new?without=the+lifetime,+who+renews+them');
});

it('empty fields say nothing, days begin at midnight UTC, and serials are taken as they are pasted', () => {
  const empty = { issuer: '', keyAlgorithm: '', team: '', environment: '', suffix: ' ', issuedAfter: '', issuedBefore: '', serials: '\n' };
  expect(scopeOf(empty)).toEqual({});
  expect(scopeOf({ ...empty, issuer: 'a', issuedBefore: '2026-11-01', serials: 'AB:CD\n ef, 01;02' })).toEqual({
    issuers: ['a'],
    issuedBefore: '2026-11-01T00:00:00Z',
    serials: ['AB:CD', 'ef', '01', '02'],
  });
});
