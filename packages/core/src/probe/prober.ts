// The boundary to the outside view of a name: what each layer answered, as facts without a verdict.

import type { CaaRecord } from '../acme/caa.ts';
import type { ZonePorts } from '../address/port.ts';
import type { Clock } from '../clock.ts';
import type { TsigKey } from '../dns/wire/tsig.ts';

/** `error` of an observation where nothing listens at the address and port. */
export const connectionRefused = 'connection refused';

export type ServerAddress = { readonly name: string; readonly address: string; readonly port: number };

/** A server with what questions to it are signed with, for its answers depend on that; null where anybody may ask. */
export type AskedServer = ServerAddress & { readonly tsig: { readonly key: TsigKey; readonly clock: Clock } | null };

/**
 * What a server answers from in place of the name: a delegation at or above it (a referral, RFC 1034 §4.3.2 step 3b), a DNAME above it
 * (RFC 6672 §3.2), or a zone of its own at or above it that the server has, too (SOA; step 2). What the zone holds at the name is not seen there.
 */
export type ZoneCut = {
  readonly type: 'NS' | 'DNAME' | 'SOA';
  /** Where it stands. */
  readonly name: string;
  /** The name servers, or the name that takes its place; some of many, and none of a zone. */
  readonly leadsTo: readonly string[];
};

/** One authoritative server's answer for one name and type, asked directly (RD=0). */
export type DnsObservation = {
  readonly server: string;
  readonly rcode: string | null;
  readonly authoritative: boolean;
  /** Sorted presentation values of the asked type; empty for NODATA and NXDOMAIN. */
  readonly values: readonly string[];
  readonly ttl: number | null;
  /** Another TTL within the same set, which RFC 2181 §5.2 forbids; null where all are one. */
  readonly otherTtl: number | null;
  /** null where the answer is of the name itself. */
  readonly cut: ZoneCut | null;
  /** Apex of the zone that it answered from, and the serial of that; null where the server did not say. */
  readonly zone: string | null;
  readonly serial: number | null;
  readonly milliseconds: number;
  readonly error: string | null;
};

export type EndpointProbe = {
  readonly hostname: string;
  readonly port: number;
  /** What the zone's owner allowed; the guard holds the port against it. */
  readonly ports: ZonePorts;
  /** Where DNS leads a user of the name; the guard checks each before connecting. */
  readonly addresses: readonly string[];
  readonly tls: boolean;
  readonly healthPath: string;
  /** PEM roots to trust besides the system's. */
  readonly trustAnchors: readonly string[];
  /** CIDR ranges that the zone's owner allowed beyond public addresses. */
  readonly allowedRanges: readonly string[];
};

export type TlsObservation = {
  readonly protocol: string | null;
  readonly serial: string | null;
  /** SHA-256 of the leaf, lower-case hex. */
  readonly fingerprint: string | null;
  readonly notAfter: string | null;
  readonly subjectAltNames: readonly string[];
  readonly chainLength: number;
  /** null when the chain verifies for the hostname against the trust anchors. */
  readonly verifyError: string | null;
};

/** Layers in the order they are tried; the first that failed is named, the later ones are not asked. */
export type EndpointObservation = {
  readonly address: string;
  readonly failedLayer: 'dns' | 'guard' | 'tcp' | 'tls' | 'http' | null;
  readonly error: string | null;
  readonly tcpMilliseconds: number | null;
  readonly tlsMilliseconds: number | null;
  readonly httpMilliseconds: number | null;
  readonly tls: TlsObservation | null;
  readonly httpStatus: number | null;
};

/** A proof of control, asked for as a CA asks (RFC 8555 §8.3). */
export type HttpProofAsk = {
  readonly hostname: string;
  readonly port: number;
  readonly path: string;
  /** Where DNS leads a user of the name; the guard checks each before connecting. */
  readonly addresses: readonly string[];
  /** CIDR ranges that the zone's owner allowed beyond public addresses. */
  readonly allowedRanges: readonly string[];
};

/**
 * What one address answers, in the end where it redirects. Without an error and a status: it redirects to another host that is not public, or
 * that there is not; nobody looks there from here, and nothing is told of it.
 */
export type HttpProofAnswer = {
  readonly address: string;
  /** What was asked last. */
  readonly url: string;
  readonly failedLayer: 'guard' | 'http' | null;
  readonly error: string | null;
  readonly status: number | null;
  /** The first bytes of it, as text. */
  readonly body: string | null;
};

/** A proof of control, asked for as a CA asks in a TLS handshake (RFC 8737 §3). */
export type HandshakeProofAsk = Omit<HttpProofAsk, 'path'>;

export type HandshakeProofAnswer = {
  readonly address: string;
  readonly failedLayer: 'guard' | 'tls' | null;
  readonly error: string | null;
  /** What is spoken on the connection; null where nothing was agreed upon (ALPN). */
  readonly protocol: string | null;
  /** The leaf that was presented, DER. */
  readonly certificate: Uint8Array | null;
};

/** One address and port, asked with a name (SNI, RFC 6066 §3) or without one. */
export type ChainAsk = {
  readonly address: string;
  readonly port: number;
  readonly serverName: string | null;
  /** CIDR ranges that may be reached beyond public addresses; the guard checks the address against them. */
  readonly allowedRanges: readonly string[];
};

/** What was presented, whether or not it verifies: DER, leaf first. Or why there is nothing, and whether anybody answered at all. */
export type ChainAnswer = { readonly chain: readonly Uint8Array[] } | { readonly error: string; readonly answered: boolean };

/** Who said where a name leads. */
export const resolvers = ['servers', 'resolver'] as const;

/** What authoritative servers say of a name's addresses (A and AAAA), following its aliases as far as their answers hold them; all sorted. */
export type ToldAddresses = {
  readonly addresses: readonly string[];
  /** Names that an alias leads to and that they do not answer for. */
  readonly onward: readonly string[];
  /** Names that they answer for, and that have no address: the name itself, or where an alias ends. */
  readonly empty: readonly string[];
};

/** A resolver is an address, or an address and a port as one text (`192.0.2.53:53`, `[2001:db8::53]:53`). */
export interface Prober {
  /** Asks every server for name/type at the same time; a server that fails is an observation, not an exception. */
  askServers(servers: readonly AskedServer[], name: string, type: string, signal: AbortSignal): Promise<readonly DnsObservation[]>;
  /** Asks every server at the same time for the addresses of a name; null where none answers with authority for it. */
  askAddresses(name: string, servers: readonly AskedServer[], signal: AbortSignal): Promise<ToldAddresses | null>;
  /** The addresses of a name as the system resolves it, or a resolver in its place, sorted; empty where none is found. */
  resolve(name: string, signal: AbortSignal, resolver?: string): Promise<readonly string[]>;
  /** CAA of exactly this name (no climbing), as the system resolves it, or a resolver in its place; null where nobody says. */
  resolveCaa(name: string, signal: AbortSignal, resolver?: string): Promise<readonly CaaRecord[] | null>;
  /**
   * Whether the system's resolver, or one in its place, validates and finds that what is said of a name must not be believed (RFC 4035
   * §4.3); false also where nobody says, or it does not validate.
   */
  isBogus(name: string, signal: AbortSignal, resolver?: string): Promise<boolean>;
  /** Asks every address for a proof, along its redirects; never throws for what the world answers. */
  askForProof(ask: HttpProofAsk, signal: AbortSignal): Promise<readonly HttpProofAnswer[]>;
  /** Asks every address for a proof in a handshake; never throws for what the world answers. */
  askInHandshake(ask: HandshakeProofAsk, signal: AbortSignal): Promise<readonly HandshakeProofAnswer[]>;
  /** Reads the certificates that a server presents, and sends it nothing; never throws for what the world answers. */
  readChain(ask: ChainAsk, signal: AbortSignal): Promise<ChainAnswer>;
  /** Connects to every address as a user of the hostname would; never throws for what the world answers. */
  probeEndpoint(probe: EndpointProbe, signal: AbortSignal): Promise<readonly EndpointObservation[]>;
}
