// What a certificate points to (RFC 5280, sections 4.2.1.13 and 4.2.2.1): issuing certificates and CRLs, plain HTTP GET,
// without a sign-in, because whoever verifies a certificate is not one of our users.
import { X509Certificate } from 'node:crypto';
import { completeList } from '@hostmaster/core/pki/crl-shard';
import { sourcesBrought } from '@hostmaster/core/pki/source-traits';
import { publishedList } from '@hostmaster/db/revocation-list';
import type { Ctx } from '../context.ts';
import { bundlePem, knownAnchors, pemBlocks } from './anchors.ts';
import { trustAnchorOf, trustStores } from './trust-stores.ts';

export type PkiFile = { readonly contentType: string; readonly body: Uint8Array<ArrayBuffer>; readonly seconds: number };

const hour = 3600;

/**
 * `<issuer>.cer` (DER), `<issuer>.crl` (DER), `<issuer>.<shard>.crl` (DER), `<issuer>.pem` (its chain), `hostmaster-<digits>.crt`
 * (PEM of one root, by its fingerprint), `root.pem` (every root that is trusted and has not expired, as are the trust stores); null for anything else.
 */
export async function readPkiFile({ db, clock }: Pick<Ctx, 'db' | 'clock'>, file: string): Promise<PkiFile | null> {
  if (file === 'root.pem') return roots({ db, clock });
  if (Object.hasOwn(trustStores, file)) return trustStore({ db, clock }, file);
  const [, anchor] = /^(hostmaster-[0-9a-f]{8})\.crt$/.exec(file) ?? [];
  if (anchor !== undefined) return oneRoot({ db, clock }, anchor);
  const [, slug, list, extension] = /^([a-z0-9-]{1,63})(?:\.([1-9]\d?))?\.(cer|crl|pem)$/.exec(file) ?? [];
  if (slug === undefined || (list !== undefined && extension !== 'crl')) return null;
  if (extension === 'crl') {
    const body = await publishedList(db, slug, list === undefined ? completeList : Number(list));
    return body === null ? null : { contentType: 'application/pkix-crl', body, seconds: 600 };
  }
  const issuer = await db.issuer.findFirst({ where: { slug, kind: { notIn: [...sourcesBrought] } }, select: { chainPem: true } });
  if (issuer === null) return null;
  const [own] = pemBlocks(issuer.chainPem);
  if (own === undefined) return null;
  return extension === 'cer'
    ? { contentType: 'application/pkix-cert', body: Uint8Array.from(new X509Certificate(own).raw), seconds: hour }
    : { contentType: 'application/pem-certificate-chain', body: Uint8Array.from(Buffer.from(issuer.chainPem)), seconds: hour };
}

async function roots(ctx: Pick<Ctx, 'db' | 'clock'>): Promise<PkiFile | null> {
  const bundle = bundlePem(await knownAnchors(ctx));
  return bundle === null ? null : { contentType: 'application/x-pem-file', body: Uint8Array.from(Buffer.from(bundle)), seconds: hour };
}

async function trustStore(ctx: Pick<Ctx, 'db' | 'clock'>, file: string): Promise<PkiFile | null> {
  const store = trustStores[file];
  const anchors = await knownAnchors(ctx);
  if (store === undefined || anchors.length === 0) return null;
  return { contentType: store.contentType, body: Uint8Array.from(store.make(anchors.map(trustAnchorOf))), seconds: hour };
}

/** Several programs take one certificate a file. */
async function oneRoot(ctx: Pick<Ctx, 'db' | 'clock'>, alias: string): Promise<PkiFile | null> {
  const pem = (await knownAnchors(ctx)).find((anchor) => trustAnchorOf(anchor).alias === alias);
  if (pem === undefined) return null;
  return { contentType: 'application/x-pem-file', body: Uint8Array.from(Buffer.from(`${pem}\n`)), seconds: hour };
}
