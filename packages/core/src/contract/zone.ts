// A zone as it is asked for and answered. What a kind of provider needs beside this, its descriptor says (core/dns/provider.ts): the
// schema of the input is made with those that a process knows.
import { z } from 'zod';
import { usualPorts } from '../address/port.ts';
import { connectionSchema, type SettingsDescriptor } from '../descriptor.ts';
import { defaultThresholds, type SafetyLimit } from '../dns/plan-safety.ts';
import { isWildcard } from '../hostname/hostname.ts';
import { parseHostname } from '../hostname/parse-hostname.ts';
import { slug, view } from './endpoint.ts';
import { allowedPorts, allowedRanges, port, serverAddress, serverText } from './network.ts';
import { operation, operationError } from './operation.ts';
import { breakRule } from './own-rule.ts';
import { id, pageOf, pageQuery, rowVersion, timestamp } from './page.ts';
import { recordSet } from './request.ts';

/** How many of a zone's records one plan may touch: the larger of a share and a number. */
const safetyLimit = ({ percent, records }: SafetyLimit) =>
  z
    .strictObject({
      percent: z.number().int().min(0).max(100).default(percent),
      records: z.number().int().min(0).max(1_000_000).default(records),
    })
    .prefault({});
const safety = z
  .strictObject({ deletes: safetyLimit(defaultThresholds.deletes), updates: safetyLimit(defaultThresholds.updates) })
  .prefault({});

/** A hostname as it is stored, or the address itself: so servers are called that nobody named. */
export const nameServer = z
  .strictObject({ name: z.string().min(1).max(1024), address: serverAddress, port: port.default(53) })
  .transform((server, context) => {
    if (server.name === server.address || server.name === serverText(server)) return server;
    const parsed = parseHostname(server.name, 'name');
    const violations = parsed.ok ? (isWildcard(parsed.hostname) ? [wildcardServer] : []) : parsed.violations;
    for (const violation of violations) breakRule(context, violation, ['name']);
    return parsed.ok ? { ...server, name: parsed.hostname } : z.NEVER;
  });
const wildcardServer = {
  rule: 'hostname-wildcard',
  reason: 'A wildcard names no server.',
  remedy: 'Give the name of the one server, such as ns1.example.com.',
};

/** What is said of a zone, when it is connected and whenever that is changed. */
const zoneSettings = {
  ownerTeam: slug,
  /** Every server that must agree before a name counts as live; where left out, those that the provider's settings name. */
  servers: z.array(nameServer).max(16).default([]),
  ttlMin: z.number().int().min(1).max(86_400).default(30),
  ttlMax: z.number().int().min(1).max(604_800).default(86_400),
  servedPort: port.default(443),
  /** Ports besides it on which names may be reached, and probes with them. */
  allowedPorts: allowedPorts.default([...usualPorts]),
  /** Ranges that probes may reach besides public addresses. */
  allowedRanges: allowedRanges.default([]),
  reviewFirstExposure: z.boolean().default(false),
  /** Environments whose names may stand in the zone; empty means any. */
  environments: z.array(slug).max(50).default([]),
  /** What one plan may take away and what it may make lead elsewhere; more than this is refused as unsafe. */
  safety,
};

/** The input for zones on these kinds of providers. */
export const zoneInputOf = (kinds: readonly SettingsDescriptor[]) =>
  z.strictObject({
    apex: z.string().min(1).max(1024),
    view: view.default('public'),
    /** Where the zone is kept: the kind of provider, its settings, and a secret that is sealed as soon as it arrives and never answered. */
    connection: connectionSchema(kinds),
    ...zoneSettings,
  });
export type ZoneInput = z.output<ReturnType<typeof zoneInputOf>>;
export type ZoneDraft = z.input<ReturnType<typeof zoneInputOf>>;

/** A connection that is tried before a zone is connected or changed to it; nothing of it is kept. */
export const zoneTrialOf = (kinds: readonly SettingsDescriptor[]) =>
  zoneInputOf(kinds).pick({ apex: true, view: true, connection: true, servers: true });
export type ZoneTrial = z.output<ReturnType<typeof zoneTrialOf>>;
export type ZoneTrialDraft = z.input<ReturnType<typeof zoneTrialOf>>;

/** What a zone is to be from now on; its apex and view stay. */
export const zoneChangeOf = (kinds: readonly SettingsDescriptor[]) =>
  z.strictObject({
    id,
    /** As it was read: where somebody changed the zone since, nothing is changed. */
    version: rowVersion,
    /** Where it is kept from now on, always with its secret; where left out, where it was. */
    connection: connectionSchema(kinds).optional(),
    ...zoneSettings,
  });
export type ZoneChange = z.output<ReturnType<typeof zoneChangeOf>>;
export type ZoneChangeDraft = z.input<ReturnType<typeof zoneChangeOf>>;

const capability = z.union([z.literal(true), z.object({ no: z.string() })]);
const jsonSchema = z.record(z.string(), z.unknown());

/** A kind of provider that a zone can be connected to, for whoever makes a form, a page or a client of it. */
export const dnsProviderRow = z
  .object({
    kind: z.string(),
    label: z.string(),
    summary: z.string(),
    /** JSON Schema of `connection.settings`: titles are labels, descriptions hints, examples placeholders. */
    settings: jsonSchema,
    /** JSON Schema of `connection.secret`; null where there is none. */
    secret: jsonSchema.nullable(),
    capabilities: z.object({ atomic: capability, compareAndSet: capability }),
    /** What a connection test finds out, in this order. */
    checks: z.array(z.object({ name: z.string(), holds: z.string() })),
  })
  .meta({ id: 'DnsProvider' });
export type DnsProviderRow = z.infer<typeof dnsProviderRow>;
export const dnsProviderList = z.object({ rows: z.array(dnsProviderRow) });

export const zoneRow = z
  .object({
    id,
    apex: z.string(),
    view,
    connection: z.object({ kind: z.string(), settings: z.record(z.string(), z.unknown()) }),
    ownerTeam: z.string(),
    servers: z.array(z.object({ name: z.string(), address: z.string(), port: z.number().int() })),
    ttlMin: z.number().int(),
    ttlMax: z.number().int(),
    servedPort: z.number().int(),
    allowedPorts: z.array(z.string()),
    allowedRanges: z.array(z.string()),
    reviewFirstExposure: z.boolean(),
    environments: z.array(z.string()),
    safety,
    version: z.number().int(),
    serial: z.number().int().nullable(),
    syncedAt: timestamp.nullable(),
    syncError: z.string().nullable(),
    /** Why no CA may sign for its names yet, and who must act; null where one may. Every reading tries again. */
    signingError: operationError.extend({ movesNext: z.string() }).nullable(),
    /** As of the last reading. */
    /** It is gone from its servers for good: nothing is read or written there, and names in it are retired without them. */
    givenUpAt: timestamp.nullable(),
    recordSetCount: z.number().int(),
    endpointCount: z.number().int(),
  })
  .meta({ id: 'Zone' });
export type ZoneRow = z.infer<typeof zoneRow>;
export const zoneList = z.object({ rows: z.array(zoneRow) });
export const zoneQuery = z.strictObject({ id });

/**
 * A set as it was last read, of whatever type: `type` is a mnemonic or TYPE<n> (RFC 3597 §5), as in core/dns/record-set.ts. With the
 * endpoint that holds it; null where nobody here does.
 */
const zoneRecordSet = recordSet.extend({ type: z.string(), endpointId: id.nullable(), team: z.string().nullable() });

export const zoneDetail = zoneRow
  .extend({
    /** Whether its servers are those that its connection names. */
    serversOfConnection: z.boolean(),
    /** Its reading, where one is under way or waits for its next try: `progress` says how far it is. */
    reading: operation.nullable(),
    /** When it is read next: the next try of a reading that waits, or when its turn comes; null where it is read now, or was never. */
    nextReadAt: timestamp.nullable(),
    /** Names that were retired in it. */
    retiredCount: z.number().int(),
    grants: z.array(z.object({ id, team: z.string(), suffix: z.string() })),
  })
  .meta({ id: 'ZoneDetail' });
export type ZoneDetail = z.infer<typeof zoneDetail>;

/** `search`: a part of a name or of a value, or a type; in a large zone the beginning of a name. */
export const zoneRecordSetsQuery = z.strictObject({ id, ...pageQuery, search: z.string().max(255).optional() });
export const zoneRecordSetPage = pageOf(zoneRecordSet);
