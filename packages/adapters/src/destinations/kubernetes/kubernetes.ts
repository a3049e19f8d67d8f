import type { DestinationConnection, DestinationDescriptor } from '@hostmaster/core/pki/destination';
import { rangesOf } from '../../issuers/reach.ts';
import { httpsExchange } from '../../net/https.ts';
import { type KubernetesUnderTest, kubernetesChecks } from './checks.ts';
import { secretDestination } from './secret.ts';
import { kubernetesServer } from './server.ts';
import { type KubernetesSettings, kubernetesSecret, kubernetesSettings } from './settings.ts';

export type KubernetesOptions = {
  /** Base URL of the portal. */
  readonly portal: string;
  /** Where private keys may go, as the host of the worker says (core/pki/key-destinations.ts). */
  readonly keyDestinations: readonly string[];
};
type Deps = Parameters<DestinationDescriptor<KubernetesOptions>['open']>[1];

function serverOf({ slug, settings, secret }: DestinationConnection<KubernetesSettings>, { clock, keyDestinations }: Deps) {
  const { address, trust, addresses } = settings;
  const token = Buffer.from(secret).toString('utf8');
  return kubernetesServer(
    { name: slug, address, token, keyDestinations },
    httpsExchange({ trust, allowedRanges: rangesOf(addresses) }),
    clock,
  );
}

/** Secrets of type kubernetes.io/tls, through the API of a cluster. */
export const kubernetes: DestinationDescriptor<KubernetesOptions, typeof kubernetesSettings> = {
  kind: 'kubernetes',
  label: 'Kubernetes',
  summary: 'Secrets of type kubernetes.io/tls in a cluster, for its Ingresses, Gateways and pods.',
  settings: kubernetesSettings,
  secret: { purpose: 'kubernetes', input: kubernetesSecret, optional: false },
  checks: kubernetesChecks,
  identifiedBy: ['address'],
  defaultNamespace: ({ namespace }) => namespace,

  open(connection, deps) {
    const server = serverOf(connection, deps);
    return (namespace) => secretDestination({ server, name: connection.slug, namespace, portal: deps.portal });
  },

  openTest(connection, deps): KubernetesUnderTest {
    const { address: url, trust, addresses } = connection.settings;
    return { reached: { url, trust, addresses }, server: serverOf(connection, deps), settings: connection.settings };
  },
};
