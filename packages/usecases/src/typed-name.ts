import { canonicalAddress } from '@hostmaster/core/dns/desired';
import { parseHostname } from '@hostmaster/core/hostname/parse-hostname';
import { z } from 'zod';

/** What was typed in the form that is stored: A-labels where it is a name already, else as it is. */
export function asStored(text: string): string {
  const parsed = parseHostname(text);
  return parsed.ok ? parsed.hostname : text;
}

const ipAddress = z.union([z.ipv4(), z.ipv6()]);

/** The address that was typed, in the spelling in which records hold it; null where it is none. */
export const asAddress = (text: string): string | null => (ipAddress.safeParse(text).success ? canonicalAddress(text) : null);
