// What whoever shall trust our certificates must know. Without a sign-in, as the files that certificates point to.
import { X509Certificate } from 'node:crypto';
import { visibleWords } from '@hostmaster/core/foreign-words';
import { signingValidity } from '@hostmaster/core/pki/succession';
import { newestFirst, signing, withRoot } from '../certificate/choose-issuer.ts';
import type { Ctx } from '../context.ts';
import { anchorOf, knownAnchors, pemBlocks } from './anchors.ts';
import { trustAnchorOf } from './trust-stores.ts';

export type Trust = {
  readonly roots: readonly {
    /** By which stores and files name it. */
    readonly alias: string;
    /** One line, as RFC 4514 writes it, the most specific first. */
    readonly subject: string;
    /** SHA-256, upper-case hex with colons, as OpenSSL and browsers show it. */
    readonly fingerprint: string;
    readonly notAfter: Date;
  }[];
  /** Where the files are fetched in plain http, as our certificates say; null where none says so yet. */
  readonly address: string | null;
  /** Of each root that has signed one: an issuing CA that a host which trusts the root accepts now, to try on. */
  readonly samples: readonly string[];
};

/** The roots that count now, the oldest first. */
export async function readTrust({ db, clock }: Pick<Ctx, 'db' | 'clock'>): Promise<Trust> {
  const anchors = await knownAnchors({ db, clock });
  const rows = await db.issuer.findMany({
    where: { kind: 'internal-ca' },
    orderBy: newestFirst,
    select: { slug: true, chainPem: true, revokedAt: true, ...withRoot },
  });
  const usable = signing(rows).flatMap(({ slug, chainPem }) => {
    const anchor = (signingValidity(chainPem)?.notAfter ?? clock.now()) > clock.now() ? anchorOf(chainPem, anchors) : null;
    return anchor === null ? [] : [{ slug, chainPem, anchor }];
  });
  const speaks = usable[0] ?? rows[0];
  return {
    roots: anchors.map((pem) => {
      const { subject, fingerprint256, validTo } = new X509Certificate(pem);
      const { alias } = trustAnchorOf(pem);
      return {
        alias,
        subject: subject.split('\n').reverse().map(visibleWords).join(', '),
        fingerprint: fingerprint256,
        notAfter: new Date(validTo),
      };
    }),
    address: speaks === undefined ? null : addressIn(speaks.chainPem),
    samples: anchors.flatMap((pem) => usable.find(({ anchor }) => anchor === pem)?.slug ?? []),
  };
}

/** Where a certificate says that the one above it is found (RFC 5280 §4.2.2.1), without the name of the file. */
function addressIn(chainPem: string): string | null {
  const [own] = pemBlocks(chainPem);
  const [, url] = /^CA Issuers - URI:(http:\S+)$/m.exec(own === undefined ? '' : (new X509Certificate(own).infoAccess ?? '')) ?? [];
  return url === undefined ? null : new URL('.', url).href.replace(/\/$/, '');
}
