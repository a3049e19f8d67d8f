import { generateKeyPairSync, randomBytes, randomUUID } from 'node:crypto';
import type { Clock } from '@hostmaster/core/clock';
import { day } from '@hostmaster/core/duration';
import { rootTbs, signStructure } from '@hostmaster/core/pki/build-certificate';
import { chainToPem } from '@hostmaster/core/pki/chain';
import { renewalDueAt } from '@hostmaster/core/pki/renewal';
import { newSerial } from '@hostmaster/core/pki/serial';
import { signerFor } from '@hostmaster/core/pki/signer';
import { testAuthority } from '@hostmaster/core/pki/testing/authority';
import type { Db } from '@hostmaster/db/client';

type CertificateOptions = {
  readonly endpoint: { readonly id: string; readonly hostname: string };
  readonly notBefore?: Date;
  readonly notAfter?: Date;
  readonly state?: 'issued' | 'served' | 'superseded' | 'revoked';
  readonly serial?: string;
};

/** Some certificate, signed by itself. */
async function anyChain(): Promise<string> {
  const signer = signerFor(generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey);
  const validity = { notBefore: new Date('2026-01-01T00:00:00Z'), notAfter: new Date('2027-01-01T00:00:00Z') };
  const draft = { serial: newSerial(), ...validity, spki: signer.spki, commonName: 'Any', organisation: 'Example' };
  return chainToPem([await signStructure(rootTbs(draft, signer.algorithm), signer)]);
}

export function certificatesOn(db: Db, clock: Clock) {
  let issuerId: Promise<string> | undefined;
  async function makeIssuer(): Promise<string> {
    const { intermediate } = await testAuthority(['test'], clock.now());
    const own = { slug: 'internal-ca', kind: 'internal-ca', name: 'Internal CA', chainPem: chainToPem([intermediate]) };
    return (await db.issuer.create({ data: { ...own, permittedSuffixes: ['test'], profile: 'server' } })).id;
  }
  const issuer = (): Promise<string> => {
    issuerId ??= makeIssuer();
    return issuerId;
  };

  /** Certificates as rows; the bytes behind all of them are those of one that has nothing to do with them. */
  async function certificates(wanted: readonly CertificateOptions[]): Promise<string[]> {
    const now = clock.now();
    const by = await issuer();
    const chainPem = await anyChain();
    const rows = wanted.map(({ endpoint: of, notBefore = now, notAfter, state = 'served', serial }) => {
      const validity = { notBefore, notAfter: notAfter ?? new Date(notBefore.getTime() + 90 * day - 1000) };
      return {
        orderId: randomUUID(),
        endpointId: of.id,
        issuerId: by,
        state,
        names: [of.hostname],
        serial: serial ?? newSerial(),
        keyAlgorithm: 'ecdsa-p256',
        ...validity,
        renewAfter: renewalDueAt(validity),
        chainPem,
        fingerprint: randomBytes(32).toString('hex'),
        issuedAt: notBefore,
      };
    });
    const teams = await db.endpoint.findMany({
      where: { id: { in: rows.map(({ endpointId }) => endpointId) } },
      select: { id: true, teamId: true },
    });
    const teamOf = new Map(teams.map(({ id, teamId }) => [id, teamId]));
    await db.certificateOrder.createMany({
      data: rows.map(({ orderId: id, endpointId, issuerId, names, keyAlgorithm, issuedAt }) => ({
        ...{
          id,
          endpointId,
          teamId: teamOf.get(endpointId) ?? '',
          issuerId,
          names,
          keyAlgorithm,
          csr: Buffer.from('csr'),
          keyLabel: id,
          resume: {},
        },
        ...{ state: 'issued', createdAt: issuedAt, closedAt: issuedAt },
      })),
    });
    await db.certificate.createMany({ data: rows });
    return rows.map(({ serial }) => serial);
  }

  return { certificates };
}
