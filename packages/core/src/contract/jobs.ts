// What travels through the queue of a lane: the row is the truth, a job is a nudge that carries ids only.
import { z } from 'zod';

export const jobPayloads = {
  /** An operation is due. */
  'operation.run': z.strictObject({ operationId: z.uuid() }),
  /** The look at a live endpoint is due: every server, the wire, the health path. */
  'endpoint.check': z.strictObject({ endpointId: z.uuid() }),
} as const;
export type JobName = keyof typeof jobPayloads;
export type JobPayload<N extends JobName> = z.infer<(typeof jobPayloads)[N]>;
