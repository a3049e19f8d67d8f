// Rules on wildcards, wherever they stand in the contract.
import { isWildcard, parentOf } from '../../hostname/hostname.ts';
import { deny, namesRule, noFindings, review } from '../rule.ts';

export const wildcardGranted = namesRule({
  name: 'wildcard-granted',
  describe: 'A wildcard is claimed only under a grant that allows wildcards.',
  exceptable: true,
  needs: ['grants'],
  judge: ({ contract }, { hostname }, { grants: { own, fitting } }) =>
    !isWildcard(hostname) || fitting.some(({ allowWildcard }) => allowWildcard)
      ? noFindings
      : deny(
          `Team ${contract.team} may not claim wildcards below ${parentOf(hostname)}.`,
          'Ask for the single names that you need, or ask a platform admin for a grant with wildcards.',
          { evidence: { grant: own[0]?.id ?? null } },
        ),
});

export const wildcardReview = namesRule({
  name: 'wildcard-review',
  describe: 'A granted wildcard is reviewed by security.',
  needs: [],
  judge: (_, { hostname }) =>
    isWildcard(hostname)
      ? review(
          'security-reviewer',
          `${hostname} answers for every name below ${parentOf(hostname)} that has no records.`,
          'A security reviewer decides.',
        )
      : noFindings,
});

export const wildcardChallenge = namesRule({
  name: 'wildcard-challenge',
  describe: 'An ACME certificate for a wildcard is proven by dns-01 (RFC 8555 §7.1.3).',
  needs: [],
  judge: ({ contract: { tls } }, { hostname }) =>
    isWildcard(hostname) && tls.source === 'acme' && tls.termination !== 'none' && tls.challenge !== 'dns-01' && tls.challenge !== 'none'
      ? deny(`${tls.challenge} cannot prove ${hostname}.`, 'Choose dns-01.', { path: 'tls.challenge' })
      : noFindings,
});
