import { usualPorts } from '@hostmaster/core/address/port';
import type { DnsProviderRow, ZoneChangeDraft, ZoneDetail, ZoneDraft, ZoneTrialDraft } from '@hostmaster/core/contract/zone';
import { defaultThresholds } from '@hostmaster/core/dns/plan-safety';
import type { View } from '@hostmaster/core/dns/view';
import { type ConnectionValues, connectionDraftOf, connectionValuesOf, emptyConnection } from '@/features/connection/connection-values';

export type ZoneFormValues = ConnectionValues & {
  apex: string;
  view: View;
  ownerTeam: string;
  servers: string;
  ttlMin: string;
  ttlMax: string;
  servedPort: string;
  allowedPorts: string;
  allowedRanges: string;
  reviewFirstExposure: boolean;
  environments: string[];
  deletePercent: string;
  deleteRecords: string;
  updatePercent: string;
  updateRecords: string;
};

export const emptyZone = (ownerTeam: string, provider: DnsProviderRow | undefined): ZoneFormValues => ({
  apex: '',
  view: 'public',
  ownerTeam,
  ...emptyConnection(provider),
  servers: '',
  ttlMin: '30',
  ttlMax: '86400',
  servedPort: '443',
  allowedPorts: usualPorts.join(', '),
  allowedRanges: '',
  reviewFirstExposure: false,
  environments: [],
  deletePercent: String(defaultThresholds.deletes.percent),
  deleteRecords: String(defaultThresholds.deletes.records),
  updatePercent: String(defaultThresholds.updates.percent),
  updateRecords: String(defaultThresholds.updates.records),
});

/** As the zone is now; its secret is nowhere to be read. */
export function valuesOf(zone: ZoneDetail, provider: DnsProviderRow | undefined): ZoneFormValues {
  const { deletes, updates } = zone.safety;
  return {
    apex: zone.apex,
    view: zone.view,
    ownerTeam: zone.ownerTeam,
    ...connectionValuesOf(zone.connection, provider),
    servers: zone.serversOfConnection ? '' : zone.servers.map(({ name, address, port }) => `${name} ${address} ${port}`).join('\n'),
    ttlMin: String(zone.ttlMin),
    ttlMax: String(zone.ttlMax),
    servedPort: String(zone.servedPort),
    allowedPorts: zone.allowedPorts.join(', '),
    allowedRanges: zone.allowedRanges.join(', '),
    reviewFirstExposure: zone.reviewFirstExposure,
    environments: zone.environments,
    deletePercent: String(deletes.percent),
    deleteRecords: String(deletes.records),
    updatePercent: String(updates.percent),
    updateRecords: String(updates.records),
  };
}

/** As the API takes it; whatever is wrong with the texts, the schema of the API says. */
export const zoneDraftOf = (values: ZoneFormValues, provider: DnsProviderRow | undefined): ZoneDraft => ({
  apex: values.apex.trim(),
  view: values.view,
  connection: connectionDraftOf(values, provider),
  ...settingsDraftOf(values),
});

/** What of it a test of the connection needs. */
export const zoneTrialDraftOf = (values: ZoneFormValues, provider: DnsProviderRow | undefined): ZoneTrialDraft => {
  const { apex, view, connection, servers } = zoneDraftOf(values, provider);
  return { apex, view, connection, servers };
};

/** The same of a change. @param reconnect whether it says where the zone is kept */
export const zoneChangeOf = (
  { id, version }: Pick<ZoneDetail, 'id' | 'version'>,
  values: ZoneFormValues,
  provider: DnsProviderRow | undefined,
  reconnect: boolean,
): ZoneChangeDraft => ({
  id,
  version,
  ...(reconnect ? { connection: connectionDraftOf(values, provider) } : {}),
  ...settingsDraftOf(values),
});

const serversOf = (text: string): ZoneDraft['servers'] =>
  text
    .split('\n')
    .map((line) => line.trim().split(/\s+/))
    .filter(([name]) => name)
    .map(([name = '', address = '', port = '53']) => ({ name, address, port: Number(port) }));

const listOf = (text: string): string[] => text.split(/[\s,]+/).filter((part) => part !== '');

const settingsDraftOf = (values: ZoneFormValues): Omit<ZoneDraft, 'apex' | 'view' | 'connection' | 'trial' | 'untested'> => ({
  ownerTeam: values.ownerTeam,
  servers: serversOf(values.servers),
  ttlMin: Number(values.ttlMin),
  ttlMax: Number(values.ttlMax),
  servedPort: Number(values.servedPort),
  allowedPorts: listOf(values.allowedPorts),
  allowedRanges: listOf(values.allowedRanges),
  reviewFirstExposure: values.reviewFirstExposure,
  environments: values.environments,
  safety: {
    deletes: { percent: Number(values.deletePercent), records: Number(values.deleteRecords) },
    updates: { percent: Number(values.updatePercent), records: Number(values.updateRecords) },
  },
});

/** What the forms of a zone have a control for: all of it but the test. */
export const zoneFields = Object.keys({
  apex: true,
  view: true,
  connection: true,
  ownerTeam: true,
  servers: true,
  ttlMin: true,
  ttlMax: true,
  servedPort: true,
  allowedPorts: true,
  allowedRanges: true,
  reviewFirstExposure: true,
  environments: true,
  safety: true,
} satisfies Record<Exclude<keyof ZoneDraft, 'trial' | 'untested'>, true>);
