// Looks at an endpoint the way its users do: every address, layer by layer (guard, TCP, TLS, HTTP), the real host name
// in SNI and Host header. Reports facts and names the first layer that failed; it never throws for what the world
// answers. Every layer has its own deadline, because a server that accepts and stays silent is a finding, not a hang.
import type { Duplex } from 'node:stream';
import { HostmasterError } from '@hostmaster/core/errors';
import type { EndpointObservation, EndpointProbe, Prober } from '@hostmaster/core/probe/prober';
import { deadline } from '../net/deadline.ts';
import { createGuard, type Guard } from '../net/guard.ts';
import { type Told, tellFault, tellVerification } from './fault-words.ts';
import { requestStatus } from './http-head.ts';
import { shakeHands } from './tls-handshake.ts';

/** Milliseconds for each layer. */
export type ProbeDeadlines = { readonly tcp: number; readonly tls: number; readonly http: number };
export type EndpointProberOptions = {
  readonly guard?: Guard;
  readonly deadlines?: ProbeDeadlines;
  /** Hears what no words of ours say: the fault as Node or OpenSSL told it. */
  readonly onForeignFault?: (fault: { readonly hostname: string; readonly address: string; readonly said: unknown }) => void;
};

const defaultDeadlines: ProbeDeadlines = { tcp: 3000, tls: 5000, http: 5000 };

/** More addresses than a name sensibly has; those past it are not asked. */
const maxAddresses = 32;

type Layer = 'tcp' | 'tls' | 'http';
type Facts = { -readonly [Fact in keyof EndpointObservation]: EndpointObservation[Fact] };

const noFacts = (address: string): Facts => ({
  address,
  failedLayer: null,
  error: null,
  tcpMilliseconds: null,
  tlsMilliseconds: null,
  httpMilliseconds: null,
  tls: null,
  httpStatus: null,
});

/** The Host header of RFC 9110 §7.2: without the port where it is the scheme's own. */
const hostHeader = ({ hostname, port, tls }: EndpointProbe): string => (port === (tls ? 443 : 80) ? hostname : `${hostname}:${port}`);

/** Contracts that are older than the rule against queries still hold some; nobody's probe carries an argument. */
const withoutQuery = (path: string): string => path.replace(/[?#].*$/s, '');

type Means = Required<EndpointProberOptions>;

async function probeAddress(probe: EndpointProbe, address: string, { guard, deadlines, onForeignFault }: Means, signal: AbortSignal) {
  const facts = noFacts(address);
  const inWords = ({ words, plain }: Told, said: unknown): string => {
    if (!plain) onForeignFault({ hostname: probe.hostname, address, said });
    return words;
  };
  const open: Duplex[] = [];
  /** Runs one layer within its deadline; what it throws becomes the observation's failure. */
  const layer = async <T>(name: Layer, run: (within: AbortSignal) => Promise<T>): Promise<T | null> => {
    const began = performance.now();
    const limit = deadline(signal, deadlines[name], () => new Error(`no answer within ${deadlines[name]} ms`));
    try {
      const result = await run(limit.signal);
      facts[`${name}Milliseconds`] = Math.round((performance.now() - began) * 100) / 100;
      return result;
    } catch (error) {
      facts.failedLayer = error instanceof HostmasterError && error.code === 'address-forbidden' ? 'guard' : name;
      facts.error = inWords(tellFault(error), error);
      return null;
    } finally {
      limit.release();
    }
  };
  try {
    const { port, ports, allowedRanges } = probe;
    const target = { address, port, ports, allowedRanges, timeoutMilliseconds: deadlines.tcp };
    const connected = await layer('tcp', (within) => guard.guardedConnect(target, within));
    if (connected === null) return facts;
    open.push(connected);

    let stream: Duplex = connected;
    if (probe.tls) {
      const secured = await layer('tls', (within) => shakeHands(connected, probe.hostname, probe.trustAnchors, within));
      if (secured === null) return facts;
      open.push(secured.socket);
      const { verifyError } = secured.observation;
      facts.tls = { ...secured.observation, verifyError: verifyError && inWords(tellVerification(verifyError), verifyError) };
      if (facts.tls.verifyError !== null) {
        facts.failedLayer = 'tls';
        facts.error = facts.tls.verifyError;
        return facts;
      }
      stream = secured.socket;
    }

    facts.httpStatus = await layer('http', (within) => requestStatus(stream, hostHeader(probe), withoutQuery(probe.healthPath), within));
    if (facts.httpStatus !== null && facts.httpStatus >= 400) {
      facts.failedLayer = 'http';
      facts.error = `the health path answered ${facts.httpStatus}`;
    }
    return facts;
  } finally {
    for (const stream of open.reverse()) stream.destroy();
  }
}

/** The `probeEndpoint` half of a Prober. A status of 400 or more fails the HTTP layer; redirects are a status like any other and not followed. */
export function createEndpointProber(options: EndpointProberOptions = {}): Pick<Prober, 'probeEndpoint'> {
  const { guard = createGuard(), deadlines = defaultDeadlines, onForeignFault = () => undefined } = options;
  const means = { guard, deadlines, onForeignFault };
  return {
    probeEndpoint: (probe, signal) =>
      Promise.all([...new Set(probe.addresses)].slice(0, maxAddresses).map((address) => probeAddress(probe, address, means, signal))),
  };
}
