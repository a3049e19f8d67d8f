import { day } from '@hostmaster/core/duration';

/** How long a name that was let go is held back before another team may have it. */
const heldBackDays = 30;

/** Until when other teams do not get a name that its endpoint lets go; null for one that nobody ever visited. */
export const heldBackFrom = (liveSince: Date | null, now: Date): Date | null =>
  liveSince === null ? null : new Date(now.getTime() + heldBackDays * day);
