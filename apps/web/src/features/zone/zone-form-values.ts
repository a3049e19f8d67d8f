import type { zoneInput } from '@hostmaster/core/contract/zone';
import type { z } from 'zod';

export type ZoneFormValues = {
  apex: string;
  view: 'public' | 'internal' | 'partner';
  ownerTeam: string;
  address: string;
  port: string;
  keyName: string;
  algorithm: 'hmac-sha256' | 'hmac-sha384' | 'hmac-sha512';
  secret: string;
  servers: string;
  ttlMin: string;
  ttlMax: string;
  servedPort: string;
  allowedRanges: string;
  reviewFirstExposure: boolean;
};

export const emptyZone = (ownerTeam: string): ZoneFormValues => ({
  apex: '',
  view: 'public',
  ownerTeam,
  address: '',
  port: '53',
  keyName: '',
  algorithm: 'hmac-sha256',
  secret: '',
  servers: '',
  ttlMin: '30',
  ttlMax: '86400',
  servedPort: '443',
  allowedRanges: '',
  reviewFirstExposure: false,
});

/** As the API takes it; whatever is wrong with the texts, the schema of the API says. */
export function zoneDraftOf(values: ZoneFormValues): z.input<typeof zoneInput> {
  const servers = values.servers
    .split('\n')
    .map((line) => line.trim().split(/\s+/))
    .filter(([name]) => name)
    .map(([name = '', address = '', port = '53']) => ({ name, address, port: Number(port) }));
  return {
    apex: values.apex.trim(),
    view: values.view,
    ownerTeam: values.ownerTeam,
    primary: { address: values.address.trim(), port: Number(values.port) },
    tsig: { name: values.keyName.trim(), algorithm: values.algorithm, secret: values.secret.trim() },
    servers,
    ttlMin: Number(values.ttlMin),
    ttlMax: Number(values.ttlMax),
    servedPort: Number(values.servedPort),
    allowedRanges: values.allowedRanges.split(/[\s,]+/).filter((range) => range !== ''),
    reviewFirstExposure: values.reviewFirstExposure,
  };
}
