import { HostmasterError } from '@hostmaster/core/errors';
import { describe, expect, it } from 'vitest';
import { createEndpointProber } from './endpoint.ts';
import { tellFault, tellVerification } from './fault-words.ts';

const foreign = (code: string, message: string) => Object.assign(new Error(message), { code });
const raw = (reason: string, alert = '') =>
  `00BE51F4:error:0A000438:SSL routines:ssl3_read_bytes:${reason}:../deps/openssl/ssl/record/rec_layer_s3.c:1605:${alert}\n`;

describe('a fault of a connection is told in words of ours', () => {
  it.each([
    [
      foreign('ERR_SSL_TLSV1_ALERT_INTERNAL_ERROR', raw('tlsv1 alert internal error', 'SSL alert number 80')),
      /\(TLS alert internal_error\)$/,
    ],
    [foreign('EPROTO', raw('sslv3 alert handshake failure', 'SSL alert number 40')), /\(TLS alert handshake_failure\)$/],
    [foreign('ERR_SSL_WRONG_VERSION_NUMBER', raw('wrong version number')), /^what answers does not speak TLS$/],
    [foreign('ERR_SSL_SOMETHING_NEW', raw('something new')), /^the TLS handshake failed; the log of the worker says how$/],
    [foreign('ERR_SSL_TLSV1_ALERT_NEW', raw('new', 'SSL alert number 199')), /^the TLS handshake failed; the log/],
    [foreign('ESOMETHING', 'connect ESOMETHING 10.0.0.1:443'), /^the connection failed; the log/],
    [foreign('ECONNREFUSED', 'connect ECONNREFUSED 10.0.0.1:443'), /^connection refused$/],
    [new HostmasterError('address-forbidden', '10.0.0.1 may not be reached.'), /^10\.0\.0\.1 may not be reached\.$/],
    [new Error('no answer within 400 ms'), /^no answer within 400 ms$/],
    ['a text', /^it was given up$/],
  ])('%#: %s', (error, words) => {
    expect(tellFault(error).words).toMatch(words);
    expect(tellFault(error).words).not.toMatch(/error:|routines|openssl|[A-Z]{4,}_/);
  });

  it.each([
    ['CERT_HAS_EXPIRED', 'a certificate in it has expired'],
    ['SOME_CODE_OF_OPENSSL', 'it does not verify; the log of the worker says how'],
    ['name constraints of an issuer exclude orders.example.com', 'name constraints of an issuer exclude orders.example.com'],
  ])('why a chain does not verify: %s', (code, words) => expect(tellVerification(code).words).toBe(words));
});

it('what no words say is handed to the log as it was said', async () => {
  const said = foreign('ERR_SSL_SOMETHING_NEW', raw('something new'));
  const heard: unknown[] = [];
  const guard = { checkAddress: () => undefined, guardedConnect: () => Promise.reject(said) };
  const prober = createEndpointProber({ guard, onForeignFault: (fault) => heard.push(fault) });
  const probe = {
    hostname: 'a.example.test',
    port: 443,
    ports: { servedPort: 443, allowedPorts: [] },
    addresses: ['192.0.2.1'],
    tls: true,
    healthPath: '/',
    trustAnchors: [],
    allowedRanges: [],
  };
  const [seen] = await prober.probeEndpoint(probe, AbortSignal.timeout(60_000));
  expect(heard).toEqual([{ hostname: 'a.example.test', address: '192.0.2.1', said }]);
  expect(seen?.error).toBe('the TLS handshake failed; the log of the worker says how');
});
