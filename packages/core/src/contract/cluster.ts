// A target that many endpoints share and that a contract names: a cluster, or whatever else stands behind one name.
import { z } from 'zod';
import { slug } from './endpoint.ts';
import { pageOf, pageQuery, searchText } from './page.ts';
import { named, told } from './told.ts';
import { uses } from './use.ts';

const short = 'Short name of the cluster, as contracts name it.';
const leads = 'Where a CNAME to the cluster leads.';
const takesPublic = 'Whether it takes public traffic; internal and partner names lead to clusters that do not.';
const destination = 'Short name of the destination that certificates of names that lead to it are handed to; null where it has none.';
const limit = 'Certificates that its load balancer holds at most; null where it is not limited.';

/** Also the whole of what a change puts in place of what was there. */
export const clusterInput = named(
  'ClusterInput',
  z.strictObject({
    slug: told(slug, short, 'k8s-2'),
    hostname: told(z.string().min(1, 'A hostname is needed.').max(1024), leads, 'k8s-2.clusters.example.test'),
    environment: told(slug, 'Short name of the environment that it belongs to.', 'prod'),
    public: told(z.boolean().default(true), takesPublic, true),
    certificateLimit: told(z.number().int().min(1).max(100_000).nullable().default(null), limit, 25),
    destination: told(slug.nullable().default(null), destination, 'k8s-2'),
  }),
  'A cluster, whole.',
);
export type ClusterInput = z.infer<typeof clusterInput>;

export const clusterChoice = named(
  'ClusterChoice',
  z.object({
    slug: told(z.string(), short, 'k8s-2'),
    hostname: told(z.string(), leads, 'k8s-2.clusters.example.test'),
    environment: told(z.string(), 'Short name of the environment that it belongs to.', 'prod'),
    public: told(z.boolean(), takesPublic, true),
    destination: told(z.string().nullable(), destination, 'k8s-2'),
  }),
  'A cluster that there is to choose.',
);

export const clusterRow = named(
  'Cluster',
  clusterChoice.extend({
    certificateLimit: told(z.number().int().nullable(), limit, 25),
    certificates: told(z.number().int(), 'Endpoints that lead to it with a certificate.', 7),
    uses,
  }),
  'A cluster with what leads to it.',
);
export type ClusterRow = z.infer<typeof clusterRow>;
export const clustersQuery = z.strictObject({ ...pageQuery, search: searchText('the short name or the hostname', 'k8s') });
export const clusterPage = named('ClusterPage', pageOf(clusterRow), 'Clusters, by short name.');
export const clusterKey = z.strictObject({ slug: told(slug, short, 'k8s-2') });
