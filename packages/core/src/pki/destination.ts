// The boundary to whatever ends TLS for a hostname, and what a kind of it that can be connected says of itself.
import type { z } from 'zod';
import type { Clock } from '../clock.ts';
import type { ConnectionCheck } from '../connection-check.ts';
import type { SettingsDescriptor } from '../descriptor.ts';
import { HostmasterError } from '../errors.ts';

export type Delivery = {
  readonly hostname: string;
  /** Leaf first, the root left out. */
  readonly fullchainPem: string;
  /** PKCS#8. */
  readonly privateKeyPem: string;
};

/** What something is called at a destination that calls it otherwise than by its hostname. */
export type DeliveredAs = {
  /** Stays when the certificate is renewed, so that whatever serves it is told it once: an ARN, the address of a secret. */
  readonly reference: string;
  /** What the destination says uses it, by its own names; empty where it says nothing of that. */
  readonly usedBy: readonly string[];
};

export interface CertificateDestination {
  /**
   * SHA-256 of the leaf that it holds for the hostname, lower-case hex; null where it holds none that can be read. Errors: delivery-failed
   * where it cannot be asked.
   */
  held(hostname: string): Promise<string | null>;
  /** Puts key and chain in place together, or leaves what was there. Errors: delivery-failed, with where and what mends it. */
  deliver(delivery: Delivery): Promise<void>;
  /** Takes a hostname's certificate and key away; nothing happens where there is none. Errors: delivery-failed, as far as it came. */
  withdraw(hostname: string): Promise<void>;
  /** What it holds for the hostname is called so there; null where it holds nothing. Left out where the hostname says it. Errors: delivery-failed. */
  calledThere?(hostname: string): Promise<DeliveredAs | null>;
}

/** Whether it is a host name in lower-case A-labels, or the wildcard of one: nothing else leads to a place of its own. */
export function isDeliverable(hostname: string): boolean {
  const base = hostname.startsWith('*.') ? hostname.slice(2) : hostname;
  return hostname.length <= 253 && base.split('.').every((label) => /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/.test(label));
}

/** Errors: invalid-input. */
export function requireDeliverable(hostname: string): void {
  if (!isDeliverable(hostname))
    throw new HostmasterError('invalid-input', 'A certificate can only be delivered for a host name in lower-case A-labels.');
}

export type DestinationConnection<Settings> = {
  /** Its short name, for messages. */
  readonly slug: string;
  readonly settings: Settings;
  /** What lets Hostmaster in there. */
  readonly secret: Uint8Array;
};

/** What "Test connection" asks of what a kind has opened for it, which nobody else looks into. */
export type DestinationCheck<Settings = Readonly<Record<string, unknown>>, Tested = unknown> = ConnectionCheck<
  Tested,
  { readonly settings: Settings }
>;

/** All that a kind of destination says of itself to processes that open none. */
export type DestinationDescription<Settings extends z.ZodObject = z.ZodObject> = SettingsDescriptor<Settings> & {
  readonly checks: readonly DestinationCheck<z.output<Settings>>[];
  /** The settings that say which one it is: what was delivered is there and nowhere else, so they stay while anything is. */
  readonly identifiedBy: readonly (keyof z.output<Settings> & string)[];
  /** The namespace of what names none; null where the kind has no such thing. */
  defaultNamespace(settings: z.output<Settings>): string | null;
};
export type DestinationKinds = ReadonlyMap<string, DestinationDescription>;

/** What one kind says of itself, and the way in. `Deps`: what the process must have to open one. */
export type DestinationDescriptor<Deps, Settings extends z.ZodObject = z.ZodObject> = DestinationDescription<Settings> & {
  /** Opens no connection yet. @returns what holds the certificates of a namespace */
  open(
    connection: DestinationConnection<z.output<Settings>>,
    deps: Deps & { readonly clock: Clock },
  ): (namespace: string) => CertificateDestination;
  /** What its checks are given. Opens no connection yet. */
  openTest(connection: DestinationConnection<z.output<Settings>>, deps: Deps & { readonly clock: Clock }): unknown;
};
