import type { EndpointDetail } from '@hostmaster/core/contract/endpoint-view';
import { takesBrought } from '@hostmaster/core/pki/source-traits';
import { probedName } from '@hostmaster/core/probe/probed-name';
import { shellCommand } from '@hostmaster/core/shell-command';
import { probeUrl } from '@/features/plan/probe-url';

type Seen = Pick<EndpointDetail, 'hostname' | 'contract' | 'recordSets' | 'answers' | 'certificate'>;

/** "192.0.2.53", "192.0.2.53:5353" or "[2001:db8::53]:5353" as address and port; port null where it is the usual one. */
export function splitAddress(text: string): { address: string; port: string | null } {
  const [, bracketed, v4, port] = /^(?:\[([^\]]+)\]|([^:]+))(?::(\d+))?$/.exec(text) ?? [];
  const address = bracketed ?? v4 ?? text;
  return { address, port: port === undefined || port === '53' ? null : port };
}

/** The dig and curl lines that show the endpoint at work; curl null where it has no TLS of ours to show. */
export function commandsFor({ hostname, contract, recordSets, answers, certificate }: Seen): { dig: string; curl: string | null } {
  const answer = answers[0];
  const server = answer === undefined ? null : splitAddress(answer.address);
  const type = recordSets[0]?.type ?? 'A';
  const asked = server === null ? [] : [`@${server.address}`, ...(server.port === null ? [] : ['-p', server.port])];
  const dig = shellCommand(['dig', '+short', ...asked, hostname, type]);
  if (contract.tls.termination === 'none' || certificate === null) return { dig, curl: null };
  const { port, healthPath } = contract.routing;
  const address = recordSets.find((set) => set.type === 'A' || set.type === 'AAAA')?.values[0];
  const resolve =
    address === undefined ? [] : ['--resolve', `${probedName(hostname)}:${port}:${address.includes(':') ? `[${address}]` : address}`];
  // Whose root vouches for what was brought, its team knows.
  const trust = takesBrought(contract) ? [] : ['--cacert', 'root.pem'];
  return { dig, curl: shellCommand(['curl', ...trust, ...resolve, probeUrl({ hostname, port, path: healthPath })]) };
}
