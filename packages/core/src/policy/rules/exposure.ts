// Rules that have somebody look first: reserved names, a name with two faces, a team's first public name.
import { reserves } from '../facts.ts';
import { deny, hostnameRule, nameAndExposure, namesRule, noFindings, review } from '../rule.ts';

export const reserved = namesRule({
  name: 'reserved-name',
  describe:
    'A reserved name, or one that reads like it, is reviewed by the group that the reservation names, when it comes and when it goes.',
  concerns: nameAndExposure,
  needs: ['reservations'],
  judge: (_, { hostname, unicode }, { reservations }) =>
    reservations.flatMap(({ id, kind, value, group, reason }) => {
      const what = (the: 'The' | 'the') => (kind === 'label' ? `${the} label ${value}` : value);
      const says = reserves(kind, value, hostname)
        ? `${what('The')} is reserved`
        : `${unicode} reads like ${what('the')}, which is reserved`;
      return review(group, `${says}: ${reason}`, `Reviewed by ${group}.`, { evidence: { reservation: id, kind, value } });
    }),
});

export const splitHorizon = hostnameRule({
  name: 'split-horizon',
  describe: 'A name with two views is two endpoints with a written reason, reviewed by platform.',
  concerns: nameAndExposure,
  needs: ['endpoints'],
  judge: ({ contract }, { hostname }, { endpoints }) => {
    const twin = endpoints.find(
      (one) => one.hostname === hostname && one.view !== contract.view && one.team === contract.team && !one.letGo,
    );
    if (twin === undefined) return noFindings;
    const more = { path: 'justification', evidence: { endpoint: twin.id, view: twin.view } };
    return contract.justification?.trim()
      ? review(
          'platform-admin',
          `${hostname} exists in the ${twin.view} view too: its clients will see different answers.`,
          'A platform admin decides.',
          more,
        )
      : deny(
          `${hostname} exists in the ${twin.view} view too, and no reason is given for a second one.`,
          'Write the reason into justification.',
          more,
        );
  },
});

export const firstPublicExposure = namesRule({
  name: 'first-public-exposure',
  describe: "A team's first public name in a zone is reviewed by security, where the zone asks for it.",
  concerns: nameAndExposure,
  needs: ['zones', 'exposedZones'],
  judge: ({ contract: { team, view } }, { path }, { zones: { own }, exposedZones }) =>
    view === 'public' && own?.reviewFirstExposure === true && !exposedZones.includes(own.id)
      ? review('security-reviewer', `Team ${team} has no public name in ${own.apex} yet.`, 'A security reviewer decides.', {
          path: path === 'hostname' ? 'view' : path,
        })
      : noFindings,
});
