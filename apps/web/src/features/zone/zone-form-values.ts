import type { DnsProviderRow, ZoneDraft } from '@hostmaster/core/contract/zone';
import { defaultThresholds } from '@hostmaster/core/dns/plan-safety';
import { emptySettings, settingRows, settingsOf } from './settings-fields';

export type ZoneFormValues = {
  apex: string;
  view: 'public' | 'internal' | 'partner';
  ownerTeam: string;
  /** Kind of the provider, and what it needs to know, as texts by the field. */
  kind: string;
  settings: Record<string, string>;
  secret: string;
  servers: string;
  ttlMin: string;
  ttlMax: string;
  servedPort: string;
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
  kind: provider?.kind ?? '',
  settings: provider ? emptySettings(settingRows(provider)) : {},
  secret: '',
  servers: '',
  ttlMin: '30',
  ttlMax: '86400',
  servedPort: '443',
  allowedRanges: '',
  reviewFirstExposure: false,
  environments: [],
  deletePercent: String(defaultThresholds.deletes.percent),
  deleteRecords: String(defaultThresholds.deletes.records),
  updatePercent: String(defaultThresholds.updates.percent),
  updateRecords: String(defaultThresholds.updates.records),
});

/** As the API takes it; whatever is wrong with the texts, the schema of the API says. */
export function zoneDraftOf(values: ZoneFormValues, provider: DnsProviderRow | undefined): ZoneDraft {
  const servers = values.servers
    .split('\n')
    .map((line) => line.trim().split(/\s+/))
    .filter(([name]) => name)
    .map(([name = '', address = '', port = '53']) => ({ name, address, port: Number(port) }));
  return {
    apex: values.apex.trim(),
    view: values.view,
    ownerTeam: values.ownerTeam,
    connection: {
      kind: values.kind,
      settings: provider ? settingsOf(settingRows(provider), values.settings) : {},
      ...(provider?.secret ? { secret: values.secret.trim() } : {}),
    },
    servers,
    ttlMin: Number(values.ttlMin),
    ttlMax: Number(values.ttlMax),
    servedPort: Number(values.servedPort),
    allowedRanges: values.allowedRanges.split(/[\s,]+/).filter((range) => range !== ''),
    reviewFirstExposure: values.reviewFirstExposure,
    environments: values.environments,
    safety: {
      deletes: { percent: Number(values.deletePercent), records: Number(values.deleteRecords) },
      updates: { percent: Number(values.updatePercent), records: Number(values.updateRecords) },
    },
  };
}
