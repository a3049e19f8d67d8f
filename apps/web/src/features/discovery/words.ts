import type { DiscoveredRow, Verdict } from '@hostmaster/core/contract/discovery';
import type { LogKind } from '@hostmaster/core/transparency/log';
import type { MarkState } from '@/components/ui/mark';

export const verdictWords: Readonly<Record<Verdict, string>> = { unknown: 'Unknown', known: 'Known', ours: 'Ours' };
export const verdictMarks: Readonly<Record<Verdict, MarkState>> = { unknown: 'bad', known: 'none', ours: 'ok' };

const grounds: Readonly<Record<NonNullable<DiscoveredRow['owner']>['because'], (of: string) => string>> = {
  endpoint: (of) => `it has ${of}`,
  grant: (of) => `its grant is for ${of}`,
  zone: (of) => `it owns the zone ${of}`,
  scope: (of) => `it is named for “${of}”`,
};

/** Why a team is the likely owner. */
export const ownerGround = ({ because, of }: NonNullable<DiscoveredRow['owner']>): string => grounds[because](of);

/** What a certificate is called where there is room for one name. */
export const nameOf = ({ names, subject, fingerprint }: Pick<DiscoveredRow, 'names' | 'subject' | 'fingerprint'>): string =>
  names[0] ?? (subject === '' ? `A certificate that cannot be read (${fingerprint.slice(0, 8)})` : subject);

export const logKindWords: Readonly<Record<LogKind, string>> = { rfc6962: 'RFC 6962', 'static-ct-api': 'Static CT API' };
