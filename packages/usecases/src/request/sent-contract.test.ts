import { endpointContract } from '@hostmaster/core/contract/endpoint';
import { toPem } from '@hostmaster/core/pki/chain';
import { askedOf } from '@hostmaster/core/policy/asked';
import { expect, it } from 'vitest';
import { csrViolations } from './sent-contract.ts';

const contract = { hostname: 'a.example.test', team: 'orders', target: { addresses: ['93.184.216.34'] } };
const reasonsOf = (csr: string) => {
  const sent = endpointContract.parse({ ...contract, tls: { csr } });
  return csrViolations(askedOf({ kind: 'create', contract: sent, actorTeam: 'orders', now: new Date(0) }), true).map(
    ({ reason }) => reason,
  );
};

it.each([
  ['no PEM', 'AAAA'],
  ['no DER', toPem(new Uint8Array([0, 0, 0]), 'CERTIFICATE REQUEST')],
  ['no request', toPem(new Uint8Array([5, 0]), 'CERTIFICATE REQUEST')],
  ['something else', toPem(new Uint8Array([5, 0]), 'CERTIFICATE')],
])('what is wrong with a certificate request says what it is said of: %s', (_, csr) => {
  const reasons = reasonsOf(csr);
  expect(reasons.length).toBeGreaterThan(0);
  for (const reason of reasons) expect(reason).toMatch(/^The certificate request (?:is not acceptable: |cannot be read\. [A-Z])/);
});
