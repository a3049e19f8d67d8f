import type { RootAuthority } from '@hostmaster/core/contract/authority';
import { authorityKeys } from '@hostmaster/core/pki/profile';
import type { MarkState } from '@/components/ui/mark';
import { keyWords } from '@/lib/format/text';

const stateWords: Readonly<Record<RootAuthority['state'], { readonly mark: MarkState; readonly says: string }>> = {
  announced: { mark: 'wait', says: 'Announced: trusted by whoever has the bundle, and signing nothing yet' },
  active: { mark: 'ok', says: 'Active: new CAs come from it' },
  replaced: { mark: 'none', says: 'Replaced: trusted while something below it is valid' },
  withdrawn: { mark: 'none', says: 'Withdrawn: no longer in the bundle' },
};

/** What is so of a root now. One whose key is elsewhere signs nothing by itself. */
export const stateOf = ({ state, keyHere, intermediates }: Pick<RootAuthority, 'state' | 'keyHere' | 'intermediates'>) => {
  const { mark, says } = stateWords[state];
  if (state !== 'active' || keyHere) return { mark, says };
  return intermediates.some(({ signsFor }) => signsFor.length > 0)
    ? { mark, says: 'Active: CAs that it has signed sign below it' }
    : { mark: 'wait' as const, says: 'Active: CAs below it sign once one that it signed is brought' };
};

/** Of a key that is kept here. */
export const whereKept = ({ keyToken }: Pick<RootAuthority, 'keyToken'>): string =>
  keyToken === null ? 'kept here, wrapped in the database' : `kept here, in the token ${keyToken}`;

export const keyOptions = authorityKeys.map((value) => ({ value, label: keyWords(value) }));
