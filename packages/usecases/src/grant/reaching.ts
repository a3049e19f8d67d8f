import type { View } from '@hostmaster/core/dns/view';
import { suffixesOf } from '@hostmaster/core/hostname/hostname';
import { isStoredHostname } from '@hostmaster/core/hostname/parse-hostname';
import { literal } from '@hostmaster/db/like';

/** The grants by which names of a zone may be claimed: of its apex, of what lies below it, and of what it lies below. */
export const reaching = ({ apex, view }: { readonly apex: string; readonly view: View }) => ({
  revokedAt: null,
  views: { has: view },
  OR: [{ suffix: { in: isStoredHostname(apex) ? [...suffixesOf(apex)] : [] } }, { suffix: { endsWith: `.${literal(apex)}` } }],
});
