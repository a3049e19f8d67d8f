import { randomUUID } from 'node:crypto';
import type { Ground } from './ground.ts';

/** A certificate of the ground's endpoint, as a row. @returns its id */
export async function makeCertificate({ db, teamId, endpointId }: Pick<Ground, 'db' | 'teamId' | 'endpointId'>): Promise<string> {
  const slug = randomUUID();
  const issuer = await db.issuer.create({ data: { slug, kind: 'internal-ca', name: 'x', chainPem: '', permittedSuffixes: [] } });
  const of = { endpointId, issuerId: issuer.id, names: ['orders.example.test'], keyAlgorithm: 'ecdsa-p256' };
  const order = await db.certificateOrder.create({ data: { ...of, teamId, csr: Buffer.from('x'), keyLabel: slug, resume: {} } });
  const ends = new Date('2036-01-01T00:00:00Z');
  const validity = { notBefore: new Date('2026-01-01T00:00:00Z'), notAfter: ends, renewAfter: ends };
  const { id } = await db.certificate.create({
    data: { ...of, ...validity, orderId: order.id, serial: slug, chainPem: '', fingerprint: slug, state: 'served' },
  });
  return id;
}
