import type { CampaignScope } from '@hostmaster/core/contract/campaign';
import type { Violation } from '@hostmaster/core/errors';
import { contractKeys } from '@hostmaster/core/pki/profile';
import type { Reader } from '@hostmaster/db/client';
import { unknownEnvironments } from '../environment/known.ts';
import { parseSuffix } from '../violation.ts';

/** A suffix as people write it, too: with the dot or the wildcard in front. */
export const bareSuffix = (suffix: string): string => suffix.replace(/^\*?\./, '');

/** What a scope names and nobody knows: a slip would select nothing, as if all were well. */
export async function unknownInScope(
  db: Reader,
  { issuers, keyAlgorithm, team, environment, suffix }: CampaignScope,
): Promise<Violation[]> {
  const violations = [
    ...(await unknownIssuers(db, issuers ?? [])),
    ...(keyAlgorithm === undefined ? [] : await unknownKey(db, keyAlgorithm)),
    ...(team === undefined ? [] : await unknownTeam(db, team)),
    ...(environment === undefined ? [] : await unknownEnvironment(db, environment)),
  ];
  if (suffix !== undefined) parseSuffix(bareSuffix(suffix), 'scope.suffix', violations);
  return violations;
}

async function unknownIssuers(db: Reader, slugs: readonly string[]): Promise<Violation[]> {
  if (slugs.length === 0) return [];
  const all = (await db.issuer.findMany({ select: { slug: true }, orderBy: { slug: 'asc' } })).map(({ slug }) => slug);
  const unknown = [...new Set(slugs)].filter((slug) => !all.includes(slug));
  if (unknown.length === 0) return [];
  const remedy = all.length === 0 ? 'Connect an issuer first.' : `Choose among ${all.join(', ')}.`;
  return [{ rule: 'issuer-exists', path: 'scope.issuers', reason: `There is no issuer ${unknown.join(', ')}.`, remedy }];
}

/** CAs of others sign keys that no contract asks for: those that are on a certificate are known, too. */
async function unknownKey(db: Reader, keyAlgorithm: string): Promise<Violation[]> {
  if (contractKeys.some((key) => key === keyAlgorithm)) return [];
  if ((await db.certificate.findFirst({ where: { keyAlgorithm }, select: { id: true } })) !== null) return [];
  const reason = `No certificate has a key of the algorithm ${keyAlgorithm}.`;
  return [{ rule: 'unknown-value', path: 'scope.keyAlgorithm', reason, remedy: `Choose among ${contractKeys.join(', ')}.` }];
}

/** What was issued in one that is there no more can be named all the same. */
async function unknownEnvironment(db: Reader, environment: string): Promise<Violation[]> {
  const unknown = await unknownEnvironments(db, [environment], 'scope.environment');
  if (unknown.length === 0) return [];
  return (await db.endpoint.findFirst({ where: { environment }, select: { id: true } })) === null ? unknown : [];
}

async function unknownTeam(db: Reader, slug: string): Promise<Violation[]> {
  if ((await db.team.findUnique({ where: { slug }, select: { id: true } })) !== null) return [];
  return [{ rule: 'team-exists', path: 'scope.team', reason: `There is no team ${slug}.`, remedy: 'Choose an existing team.' }];
}
