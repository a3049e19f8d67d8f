import type { RootAuthority } from '@hostmaster/core/contract/authority';
import { authorityKeys } from '@hostmaster/core/pki/profile';
import type { MarkState } from '@/components/ui/mark';
import { keyWords } from '@/lib/format/text';

export const stateWords: Readonly<Record<RootAuthority['state'], { readonly mark: MarkState; readonly says: string }>> = {
  announced: { mark: 'wait', says: 'Announced: trusted by whoever has the bundle, and signing nothing yet' },
  active: { mark: 'ok', says: 'Active: new CAs come from it' },
  replaced: { mark: 'none', says: 'Replaced: trusted while something below it is valid' },
  withdrawn: { mark: 'none', says: 'Withdrawn: no longer in the bundle' },
};

export const keyOptions = authorityKeys.map((value) => ({ value, label: keyWords(value) }));
