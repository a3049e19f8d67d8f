// Rules on the zone that a name stands in: that there is one, of the right view and environment, and what it lets stand there.
import { ttlWithin } from '../../dns/ttl.ts';
import type { Hostname } from '../../hostname/hostname.ts';
import { standsAlready } from '../asked.ts';
import type { RecordSetGround, ZoneGround } from '../ground.ts';
import { deny, hostnameRule, nameAndExposure, namesRule, noFindings, review } from '../rule.ts';

export const managedZone = namesRule({
  name: 'managed-zone',
  describe: 'Every name stands in a zone that Hostmaster manages.',
  needs: ['zones'],
  judge: (asked, name, { zones }) =>
    zones.all.length > 0
      ? noFindings
      : deny(
          `No managed zone holds ${name.hostname}.`,
          `${standsAlready(asked, name) ? 'Retire it, or ask' : 'Choose a name in a managed zone, or ask'} a platform admin to connect its zone.`,
        ),
});

export const zoneRead = namesRule({
  name: 'zone-read',
  describe: 'The zone of every name was read, before which nobody knows what stands in it, and was not given up since.',
  needs: ['zones'],
  judge: (_, { hostname }, { zones: { own } }) => {
    if (own === null) return noFindings;
    const evidence = { evidence: { zone: own.id } };
    if (own.givenUp)
      return deny(
        `The zone ${own.apex} was given up, since it is gone from its servers.`,
        'Choose a name in another zone, or have a platform admin connect it anew.',
        evidence,
      );
    if (own.read) return noFindings;
    return deny(
      `The zone ${own.apex} was never read, so nobody knows what stands at ${hostname}.`,
      `Ask again in a moment; what keeps the zone from being read stands on its page, and a platform admin can mend its connection.`,
      evidence,
    );
  },
});

export const zoneView = namesRule({
  name: 'zone-view',
  describe: 'A name of one view stands in a zone of that view: no internal name in a public zone, no public name in a private one.',
  needs: ['zones'],
  judge: (asked, { hostname, path }, { zones }) => {
    const { view } = asked.contract;
    const [other] = zones.all;
    if (zones.own !== null || other === undefined) return noFindings;
    return deny(
      `${hostname} is asked for in the ${view} view, and the zone ${other.apex} is ${other.view}.`,
      standsAlready(asked, { path })
        ? `Retire it, or ask a platform admin to connect a zone of the ${view} view.`
        : `Ask for the ${other.view} view, or choose a name in a zone of the ${view} view.`,
      { path: path === 'hostname' ? 'view' : path, evidence: { zone: other.id } },
    );
  },
});

export const zoneEnvironment = namesRule({
  name: 'zone-environment',
  describe: 'A zone that is kept for certain environments holds names of those only.',
  exceptable: true,
  needs: ['zones', 'environment', 'environments'],
  judge: (asked, { hostname, path }, { zones: { own }, environment, environments }) => {
    if (own === null || environment === null || own.environments.length === 0 || own.environments.includes(environment)) return noFindings;
    if (!environments.includes(environment)) return noFindings;
    return deny(
      `The zone ${own.apex} is kept for ${own.environments.join(', ')}, and ${hostname} is asked for in ${environment}.`,
      standsAlready(asked, { path })
        ? `Ask for ${own.environments.join(' or ')}, or ask a platform admin to let the zone hold ${environment}.`
        : `Choose a name in a zone of ${environment}.`,
      { path: path === 'hostname' ? 'environment' : path, evidence: { zone: own.id } },
    );
  },
});

export const apexReview = namesRule({
  name: 'apex-review',
  describe: 'A granted apex is reviewed by security, when it comes and when it goes.',
  concerns: nameAndExposure,
  needs: ['zones'],
  judge: (_, { hostname }, { zones: { own } }) =>
    own?.apex === hostname
      ? review('security-reviewer', `${hostname} is the apex of its zone.`, 'A security reviewer decides.', { evidence: { zone: own.id } })
      : noFindings,
});

/** Where somebody else's part of a zone begins, at the name or above it. */
export const cutOf = (hostname: Hostname, zone: Pick<ZoneGround, 'apex'> | null, recordSets: readonly RecordSetGround[]) => ({
  cut: recordSets.find(({ name, type }) => type === 'NS' && name !== zone?.apex),
  alias: recordSets.find(({ name, type }) => type === 'DNAME' && name !== hostname),
});

export const notDelegated = namesRule({
  name: 'not-delegated',
  describe: 'No name stands at or below a delegation, or below a DNAME: its records would never be seen (RFC 1034 §4.2.1, RFC 6672 §2.3).',
  needs: ['zones', 'recordSets'],
  judge: ({ kind }, { hostname, path }, { zones: { own }, recordSets }) => {
    // A name that is there already can go; another one is of no use to whoever has it.
    const wayOut = standsAlready({ kind }, { path }) ? 'Retire the name' : 'Choose another name';
    const { cut, alias } = cutOf(hostname, own, recordSets);
    if (cut !== undefined)
      return deny(
        `${cut.name} is delegated to ${cut.values[0]}, so records of ${hostname} in ${own?.apex} would not be seen.`,
        `${wayOut}, have the delegation taken back, or ask a platform admin to connect the zone ${cut.name}.`,
        { evidence: { delegation: cut.name } },
      );
    return alias === undefined
      ? noFindings
      : deny(
          `Every name below ${alias.name} leads elsewhere by its DNAME, so records of ${hostname} would not be seen.`,
          `${wayOut}, or have the DNAME removed.`,
          { evidence: { alias: alias.name } },
        );
  },
});

export const ttlBounds = hostnameRule({
  name: 'ttl-bounds',
  describe: "The TTL is within the zone's bounds.",
  needs: ['zones'],
  judge: ({ contract: { ttl } }, _, { zones: { own } }) => {
    if (own === null || ttlWithin(ttl, own.ttlBounds) !== null) return noFindings;
    const { min, max } = own.ttlBounds;
    const asked = typeof ttl === 'number' ? `A TTL of ${ttl} s` : `The TTL class ${ttl}`;
    return deny(`${asked} is outside the bounds of the zone ${own.apex}, ${min} to ${max} s.`, `Choose a TTL from ${min} to ${max} s.`, {
      path: 'ttl',
      evidence: { min, max },
    });
  },
});
