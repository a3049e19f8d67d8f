import type { Request } from '@hostmaster/core/contract/request';

/** What the form does that is filled from a request: one that waits still is put right, one that is over is asked for anew. */
export const againTitle = ({ cancellable, unicode }: Pick<Request, 'cancellable' | 'unicode'>): string =>
  cancellable ? `Correct the request for ${unicode}` : `Ask again for ${unicode}`;
