import { type EndpointContract, endpointContract, isCertificateOnly } from './endpoint.ts';

export type WithoutEffect = { readonly path: string; readonly reason: string };

/** Fields that are asked for and change nothing, since another one says so. The policy refuses what contradicts; this is only idle. */
export function withoutEffect(contract: Idling): readonly WithoutEffect[] {
  return [...withoutTls(contract), ...ofCertificateAlone(contract)];
}

type Idling = Pick<EndpointContract, 'tls' | 'ttl' | 'routing'> & { readonly target: object };

/** Its records are somebody else's, and what presents it is not looked at. */
function ofCertificateAlone({ target, ttl, routing }: Idling): readonly WithoutEffect[] {
  if (!isCertificateOnly({ target })) return [];
  const idle = [
    ...(ttl === endpointContract.shape.ttl.parse(undefined) ? [] : ['ttl']),
    ...(routing.port === undefined ? [] : ['routing.port']),
    ...(routing.healthPath === endpointContract.shape.routing.parse(undefined).healthPath ? [] : ['routing.healthPath']),
  ];
  return idle.map((path) => ({
    path,
    reason: `A certificate alone is asked for: no record is written, nobody looks, and ${path} has no effect.`,
  }));
}

function withoutTls({ tls }: Pick<EndpointContract, 'tls'>): readonly WithoutEffect[] {
  if (tls.termination !== 'none') return [];
  const idle = [
    ...(tls.source === 'internal-ca' ? [] : ['tls.source']),
    ...(tls.challenge === 'none' ? [] : ['tls.challenge']),
    ...(tls.key === undefined ? [] : ['tls.key']),
  ];
  return idle.map((path) => ({ path, reason: `tls.termination is none: no certificate is asked for, and ${path} has no effect.` }));
}
