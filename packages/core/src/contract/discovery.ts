// Where a platform admin lets workers look for certificates, and what they found there.
import { z } from 'zod';
import { neverFault, rangeFault } from '../address/address.ts';
import { ownerGrounds } from '../discovery/likely-owner.ts';
import { countPlaces, mostPlaces, parseTarget, targetText } from '../discovery/places.ts';
import { shownText } from '../shown-text.ts';
import { certificateState, chainCertificate, pem } from './certificate.ts';
import { slug } from './endpoint.ts';
import { port } from './network.ts';
import { breakRule } from './own-rule.ts';
import { id, pageOf, pageQuery, rowVersion, searchText, timestamp } from './page.ts';
import { neededText, readableName } from './readable.ts';
import { named, told } from './told.ts';

const mostTargets = 64;
const mostPorts = 16;
const longestInterval = 168;

const giveTargets = 'Give an address, a range such as 10.0.0.0/24, or a hostname.';

/** Why a target cannot be looked at, and what to give instead; null where it can. */
function targetFault(text: string): { readonly reason: string; readonly remedy: string } | null {
  const parsed = parseTarget(text);
  if (parsed === null)
    return { reason: `It is no address, no range of addresses and no hostname: ${shownText(text)}.`, remedy: giveTargets };
  if (parsed.kind === 'name') return null;
  const { base, bits } = parsed.range;
  const never = bits === base.length * 8 ? neverFault(base) : null;
  const fault = never === null ? rangeFault(parsed.range) : { why: never, remedy: 'Leave it out; no connection ever goes there.' };
  return fault === null ? null : { reason: `${text} cannot be looked at: ${fault.why}.`, remedy: fault.remedy };
}

const spelled = (text: string): string => {
  const parsed = parseTarget(text);
  return parsed === null ? text : targetText(parsed);
};

const name = 'What it is called.';
const targets =
  'Addresses, ranges of addresses (CIDR) and hostnames that are looked at. A hostname leads to public addresses, and to those of the ranges beside it.';
const ports = 'Ports that are connected to at each.';
const everyHours = 'Hours from one look to the next.';
const team = 'Short name of the team that what is found there is likely of, where no name in it says more; null where nobody is named.';

const scopeFields = {
  name: told(readableName(80, 'Give it a name.'), name, 'Office network'),
  targets: told(
    z
      .array(z.string().trim().min(1).max(1024))
      .min(1, giveTargets)
      .max(mostTargets)
      .superRefine((texts, context) => {
        for (const fault of texts.map(targetFault)) if (fault !== null) breakRule(context, { rule: 'discovery-target', ...fault });
      })
      .overwrite((texts) => [...new Set(texts.map(spelled))]),
    targets,
    ['10.0.0.0/24', 'legacy.example.test'],
  ),
  ports: told(
    z
      .array(port)
      .min(1, 'Give a port, such as 443.')
      .max(mostPorts)
      .default([443])
      .overwrite((all) => [...new Set(all)]),
    ports,
    [443, 8443],
  ),
  everyHours: told(z.number().int().min(1).max(longestInterval).default(24), everyHours, 24),
  team: told(slug.nullable().default(null), team, 'platform-edge'),
};

const withinBounds = (
  scope: { readonly targets: readonly string[]; readonly ports: readonly number[] },
  context: z.RefinementCtx<never>,
): void => {
  const count = countPlaces(scope);
  // One that cannot be looked at by itself was refused already.
  if (count <= mostPlaces || scope.targets.some((text) => targetFault(text) !== null)) return;
  const reason = `That makes ${count > 2 ** 32 ? 'billions of' : count} places to look at; a scope has at most ${mostPlaces}.`;
  breakRule(context, { rule: 'discovery-size', reason, remedy: 'Give smaller ranges or fewer ports, or make several scopes.' }, [
    'targets',
  ]);
};

export const discoveryScopeInput = named(
  'DiscoveryScopeInput',
  z.strictObject(scopeFields).superRefine((scope, context) => withinBounds(scope, context as z.RefinementCtx<never>)),
  'Where workers may look for certificates.',
);
export type DiscoveryScopeInput = z.output<typeof discoveryScopeInput>;

export const discoveryScopeChange = named(
  'DiscoveryScopeChange',
  z
    .strictObject({ id, version: told(rowVersion, 'The version that it was read in.', 1), ...scopeFields })
    .superRefine((scope, context) => withinBounds(scope, context as z.RefinementCtx<never>)),
  'The whole of what a scope becomes.',
);
export type DiscoveryScopeChange = z.output<typeof discoveryScopeChange>;

const lastLook = named(
  'DiscoveryLook',
  z.object({
    at: told(timestamp, 'When it ended.'),
    places: told(z.number().int(), 'Addresses and names on a port that were looked at.', 512),
    answered: told(z.number().int(), 'How many of them presented a certificate.', 14),
    silent: told(z.number().int(), 'Where nobody answered: nothing is known of what is there. The others refused, or spoke no TLS.', 400),
    nowhere: told(z.number().int(), 'Names that led to no address.', 1),
  }),
  'What a whole look met.',
);

export const discoveryScope = named(
  'DiscoveryScope',
  z.object({
    id,
    version: told(z.number().int(), 'Rises with every change.', 1),
    name: told(z.string(), name, 'Office network'),
    targets: told(z.array(z.string()), targets, ['10.0.0.0/24', 'legacy.example.test']),
    ports: told(z.array(z.number().int()), ports, [443, 8443]),
    everyHours: told(z.number().int(), everyHours, 24),
    team: told(z.string().nullable(), team, 'platform-edge'),
    places: told(z.number().int(), 'How many places there are to look at.', 514),
    looked: told(z.number().int().nullable(), 'How many of them the look under way has been at; null while none is.', 96),
    lastLook: told(lastLook.nullable(), 'The last whole look; null where there was none yet.'),
    nextLookAt: told(timestamp, 'When the next look begins, or the one under way was to.'),
  }),
  'Where workers look for certificates, and how far they are.',
);
export type DiscoveryScope = z.infer<typeof discoveryScope>;
export const discoveryScopePage = named('DiscoveryScopePage', pageOf(discoveryScope), 'Discovery scopes, by name.');
export const discoveryScopeQuery = z.strictObject({ id });

export const verdicts = ['unknown', 'known', 'ours'] as const;
export const verdict = named(
  'DiscoveredVerdict',
  z.enum(verdicts),
  'Whether it was issued or imported here (`ours`), somebody said that it is in order (`known`), or neither (`unknown`).',
);
export type Verdict = z.infer<typeof verdict>;

const likelyOwner = named(
  'LikelyOwner',
  z.object({
    team: told(z.string(), 'Short name of the team.', 'order-platform'),
    because: told(
      z.enum(ownerGrounds),
      'It has the endpoint of a name in it, the grant of the longest suffix, the zone, or the scope that it was found in.',
      'grant',
    ),
    of: told(z.string(), 'The name, suffix, zone or scope that says so.', 'dev.example.test'),
  }),
  'Whose a certificate likely is, by the names in it.',
);

const knownBecause = named(
  'KnownBecause',
  z.object({
    by: told(z.string(), 'Who said so.', 'Sam Ito'),
    at: told(timestamp, 'When.'),
    reason: told(z.string(), 'Why.', 'The appliance renews it by itself.'),
    until: told(timestamp, 'Until when it counts: its end.'),
  }),
  'That somebody said that a certificate is in order.',
);

const longFingerprint = 'b94d27b9934d3e08a52e52d7da7dabfac484efe37a5380ee9088f7ace2efcde9';

export const discoveredRow = named(
  'DiscoveredRow',
  z.object({
    id,
    verdict: told(verdict, 'What Hostmaster knows of it.', 'unknown'),
    fingerprint: told(z.string(), 'SHA-256 of the certificate, as hex.', longFingerprint),
    names: told(z.array(z.string()), 'Names in it, the first hundred; what is not seen in one is its code point.', ['legacy.example.test']),
    namesTotal: told(z.number().int(), 'How many names it has.', 1),
    subject: told(z.string(), 'Whom it is for (RFC 4514).', 'CN=legacy.example.test'),
    issuer: told(z.string(), 'Who signed it (RFC 4514), as it says itself.', 'CN=Some CA'),
    serial: told(z.string().nullable(), 'Its serial number; null where it cannot be read.', '4F0C3A9D51'),
    keyAlgorithm: told(z.string().nullable(), 'The algorithm of its key; null where it cannot be read.', 'rsa-2048'),
    notBefore: told(timestamp.nullable(), 'From when it is valid; null where it cannot be read.'),
    notAfter: told(timestamp.nullable(), 'Until when it is valid; null where it cannot be read.', '2026-12-20T14:02:31Z'),
    unreadable: told(z.string().nullable(), 'Why it cannot be read; null where it can.', null),
    served: told(z.number().int(), 'At how many places it was there when they last answered.', 1),
    logs: told(z.number().int(), 'In how many logs of Certificate Transparency it was seen.', 0),
    precertificate: told(z.boolean(), 'It was seen in a log as what a CA was about to sign; what it signed was not found yet.', false),
    firstSeenAt: told(timestamp, 'When it was first seen.'),
    lastSeenAt: told(timestamp, 'When it was last seen.'),
    owner: told(likelyOwner.nullable(), 'Whose it likely is; null where nothing says it.'),
  }),
  'A certificate that was found, as it stands in lists.',
);
export type DiscoveredRow = z.infer<typeof discoveredRow>;

const sighting = named(
  'Sighting',
  z.object({
    scope: told(z.string(), 'Name of the scope that it was found in.', 'Office network'),
    address: told(z.string(), 'Where it was presented.', '10.0.0.7'),
    port: told(z.number().int(), 'On which port.', 443),
    serverName: told(z.string().nullable(), 'The name that the server was asked with (SNI); null where with none.', 'legacy.example.test'),
    firstSeenAt: told(timestamp, 'When it was first seen there.'),
    lastSeenAt: told(timestamp, 'When it was last seen there.'),
    gone: told(z.boolean(), 'The place has answered without it since.', false),
  }),
  'Where a certificate was seen.',
);

const inLog = named(
  'LogSighting',
  z.object({
    log: told(z.string(), 'Address of the log.', 'https://ct.example.test/2026h2/'),
    entry: told(z.number().int(), 'Which entry of it, counted from 0.', 815_103),
    seenAt: told(timestamp, 'When it was read there.'),
  }),
  'That a certificate stands in a log of Certificate Transparency.',
);

const oursAs = named(
  'DiscoveredOurs',
  z.object({
    serial: told(z.string(), 'Its serial number.', '4F0C3A9D51'),
    state: told(certificateState, 'Where it is in its life.', 'superseded'),
    endpointId: told(id, 'The endpoint that it was issued for.'),
  }),
  'The certificate of Hostmaster that was found.',
);

export const discoveredDetail = named(
  'DiscoveredDetail',
  discoveredRow.extend({
    chain: told(z.array(chainCertificate), 'What was presented with it, as far as it can be read, leaf first.'),
    chainPem: told(z.string(), 'The same in PEM, all of it.', pem),
    sightings: told(z.array(sighting), 'Where it was seen, the last first; two hundred at most.'),
    inLogs: told(z.array(inLog), 'In which logs of Certificate Transparency it was seen, the first first.'),
    ours: told(oursAs.nullable(), 'Which certificate it is; null where it is none of Hostmaster.'),
    known: told(knownBecause.nullable(), 'Who said that it is in order; null where nobody did, or it has ended.'),
    endpoint: told(
      z.object({ id, hostname: told(z.string(), 'Its name.', 'legacy.example.test') }).nullable(),
      'The endpoint of a name in it, into which it can be imported; null where no name has one.',
    ),
    askFor: told(z.string().nullable(), 'The name in it that can be asked for; null where there is none, or it has an endpoint.', null),
    permissions: told(z.object({ markKnown: told(z.boolean(), 'To say that it is in order.', true) }), 'What the asker may do with it.'),
  }),
  'A certificate that was found, with where and what was presented with it.',
);
export type DiscoveredDetail = z.infer<typeof discoveredDetail>;

export const endsWithinDays = [7, 30, 90] as const;

export const discoveredQuery = z.strictObject({
  ...pageQuery,
  search: searchText('a name in it, its subject or its issuer', 'legacy'),
  verdict: told(verdict.optional(), 'Only those of this verdict.', 'unknown'),
  scope: told(z.uuid().optional(), 'Only those seen in the scope, or the log, of this id.', '01890a5d-ac96-774b-bcce-b302099a8057'),
  endsWithin: told(z.number().int().min(0).max(3650).optional(), 'Only those that end within so many days, or have.', 30),
  served: told(
    z.boolean().default(true),
    'Only those that were there when a place last answered, or that stand in a log and have not ended; false: all.',
    true,
  ),
});
export const discoveredPage = named('DiscoveredPage', pageOf(discoveredRow), 'Certificates that were found, the first to end first.');
export const discoveredById = z.strictObject({ id });
export const knownInput = named(
  'MarkKnownInput',
  z.strictObject({
    id,
    reason: told(
      neededText(500, 'Say why it is in order.'),
      'Why it is in order, in at most 500 characters.',
      'The appliance renews it by itself.',
    ),
  }),
  'That a certificate is in order.',
);
