// A target that many endpoints share and that a contract names: a cluster, or whatever else stands behind one name.
import { z } from 'zod';
import { slug } from './endpoint.ts';
import { use } from './use.ts';

/** Also the whole of what a change puts in place of what was there. */
export const clusterInput = z.strictObject({
  slug,
  /** Where a CNAME to the cluster leads. */
  hostname: z.string().min(1, 'A hostname is needed.').max(1024),
  environment: slug,
  /** Whether it takes public traffic; internal and partner names lead to clusters that do not. */
  public: z.boolean().default(true),
  /** Certificates that its load balancer holds at most; null where it is not limited. */
  certificateLimit: z.number().int().min(1).max(100_000).nullable().default(null),
});
export type ClusterInput = z.infer<typeof clusterInput>;

/** What there is to choose from. */
export const clusterChoice = z.object({ slug: z.string(), hostname: z.string(), environment: z.string(), public: z.boolean() });

export const clusterRow = clusterChoice
  .extend({
    certificateLimit: z.number().int().nullable(),
    /** Endpoints that lead to it with a certificate. */
    certificates: z.number().int(),
    uses: z.array(use),
  })
  .meta({ id: 'Cluster' });
export type ClusterRow = z.infer<typeof clusterRow>;
export const clusterList = z.object({ rows: z.array(clusterRow) });
export const clusterKey = z.strictObject({ slug });
