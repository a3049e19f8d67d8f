// What is wrong with a connection, in the words of the house. Node and OpenSSL say it in texts of their own, made for whoever
// reads their source; those stay in the log.
import { HostmasterError } from '@hostmaster/core/errors';
import { connectionRefused } from '@hostmaster/core/probe/prober';

const byCode: Readonly<Record<string, string>> = {
  ECONNREFUSED: connectionRefused,
  ECONNRESET: 'the connection was closed from there',
  EPIPE: 'the connection was closed from there',
  EHOSTUNREACH: 'there is no route to the address',
  ENETUNREACH: 'there is no route to the network of the address',
  EADDRNOTAVAIL: 'there is no route to the address from here',
  ETIMEDOUT: 'no connection came about in time',
  EACCES: 'this machine may not connect there',
  ERR_SSL_WRONG_VERSION_NUMBER: 'what answers does not speak TLS',
  ERR_SSL_PACKET_LENGTH_TOO_LONG: 'what answers does not speak TLS',
  ERR_SSL_HTTP_REQUEST: 'what answers does not speak TLS',
  ERR_SSL_UNSUPPORTED_PROTOCOL: 'it speaks no version of TLS from 1.2 on',
  ERR_SSL_UNEXPECTED_EOF_WHILE_READING: 'the connection was closed during the handshake',
  ERR_SSL_DH_KEY_TOO_SMALL: 'its Diffie-Hellman key is too short',
  ERR_SSL_EE_KEY_TOO_SMALL: 'the key of its certificate is too short',
};

/** Alerts of RFC 8446 §6 (and RFC 5246 §7.2) that a server ends a handshake with, by number. */
const alerts: Readonly<Record<number, readonly [name: string, words: string]>> = {
  40: ['handshake_failure', 'it has nothing to offer that this client takes'],
  42: ['bad_certificate', 'it did not take the certificate of the client'],
  43: ['unsupported_certificate', 'it did not take the certificate of the client'],
  47: ['illegal_parameter', 'it did not understand the client'],
  48: ['unknown_ca', 'it does not know the CA of the client'],
  49: ['access_denied', 'it does not let this client in'],
  50: ['decode_error', 'it did not understand the client'],
  70: ['protocol_version', 'it speaks no version of TLS from 1.2 on'],
  71: ['insufficient_security', 'it asks for stronger ciphers'],
  80: ['internal_error', 'it met a fault of its own'],
  86: ['inappropriate_fallback', 'it did not take the version of TLS'],
  90: ['user_canceled', 'it gave the handshake up'],
  112: ['unrecognized_name', 'it has no certificate for this name'],
  113: ['bad_certificate_status_response', 'it did not take the certificate of the client'],
  116: ['certificate_required', 'it asks clients for a certificate'],
  // What it does not speak, whoever asked knows.
  120: ['no_application_protocol', 'it does not speak'],
};

/** Verifications that fail, by the code that Node gives them (node:tls, X509 certificate error codes). */
const byVerification: Readonly<Record<string, string>> = {
  CERT_HAS_EXPIRED: 'a certificate in it has expired',
  CERT_NOT_YET_VALID: 'a certificate in it is not valid yet',
  CERT_REVOKED: 'a certificate in it was revoked',
  CERT_REJECTED: 'a CA in it may not sign for this',
  CERT_SIGNATURE_FAILURE: 'a signature in it is wrong',
  CERT_UNTRUSTED: 'its root is not trusted',
  CERT_CHAIN_TOO_LONG: 'it is too long',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'the certificate is self-signed',
  SELF_SIGNED_CERT_IN_CHAIN: 'its root is not trusted',
  ERR_TLS_CERT_ALTNAME_INVALID: 'the certificate is for other names',
  HOSTNAME_MISMATCH: 'the certificate is for other names',
  INVALID_CA: 'a certificate in it is no CA',
  INVALID_PURPOSE: 'the certificate is not made for servers',
  PATH_LENGTH_EXCEEDED: 'a CA in it may not have this one below it',
  UNABLE_TO_GET_ISSUER_CERT: 'its root is not trusted, or an intermediate is missing',
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: 'its root is not trusted, or an intermediate is missing',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'its intermediate is missing, or its root is not trusted',
};

export type Told = {
  readonly words: string;
  /** Whether the words say all that is known; otherwise the log has to. */
  readonly plain: boolean;
};
const told = (words: string): Told => ({ words, plain: true });
const inLog = (words: string): Told => ({ words: `${words}; the log of the worker says how`, plain: false });

/** What a layer threw. @param spoken what was asked for (ALPN) */
export function tellFault(error: unknown, spoken = 'HTTP/1.1'): Told {
  if (!(error instanceof Error)) return told('it was given up');
  // Ours, and so is what has no code of Node's.
  if (error instanceof HostmasterError || !('code' in error)) return told(error.message.slice(0, 300));
  const code = String(error.code);
  const alert = Number(/\bSSL alert number (\d{1,3})\b/.exec(error.message)?.[1]);
  const [name, words] = alerts[alert] ?? [];
  if (name !== undefined) return told(`it ended the handshake: ${words}${alert === 120 ? ` ${spoken}` : ''} (TLS alert ${name})`);
  const known = byCode[code];
  if (known !== undefined) return told(known);
  return inLog(code === 'EPROTO' || code.startsWith('ERR_SSL') ? 'the TLS handshake failed' : 'the connection failed');
}

/** Why a chain does not verify. @param code of Node, or what our own check found, in words */
export function tellVerification(code: string): Told {
  const known = byVerification[code];
  if (known !== undefined) return told(known);
  return /^[A-Z0-9_]+$/.test(code) ? inLog('it does not verify') : told(code);
}
