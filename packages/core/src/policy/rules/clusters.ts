// Rules on a target that is a cluster.
import { deny, noFindings, requestRule } from '../rule.ts';

export const clusterKnown = requestRule({
  name: 'cluster-known',
  describe: 'A target given as a cluster is a cluster that Hostmaster knows.',
  needs: ['cluster'],
  judge: ({ contract: { target } }, { cluster }) =>
    'cluster' in target && cluster === null
      ? deny(`There is no cluster ${target.cluster}.`, 'Check its name, or ask a platform admin to add the cluster.', {
          path: 'target.cluster',
        })
      : noFindings,
});

export const clusterEnvironment = requestRule({
  name: 'cluster-environment',
  describe: 'A name of one environment leads to a cluster of that environment.',
  exceptable: true,
  needs: ['cluster', 'environment', 'environments'],
  judge: (_, { cluster, environment, environments }) =>
    cluster === null || environment === null || cluster.environment === environment || !environments.includes(environment)
      ? noFindings
      : deny(
          `Cluster ${cluster.name} is ${cluster.environment}, and the name is asked for in ${environment}.`,
          `Choose a cluster of ${environment}.`,
          { path: 'target.cluster' },
        ),
});

export const clusterExposure = requestRule({
  name: 'cluster-exposure',
  describe: 'Internal and partner names never lead through a public ingress, nor public names to a cluster without one.',
  exceptable: true,
  needs: ['cluster'],
  judge: ({ contract: { view } }, { cluster }) => {
    if (cluster === null || cluster.takesPublicTraffic === (view === 'public')) return noFindings;
    return deny(
      cluster.takesPublicTraffic
        ? `Cluster ${cluster.name} takes public traffic, and the name is ${view}.`
        : `Cluster ${cluster.name} takes no public traffic, and the name is public.`,
      'Choose another cluster, or another view.',
      { path: 'target.cluster' },
    );
  },
});

export const clusterCertificates = requestRule({
  name: 'cluster-certificates',
  describe: "A cluster's load balancer holds no more certificates than it can.",
  exceptable: true,
  needs: ['cluster'],
  judge: ({ contract: { tls }, kind }, { cluster }) => {
    if (cluster === null || cluster.certificateLimit === null || tls.termination === 'none') return noFindings;
    // What is there already stays changeable when the limit falls.
    if (cluster.certificates < cluster.certificateLimit || (kind !== 'create' && cluster.holdsOwn)) return noFindings;
    return deny(
      `The load balancer of cluster ${cluster.name} holds ${cluster.certificates} of at most ${cluster.certificateLimit} certificates.`,
      'Choose another cluster, or add the name to an existing certificate.',
      { path: 'target.cluster' },
    );
  },
});
