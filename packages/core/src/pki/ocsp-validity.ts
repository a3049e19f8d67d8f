// How long an OCSP response holds and when the next one is signed. A client may keep one, and whoever stands between may play it back,
// until its end; a worker that is away for less than half of that is missed by nobody.
import { day } from '../duration.ts';
import type { OcspTimes } from './ocsp-response.ts';
import { backdated } from './profile.ts';

const validDays = 4;

/** Of responses that are signed now; never past the end of their signer's certificate, which clients look at too. */
export function ocspValidity(now: Date, signerEnds: Date): OcspTimes {
  const thisUpdate = backdated(now);
  const nextUpdate = new Date(Math.min(thisUpdate.getTime() + validDays * day, signerEnds.getTime()));
  return { producedAt: now, thisUpdate, nextUpdate };
}

/** When those that hold for these times are replaced. Once the certificate has ended nobody is answered any more. */
export function ocspRefreshAt({ thisUpdate, nextUpdate }: OcspTimes, certificateEnds: Date): Date {
  return new Date(Math.min((thisUpdate.getTime() + nextUpdate.getTime()) / 2, certificateEnds.getTime()));
}
