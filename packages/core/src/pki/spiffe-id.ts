// Identities of workloads as certificates hold them (SPIFFE ID §2, X.509-SVID §2).

/** A SPIFFE ID that can stand in a certificate (SPIFFE ID §2): at most 2,048 octets, no port, no query, no empty segment and no dots alone. */
const spiffe = /^spiffe:\/\/([a-z0-9._-]{1,255})((?:\/(?!\.{1,2}(?:\/|$))[A-Za-z0-9._-]+)+)$/;
export const maxSpiffeId = 2048;

/** The trust domain and the path of a SPIFFE ID; null for what is none, or names a trust domain alone, which only a CA does. */
export function parseSpiffeId(text: string): { readonly trustDomain: string; readonly path: string } | null {
  const [, trustDomain, path] = text.length > maxSpiffeId ? [] : (spiffe.exec(text) ?? []);
  return trustDomain === undefined || path === undefined ? null : { trustDomain, path };
}

export const isSpiffeId = (text: string): boolean => parseSpiffeId(text) !== null;
