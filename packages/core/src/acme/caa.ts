// Certification Authority Authorization (RFC 8659) with its parameters for ACME (RFC 8657): whether a CA will find itself forbidden to
// sign for a name. Asked before an order is placed, so that whoever keeps the zone is told what to write there.

export type CaaRecord = { readonly critical: boolean; readonly tag: string; readonly value: string };

/** Who asks for a certificate, and of whom. */
export type CaaAsker = {
  /** Domain names by which CAA records name the CA. */
  readonly identities: readonly string[];
  /** Address of the account that orders. */
  readonly accountUri: string;
  readonly method: string;
};

/** Tags that are understood: a critical record of another one forbids (RFC 8659 §4.1). */
const known = new Set(['issue', 'issuewild', 'iodef', 'issuemail', 'issuevmc', 'contactemail', 'contactphone']);

/**
 * Why the CA must not sign, by the set that counts for a name: its own, or the first one above it that has any (RFC 8659 §3).
 * Null: it may, or it does not say by what name it goes.
 */
export function caaFault(records: readonly CaaRecord[], wildcard: boolean, asker: CaaAsker): string | null {
  if (records.length === 0 || asker.identities.length === 0) return null;
  const tagged = records.map((record) => ({ ...record, tag: record.tag.toLowerCase() }));
  const unknown = tagged.find(({ critical, tag }) => critical && !known.has(tag));
  if (unknown !== undefined) return `a critical record has the tag ${unknown.tag}, which no CA may pass over`;
  const ofWildcards = tagged.filter(({ tag }) => tag === 'issuewild');
  const counting = wildcard && ofWildcards.length > 0 ? ofWildcards : tagged.filter(({ tag }) => tag === 'issue');
  if (counting.length === 0) return null;
  const faults = counting.map(({ value }) => entryFault(value, asker));
  return faults.includes(null) ? null : [...new Set(faults)].join('; ') || null;
}

/** Why one entry does not let the CA in; null where it does (RFC 8659 §4.2). */
function entryFault(value: string, { identities, accountUri, method }: CaaAsker): string | null {
  const [domain = '', ...rest] = value.split(';').map((part) => part.trim());
  if (domain === '') return 'it lets no CA in';
  if (!identities.some((identity) => identity.toLowerCase() === domain.toLowerCase())) return `it lets ${domain} in`;
  const parameters = rest.flatMap((text) => {
    const [name = '', ...of] = text.split('=');
    return name === '' ? [] : [{ name: name.trim().toLowerCase(), value: of.join('=').trim() }];
  });
  const accounts = parameters.filter(({ name }) => name === 'accounturi');
  if (accounts.some((one) => one.value !== accountUri)) return `it lets another account in than ours, which is ${accountUri}`;
  const methods = parameters.find(({ name }) => name === 'validationmethods')?.value.split(',');
  if (methods !== undefined && !methods.some((one) => one.trim().toLowerCase() === method))
    return `it takes proofs by ${methods.join(', ')} alone, and not by ${method}`;
  return null;
}

/** What whoever keeps the zone may write, so that the CA is let in. */
export const caaRemedy = (name: string, wildcard: boolean, { identities }: CaaAsker): string =>
  `${name} CAA 0 ${wildcard ? 'issuewild' : 'issue'} "${identities[0] ?? ''}"`;

/** A record in presentation format (RFC 8659 §4.1.1); null for what is none. */
export function readCaa(text: string): CaaRecord | null {
  const [, flags = '', tag = '', quoted = ''] = /^(\d{1,3}) ([A-Za-z0-9]+) "((?:[^"\\]|\\.)*)"$/.exec(text) ?? [];
  if (tag === '') return null;
  const value = quoted.replace(/\\(\d{3}|.)/g, (_, escaped: string) =>
    escaped.length === 3 ? String.fromCharCode(Number(escaped)) : escaped,
  );
  return { critical: Number(flags) >= 128, tag, value };
}
