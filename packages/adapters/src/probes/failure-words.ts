// What a failed connection means for whoever reads the finding. What Node and OpenSSL say of it names their own source lines.
const words: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'nothing listens there (connection refused)',
  ECONNRESET: 'the other side broke the connection off',
  EPIPE: 'the other side broke the connection off',
  EHOSTUNREACH: 'there is no route to it',
  ENETUNREACH: 'there is no route to it',
  ETIMEDOUT: 'it does not answer',
  ERR_SSL_WRONG_VERSION_NUMBER: 'it does not speak TLS on that port',
  ERR_SSL_PACKET_LENGTH_TOO_LONG: 'it does not speak TLS on that port',
  ERR_SSL_HTTP_REQUEST: 'it does not speak TLS on that port',
  ERR_SSL_UNSUPPORTED_PROTOCOL: 'it offers no TLS 1.2 or newer',
  ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION: 'it offers no TLS 1.2 or newer',
  ERR_SSL_TLSV1_UNRECOGNIZED_NAME: 'it has no certificate for the name yet (TLS alert unrecognized_name)',
  ERR_SSL_TLSV1_ALERT_UNRECOGNIZED_NAME: 'it has no certificate for the name yet (TLS alert unrecognized_name)',
  ERR_SSL_SSLV3_ALERT_HANDSHAKE_FAILURE: 'it refuses the handshake: no certificate for the name yet, or no cipher in common',
  'ERR_SSL_SSL/TLS_ALERT_HANDSHAKE_FAILURE': 'it refuses the handshake: no certificate for the name yet, or no cipher in common',
  ERR_SSL_TLSV1_ALERT_INTERNAL_ERROR: 'it ends the handshake with an error of its own, as servers without a certificate for the name do',
  ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED: 'it wants a client certificate',
};

/** Why an address did not answer, in words; of what has none here, the code and the message. */
export function failureWords(error: unknown): string {
  if (!(error instanceof Error)) return 'it was given up';
  const { code } = error as NodeJS.ErrnoException;
  const known = code === undefined ? undefined : words[code];
  if (known !== undefined) return known;
  // OpenSSL: thread:error:number:library:function:reason:file:line: and on.
  const [, reason] = /:error:[0-9A-F]+:[^:]*:[^:]*:([^:]+):/.exec(error.message) ?? [];
  return reason === undefined ? error.message.slice(0, 300) : `the TLS handshake failed: ${reason}`;
}
