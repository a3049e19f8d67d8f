import type { Use } from '@hostmaster/core/contract/use';
import { listed, plural } from './text';

/** "3 endpoints, 1 grant and 1 zone"; null where nothing uses it. */
export const usesText = (uses: readonly Use[]): string | null =>
  uses.length === 0 ? null : listed(uses.map(({ what, total }) => plural(total, what)));
