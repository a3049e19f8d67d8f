import { type View, views } from '@hostmaster/core/dns/view';
import { optionsOf } from '@/lib/options';

export const viewWords = { public: 'Public', internal: 'Internal', partner: 'Partner' } satisfies Record<View, string>;
export const viewOptions = optionsOf(views, viewWords);
