import { causeChain } from '@hostmaster/core/errors';
import { readCertificate } from '@hostmaster/core/pki/certificate';
import { describeCertificate } from '@hostmaster/core/pki/describe-certificate';
import type { Authority, OcspDelegation, OcspSigner } from '@hostmaster/core/pki/issuer';
import type { OcspBatch, OcspTimes } from '@hostmaster/core/pki/ocsp-response';
import { ocspValidity } from '@hostmaster/core/pki/ocsp-validity';
import { isRenewalDue } from '@hostmaster/core/pki/renewal';
import { transact } from '@hostmaster/db/transaction';
import { audit } from '../audit/write.ts';
import type { WorkerCtx } from '../context.ts';

type Signing = Pick<WorkerCtx, 'actor' | 'db' | 'clock' | 'log'>;
type Issuer = { readonly id: string; readonly slug: string };

/**
 * What signs the OCSP responses of an issuer now, with a signer that is made when one is first needed and anew when two thirds of its
 * time are over; null where the issuer has none. Errors: key-unreadable, issuer-refused (its certificate would break a rule).
 */
export async function openOcspSigner(
  ctx: Signing,
  issuer: Issuer,
  authority: Authority,
): Promise<{ readonly times: OcspTimes; readonly sign: OcspBatch } | null> {
  const { ocsp } = authority;
  if (ocsp === null) return null;
  const now = ctx.clock.now();
  const stored = await read(ctx, issuer);
  const signer = stored === null || isDue(stored, authority, now) ? await renew(ctx, issuer, ocsp, stored) : stored;
  const times = ocspValidity(now, readCertificate(signer.certificate).notAfter);
  return { times, sign: ocsp.open(signer)(times) };
}

async function read({ db }: Signing, { id }: Issuer): Promise<OcspSigner | null> {
  const row = await db.ocspSigner.findUnique({ where: { issuerId: id } });
  return row === null ? null : { certificate: row.certificate, key: { keyId: row.keyId, ciphertext: row.keyCiphertext } };
}

/** One that lasts as long as its CA does has no successor. */
function isDue({ certificate }: OcspSigner, { certificate: own }: Authority, now: Date): boolean {
  const validity = readCertificate(certificate);
  return isRenewalDue(validity, now) && validity.notAfter < readCertificate(own).notAfter;
}

/** Of several workers that make one, the first one's counts. One that cannot be made is made later, while there is another. */
async function renew(ctx: Signing, issuer: Issuer, ocsp: OcspDelegation, stored: OcspSigner | null): Promise<OcspSigner> {
  try {
    await store(ctx, issuer, await ocsp.createSigner(), stored);
    return (await read(ctx, issuer)) ?? never(issuer);
  } catch (error) {
    if (stored === null || readCertificate(stored.certificate).notAfter <= ctx.clock.now()) throw error;
    ctx.log.warn({ issuer: issuer.slug, causes: causeChain(error) }, 'No new OCSP signer could be made; it is tried again.');
    return stored;
  }
}

const never = ({ slug }: Issuer): never => {
  throw new TypeError(`unreachable: the OCSP signer of ${slug} was stored`);
};

const store = (ctx: Signing, issuer: Issuer, made: OcspSigner, before: OcspSigner | null): Promise<void> =>
  transact(ctx.db, async (tx) => {
    const certificate = Buffer.from(made.certificate);
    const data = { certificate, keyId: made.key.keyId, keyCiphertext: Buffer.from(made.key.ciphertext) };
    const { count } =
      before === null
        ? await tx.ocspSigner.createMany({ data: { issuerId: issuer.id, ...data }, skipDuplicates: true })
        : await tx.ocspSigner.updateMany({ where: { issuerId: issuer.id, certificate: Buffer.from(before.certificate) }, data });
    if (count === 0) return;
    const { serial, fingerprint, notAfter } = describeCertificate(certificate);
    const told = { serial, fingerprint, notAfter: notAfter.toISOString() };
    await audit(tx, ctx, 'issuer.delegate-ocsp', { id: issuer.id, name: issuer.slug }, told);
  });
