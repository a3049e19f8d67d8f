// What travels through the queue: the row is the truth, a job is a nudge that carries ids only.
import { z } from 'zod';

export const jobPayloads = {
  /** Work on one operation until it is finished or must wait. */
  'operation.run': z.strictObject({ operationId: z.uuid() }),
  /** Look at a live endpoint again: every server, the wire, the health path. */
  'endpoint.check': z.strictObject({ endpointId: z.uuid() }),
} as const;
export type JobName = keyof typeof jobPayloads;
export type JobPayload<N extends JobName> = z.infer<(typeof jobPayloads)[N]>;
