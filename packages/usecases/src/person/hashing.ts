import { fairQueue } from './fair-queue.ts';

/** A hash takes 128 MiB: two at once, and a queue that is short enough to be answered in time. Errors: unavailable. */
export const hashing = fairQueue({ running: 2, waiting: 40, waitingEach: 8 });
