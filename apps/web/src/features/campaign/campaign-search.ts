// Which certificates the form of a campaign begins with: the filters of the certificates' page, as far as a scope has them.
import type { CampaignScope } from '@hostmaster/core/contract/campaign';
import { createLoader, createSerializer, type inferParserType, parseAsString } from 'nuqs/server';
import type { CertificateSearch } from '../certificate/certificate-search';

const campaignSearch = {
  team: parseAsString.withDefault(''),
  environment: parseAsString.withDefault(''),
  issuer: parseAsString.withDefault(''),
  suffix: parseAsString.withDefault(''),
  /** Filters of the list that are none of a scope. */
  without: parseAsString.withDefault(''),
};
export type CampaignSearch = inferParserType<typeof campaignSearch>;
export const loadCampaignSearch = createLoader(campaignSearch);
const serialize = createSerializer(campaignSearch);

/** The address of the form for what a list shows. */
export function campaignAddress(search: CertificateSearch): string {
  const { team, environment, issuer, q, urgency, atLeast, mine, state, over47Days, byHand, week } = search;
  const text = q.trim().toLowerCase();
  const isName = text.includes('.');
  const left = [
    ...(text !== '' && !isName ? ['the text'] : []),
    ...(urgency !== null || atLeast !== null ? ['the urgency'] : []),
    ...(mine ? ['my teams'] : []),
    ...(state !== null ? ['the state'] : []),
    ...(over47Days ? ['the lifetime'] : []),
    ...(byHand ? ['who renews them'] : []),
    ...(week !== '' ? ['the week'] : []),
  ];
  return serialize('/campaigns/new', { team, environment, issuer, suffix: isName ? text : '', without: left.join(', ') });
}

/** What stands in the fields of the form. */
export type ScopeFields = {
  readonly issuer: string;
  readonly keyAlgorithm: string;
  readonly team: string;
  readonly environment: string;
  readonly suffix: string;
  readonly issuedAfter: string;
  readonly issuedBefore: string;
  readonly serials: string;
};

/** As the API takes it: fields that are empty say nothing. Days are from their beginning on (UTC). */
export function scopeOf(fields: ScopeFields): CampaignScope {
  const { issuer, keyAlgorithm, team, environment, suffix, issuedAfter, issuedBefore, serials } = fields;
  const list = serials.split(/[\s,;]+/).filter((serial) => serial !== '');
  return {
    ...(issuer === '' ? {} : { issuers: [issuer] }),
    ...(keyAlgorithm === '' ? {} : { keyAlgorithm }),
    ...(team === '' ? {} : { team }),
    ...(environment === '' ? {} : { environment }),
    ...(suffix.trim() === '' ? {} : { suffix: suffix.trim() }),
    ...(issuedAfter === '' ? {} : { issuedAfter: `${issuedAfter}T00:00:00Z` }),
    ...(issuedBefore === '' ? {} : { issuedBefore: `${issuedBefore}T00:00:00Z` }),
    ...(list.length === 0 ? {} : { serials: list }),
  };
}
