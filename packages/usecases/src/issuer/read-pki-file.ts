// What a certificate points to (RFC 5280, sections 4.2.1.13 and 4.2.2.1): issuing certificates and CRLs, plain HTTP GET,
// without a sign-in, because whoever verifies a certificate is not one of our users.
import { X509Certificate } from 'node:crypto';
import { completeList } from '@hostmaster/core/pki/crl-shard';
import { publishedList } from '@hostmaster/db/revocation-list';
import type { Ctx } from '../context.ts';
import { knownAnchors, pemBlocks } from './anchors.ts';

export type PkiFile = { readonly contentType: string; readonly body: Uint8Array<ArrayBuffer>; readonly seconds: number };

const hour = 3600;

/**
 * `<issuer>.cer` (DER), `<issuer>.crl` (DER), `<issuer>.<shard>.crl` (DER), `<issuer>.pem` (its chain), `root.pem` (every root that has
 * not expired); null for anything else.
 */
export async function readPkiFile({ db, clock }: Pick<Ctx, 'db' | 'clock'>, file: string): Promise<PkiFile | null> {
  if (file === 'root.pem') return roots({ db, clock });
  const [, slug, list, extension] = /^([a-z0-9-]{1,63})(?:\.([1-9]\d?))?\.(cer|crl|pem)$/.exec(file) ?? [];
  if (slug === undefined || (list !== undefined && extension !== 'crl')) return null;
  if (extension === 'crl') {
    const body = await publishedList(db, slug, list === undefined ? completeList : Number(list));
    return body === null ? null : { contentType: 'application/pkix-crl', body, seconds: 600 };
  }
  const issuer = await db.issuer.findUnique({ where: { slug }, select: { chainPem: true } });
  if (issuer === null) return null;
  const [own] = pemBlocks(issuer.chainPem);
  if (own === undefined) return null;
  return extension === 'cer'
    ? { contentType: 'application/pkix-cert', body: Uint8Array.from(new X509Certificate(own).raw), seconds: hour }
    : { contentType: 'application/pem-certificate-chain', body: Uint8Array.from(Buffer.from(issuer.chainPem)), seconds: hour };
}

async function roots(ctx: Pick<Ctx, 'db' | 'clock'>): Promise<PkiFile | null> {
  const anchors = await knownAnchors(ctx);
  if (anchors.length === 0) return null;
  return { contentType: 'application/x-pem-file', body: Uint8Array.from(Buffer.from(`${anchors.join('\n')}\n`)), seconds: hour };
}
