// Rules on what the team was granted. A single grant must cover environment, view and kind of name together: two grants
// that each cover a half do not add up to one.
import { isWildcard, parentOf } from '../../hostname/hostname.ts';
import type { Grant } from '../grant-index.ts';
import { deny, type Finding, noFindings, type Rule, type Subject, type SubjectName } from '../rule.ts';
import { eachName } from './names.ts';

const ofEnvironment = ({ own }: SubjectName, { environment }: Subject): readonly Grant[] =>
  environment === null ? own : own.filter(({ environments }) => environments.includes(environment));

/** The grants that cover the name in the environment and the view asked for. */
const fitting = (name: SubjectName, subject: Subject): readonly Grant[] =>
  ofEnvironment(name, subject).filter(({ views }) => views.includes(subject.contract.view));

export const suffixGranted: Rule = {
  name: 'suffix-granted',
  describe: 'The most specific granted suffix of every name is granted to the team.',
  needsName: true,
  evaluate: (subject) => eachName(subject, (name) => (name.own.length > 0 ? noFindings : notGranted(name, subject))),
};

function notGranted({ hostname, grants, path }: SubjectName, { contract, ground }: Subject): readonly Finding[] {
  const { team } = contract;
  if (grants !== null) {
    const holders = [...new Set(grants.grants.map((grant) => grant.team))].join(', ');
    return deny(
      `Names below ${grants.suffix} are granted to team ${holders}, not to team ${team}.`,
      `Choose a name below a suffix of your own, or ask team ${holders} or a platform admin for a grant.`,
      { path, evidence: { grant: grants.grants[0]?.id ?? null, suffix: grants.suffix, holder: holders } },
    );
  }
  const ended = ground.grants.findExpired(hostname, ground.now).find((grant) => grant.team === team);
  if (ended)
    return deny(
      `The grant of ${ended.suffix} to team ${team} ended on ${ended.expiresAt?.toISOString().slice(0, 10)}.`,
      'Ask a platform admin to renew the grant.',
      { path, evidence: { grant: ended.id, expiresAt: ended.expiresAt?.toISOString() ?? null } },
    );
  return deny(
    `No suffix of ${hostname} is granted to team ${team}.`,
    'Choose a name below a suffix that is granted to your team, or ask a platform admin for a grant.',
    { path },
  );
}

export const environmentGranted: Rule = {
  name: 'environment-granted',
  describe: "The team's grant covers the environment.",
  needsName: true,
  evaluate: (subject) =>
    eachName(subject, (name) => {
      if (name.own.length === 0 || ofEnvironment(name, subject).length > 0) return noFindings;
      const offered = [...new Set(name.own.flatMap(({ environments }) => environments))].join(', ');
      return deny(
        `Team ${subject.contract.team} may claim names below ${name.grants?.suffix} for ${offered || 'no environment'}, not for ${subject.environment}.`,
        offered
          ? `Ask for ${offered}, or choose a name below a suffix granted for ${subject.environment}.`
          : 'Ask a platform admin for a grant.',
        { path: name.path === 'hostname' ? 'environment' : name.path, evidence: { grant: name.own[0]?.id ?? null } },
      );
    }),
};

export const viewGranted: Rule = {
  name: 'view-granted',
  describe: "The team's grant for the environment covers the view.",
  needsName: true,
  evaluate: (subject) =>
    eachName(subject, (name) => {
      const grants = ofEnvironment(name, subject);
      if (grants.length === 0 || fitting(name, subject).length > 0) return noFindings;
      const offered = [...new Set(grants.flatMap(({ views }) => views))].join(', ');
      return deny(
        `Team ${subject.contract.team} may claim names below ${name.grants?.suffix} in the view ${offered || '(none)'}, not in the ${subject.contract.view} view.`,
        'Ask for a view that the grant covers, or ask a platform admin for a wider grant.',
        { path: name.path === 'hostname' ? 'view' : name.path, evidence: { grant: grants[0]?.id ?? null } },
      );
    }),
};

export const apexGranted: Rule = {
  name: 'apex-granted',
  describe: "A zone's apex is claimed only under a grant of exactly that name that says so.",
  needsName: true,
  evaluate: (subject) =>
    eachName(subject, (name) => {
      const { hostname, zone, grants, path } = name;
      // The apex of any managed zone of any view: a name may be the apex of one zone and stand inside another.
      const apex = hostname === zone?.apex || subject.ground.zones.some((other) => other.apex === hostname);
      if (!apex || (grants?.suffix === hostname && fitting(name, subject).some(({ allowSuffixItself }) => allowSuffixItself)))
        return noFindings;
      return deny(`${hostname} is the apex of a zone and is not granted to team ${subject.contract.team}.`, 'Choose a name below it.', {
        path,
      });
    }),
};

export const suffixItselfGranted: Rule = {
  name: 'suffix-itself-granted',
  describe: 'The granted suffix itself is claimed only when the grant says so; otherwise only names below it.',
  needsName: true,
  evaluate: (subject) =>
    eachName(subject, (name) => {
      const { hostname, grants, own, path } = name;
      if (own.length === 0 || grants?.suffix !== hostname || hostname === name.zone?.apex) return noFindings;
      if (fitting(name, subject).some(({ allowSuffixItself }) => allowSuffixItself)) return noFindings;
      return deny(
        `The grant of ${hostname} covers names below it, not ${hostname} itself.`,
        `Choose a name below it, such as www.${hostname}.`,
        {
          path,
          evidence: { grant: own[0]?.id ?? null },
        },
      );
    }),
};

export const wildcardGranted: Rule = {
  name: 'wildcard-granted',
  describe: 'A wildcard is claimed only under a grant that allows wildcards.',
  needsName: true,
  evaluate: (subject) =>
    eachName(subject, (name) => {
      if (!isWildcard(name.hostname) || fitting(name, subject).some(({ allowWildcard }) => allowWildcard)) return noFindings;
      return deny(
        `Team ${subject.contract.team} may not claim wildcards below ${parentOf(name.hostname)}.`,
        'Ask for the single names that you need, or ask a platform admin for a grant with wildcards.',
        { path: name.path, evidence: { grant: name.own[0]?.id ?? null } },
      );
    }),
};
