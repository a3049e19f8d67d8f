// A zone as it is asked for and answered. What a kind of provider needs beside this, its descriptor says (core/dns/provider.ts): the
// schema of the input is made with those that a process knows.
import { z } from 'zod';
import { usualPorts } from '../address/port.ts';
import { connectionSchema, type SettingsDescriptor } from '../descriptor.ts';
import { defaultThresholds, type SafetyLimit } from '../dns/plan-safety.ts';
import { isWildcard } from '../hostname/hostname.ts';
import { parseHostname } from '../hostname/parse-hostname.ts';
import { capability, checksOfConnection, neededOfConnection, testedFirst, wasTested } from './described.ts';
import { slug, view } from './endpoint.ts';
import { allowedPorts, allowedRanges, port, serverAddress, serverText } from './network.ts';
import { operation, operationError } from './operation.ts';
import { breakRule } from './own-rule.ts';
import { id, pageOf, pageQuery, rowVersion, searchText, timestamp } from './page.ts';
import { recordSet } from './plan.ts';
import { named, told } from './told.ts';

/** How many of a zone's records one plan may touch: the larger of a share and a number. */
const safetyLimit = (id: string, { percent, records }: SafetyLimit) =>
  named(
    id,
    z.strictObject({
      percent: told(z.number().int().min(0).max(100).default(percent), 'A share of the records of the zone, in percent.', percent),
      records: told(z.number().int().min(0).max(1_000_000).default(records), 'A number of records.', records),
    }),
    'How many records one plan may touch: the larger of the two.',
  ).prefault({});
const safety = named(
  'PlanSafety',
  z.strictObject({
    deletes: told(safetyLimit('DeletesLimit', defaultThresholds.deletes), 'How many records one plan may take away.'),
    updates: told(safetyLimit('UpdatesLimit', defaultThresholds.updates), 'How many records one plan may make lead elsewhere.'),
  }),
  'What one plan may take away and what it may make lead elsewhere; more than this is refused as unsafe.',
).prefault({});

/** A hostname as it is stored, or the address itself: so servers are called that nobody named. */
export const nameServer = named(
  'NameServerInput',
  z
    .strictObject({
      name: told(z.string().min(1).max(1024), 'Name of the server, or its address where nobody named it.', 'ns1.example.test'),
      address: told(serverAddress, 'Address at which it listens.', '192.0.2.53'),
      port: told(port.default(53), 'Port at which it listens.', 53),
    })
    .transform((server, context) => {
      if (server.name === server.address || server.name === serverText(server)) return server;
      const parsed = parseHostname(server.name, 'name');
      const violations = parsed.ok ? (isWildcard(parsed.hostname) ? [wildcardServer] : []) : parsed.violations;
      for (const violation of violations) breakRule(context, violation, ['name']);
      return parsed.ok ? { ...server, name: parsed.hostname } : z.NEVER;
    }),
  'An authoritative name server.',
);
const wildcardServer = {
  rule: 'hostname-wildcard',
  reason: 'A wildcard names no server.',
  remedy: 'Give the name of the one server, such as ns1.example.com.',
};

/** What is said of a zone, when it is connected and whenever that is changed. */
const about = {
  ownerTeam: 'Short name of the team that owns it.',
  ttlMin: 'The smallest TTL in it, in seconds.',
  ttlMax: 'The largest TTL in it, in seconds.',
  servedPort: 'Port on which users reach its names where their contract does not say.',
  allowedPorts: 'Ports besides it on which names may be reached, and probes with them: numbers, or ranges of them.',
  allowedRanges: 'Ranges that probes may reach besides public addresses.',
  reviewFirstExposure: 'Whether somebody must review the first name of a team that is exposed in it.',
  environments: 'Environments whose names may stand in it; empty means any.',
};
const zoneSettings = {
  ownerTeam: told(slug, about.ownerTeam, 'platform-edge'),
  servers: told(
    z.array(nameServer).max(16).default([]),
    "Every server that must agree before a name counts as live; where left out, those that the provider's settings name.",
  ),
  ttlMin: told(z.number().int().min(1).max(86_400).default(30), about.ttlMin, 30),
  ttlMax: told(z.number().int().min(1).max(604_800).default(86_400), about.ttlMax, 86_400),
  servedPort: told(port.default(443), about.servedPort, 443),
  allowedPorts: told(allowedPorts.default([...usualPorts]), about.allowedPorts, ['8443', '8000-8999']),
  allowedRanges: told(allowedRanges.default([]), about.allowedRanges, ['10.0.0.0/8']),
  reviewFirstExposure: told(z.boolean().default(false), about.reviewFirstExposure, false),
  environments: told(z.array(slug).max(50).default([]), about.environments, ['dev', 'staging']),
  safety,
};

const connectionWords = {
  id: 'Connection',
  what: 'provider',
  description: 'Where a zone is kept: a kind of provider, its settings, and its secret.',
};
const connectionIs =
  'Where it is kept: the kind of provider, its settings, and a secret that is sealed as soon as it arrives and never answered.';

/** The input for zones on these kinds of providers. */
export const zoneInputOf = (kinds: readonly SettingsDescriptor[]) =>
  named(
    'ZoneInput',
    z.strictObject({
      apex: told(z.string().min(1).max(1024), 'Name of the zone.', 'corp.example.test'),
      view: told(view.default('public'), 'Who it is answered to.', 'public'),
      connection: told(connectionSchema(kinds, connectionWords), connectionIs),
      ...testedFirst('/zones:test'),
      ...zoneSettings,
    }),
    'A zone that is to be connected.',
  );
export type ZoneInput = z.output<ReturnType<typeof zoneInputOf>>;
export type ZoneDraft = z.input<ReturnType<typeof zoneInputOf>>;

/** A connection that is tried before a zone is connected or changed to it; nothing of it is kept. */
export const zoneTrialOf = (kinds: readonly SettingsDescriptor[]) =>
  named(
    'ZoneTrial',
    zoneInputOf(kinds).pick({ apex: true, view: true, connection: true, servers: true }),
    'A connection that is to be tried.',
  );
export type ZoneTrial = z.output<ReturnType<typeof zoneTrialOf>>;
export type ZoneTrialDraft = z.input<ReturnType<typeof zoneTrialOf>>;

/** What a zone is to be from now on; its apex and view stay. */
export const zoneChangeOf = (kinds: readonly SettingsDescriptor[]) =>
  named(
    'ZoneChange',
    z.strictObject({
      id,
      version: told(rowVersion, 'As it was read: where somebody changed the zone since, nothing is changed.', 1),
      connection: told(
        connectionSchema(kinds, connectionWords).optional(),
        'Where it is kept from now on, always with its secret; where left out, where it was.',
      ),
      ...testedFirst('/zones:test'),
      ...zoneSettings,
    }),
    'What a zone is to be from now on.',
  );
export type ZoneChange = z.output<ReturnType<typeof zoneChangeOf>>;
export type ZoneChangeDraft = z.input<ReturnType<typeof zoneChangeOf>>;

/** A kind of provider that a zone can be connected to, for whoever makes a form, a page or a client of it. */
export const dnsProviderRow = named(
  'DnsProvider',
  z.object({
    kind: told(z.string(), 'The word that a connection names it by.', 'rfc2136'),
    label: told(z.string(), 'What people call it.', 'Name server with dynamic updates'),
    summary: told(z.string(), 'One sentence, for whoever chooses.', 'BIND, Knot, PowerDNS and whatever else takes RFC 2136.'),
    ...neededOfConnection,
    capabilities: told(
      z.object({
        atomic: told(capability, 'Whether record sets change together or not at all.'),
        compareAndSet: told(capability, 'Whether it refuses what somebody else changed meanwhile.'),
      }),
      'What it can do.',
    ),
    checks: checksOfConnection,
  }),
  'A kind of provider that a zone can be connected to.',
);
export type DnsProviderRow = z.infer<typeof dnsProviderRow>;
/** As many as this version knows: no page of it is needed. */
export const dnsProviderList = named(
  'DnsProviderList',
  z.object({ rows: told(z.array(dnsProviderRow), 'Every kind that this version knows.') }),
  'Kinds of DNS providers; a list that never grows, so it has no pages.',
);

const connected = named(
  'ZoneConnection',
  z.object({
    kind: told(z.string(), 'The kind of provider.', 'rfc2136'),
    settings: told(z.record(z.string(), z.unknown()), 'Its settings, without the secret.', {
      primary: { address: '192.0.2.53', port: 53 },
    }),
  }),
  'Where a zone is kept.',
);
const connectedServer = named(
  'NameServer',
  z.object({
    name: told(z.string(), 'Name of the server.', 'ns1.example.test'),
    address: told(z.string(), 'Address at which it listens.', '192.0.2.53'),
    port: told(z.number().int(), 'Port at which it listens.', 53),
  }),
  'An authoritative name server.',
);
const signingError = named(
  'SigningError',
  operationError.extend({ movesNext: told(z.string(), 'Who moves next.', 'the operator of Hostmaster') }),
  'Why no CA may sign for the names of a zone.',
);

export const zoneRow = named(
  'Zone',
  z.object({
    id,
    apex: told(z.string(), 'Name of the zone.', 'example.test'),
    view: told(view, 'Who it is answered to.', 'public'),
    connection: told(connected, 'Where it is kept.'),
    ownerTeam: told(z.string(), about.ownerTeam, 'platform-edge'),
    servers: told(z.array(connectedServer), 'Every server that must agree before a name counts as live.'),
    ttlMin: told(z.number().int(), about.ttlMin, 30),
    ttlMax: told(z.number().int(), about.ttlMax, 86_400),
    servedPort: told(z.number().int(), about.servedPort, 443),
    allowedPorts: told(z.array(z.string()), about.allowedPorts, ['8443', '8000-8999']),
    allowedRanges: told(z.array(z.string()), about.allowedRanges, ['10.0.0.0/8']),
    reviewFirstExposure: told(z.boolean(), about.reviewFirstExposure, false),
    environments: told(z.array(z.string()), about.environments, ['dev', 'staging']),
    safety,
    version: told(z.number().int(), 'Which version of its settings this is; a change names it.', 1),
    serial: told(z.number().int().nullable(), 'Serial of the zone as it was last read; null where it never was.', 2026112001),
    syncedAt: told(timestamp.nullable(), 'When it was last read; null where it never was.'),
    syncError: told(z.string().nullable(), 'Why it could not be read; null where it could.', 'ns1.example.test refused the transfer.'),
    signingError: told(
      signingError.nullable(),
      'Why no CA may sign for its names yet, and who must act; null where one may. Every reading tries again.',
    ),
    givenUpAt: told(
      timestamp.nullable(),
      'Since when it counts as gone from its servers for good: nothing is read or written there, and names in it are retired without them. Else null.',
    ),
    recordSetCount: told(z.number().int(), 'Record sets in it, as of the last reading.', 412),
    endpointCount: told(z.number().int(), 'Endpoints in it.', 36),
  }),
  'A zone: where it is kept, what holds in it, and how it was last read.',
);
export type ZoneRow = z.infer<typeof zoneRow>;
export const zoneKept = named('ZoneKept', zoneRow.extend(wasTested), 'A zone as it was kept just now.');
export type ZoneKept = z.infer<typeof zoneKept>;
export const zonesQuery = z.strictObject({
  ...pageQuery,
  search: searchText('the name', 'example'),
  failing: told(
    z.boolean().optional(),
    'Only those whose last reading failed, or that no CA may sign for; not those that were given up.',
    true,
  ),
});
export const zonePage = named('ZonePage', pageOf(zoneRow), 'Zones, by name.');
export const zoneQuery = z.strictObject({ id });

/**
 * A set as it was last read, of whatever type: `type` is a mnemonic or TYPE<n> (RFC 3597 §5), as in core/dns/record-set.ts. With the
 * endpoint that holds it; null where nobody here does.
 */
const zoneRecordSet = named(
  'ZoneRecordSet',
  recordSet.extend({
    type: told(z.string(), 'Its type: a mnemonic, or TYPE and a number (RFC 3597 §5).', 'A'),
    endpointId: told(id.nullable(), 'The endpoint that holds it; null where nobody here does.'),
    team: told(z.string().nullable(), 'Short name of the team that holds it; null where nobody here does.', 'order-platform'),
  }),
  'A record set as it was last read.',
);

const zoneGrant = z.object({
  id,
  team: told(z.string(), 'Short name of the team.', 'order-platform'),
  suffix: told(z.string(), 'The domain below which it may claim names.', 'dev.example.test'),
});

export const zoneDetail = named(
  'ZoneDetail',
  zoneRow.extend({
    serversOfConnection: told(z.boolean(), 'Whether its servers are those that its connection names.', true),
    reading: told(
      operation.nullable(),
      'Its reading, where one is under way or waits for its next try: `progress` says how far it is; else null.',
    ),
    nextReadAt: told(
      timestamp.nullable(),
      'When it is read next: the next try of a reading that waits, or when its turn comes; null where it is read now, or was never.',
    ),
    retiredCount: told(z.number().int(), 'Names that were retired in it.', 2),
    grants: told(z.array(zoneGrant), 'The grants that reach into it, by suffix; the first 200 of them.'),
    grantsTotal: told(z.number().int(), 'How many there are; `GET /grants?zone=` lists them all.', 1),
  }),
  'A zone with its grants.',
);
export type ZoneDetail = z.infer<typeof zoneDetail>;

export const zoneRecordSetsQuery = z.strictObject({
  id,
  ...pageQuery,
  search: told(
    z.string().max(255).optional(),
    'A part of a name or of a value, or a type; in a large zone the beginning of a name.',
    'orders',
  ),
});
export const zoneRecordSetPage = named('ZoneRecordSetPage', pageOf(zoneRecordSet), 'Record sets, by name and type.');
