// The extensions of a certificate as people read them. @peculiar/x509 has the words of most; of those that it does not know, the ones that
// matter here have words of ours, and of every other one the octets are shown.
import 'reflect-metadata';
import { TextConverter, X509Certificate } from '@peculiar/x509';
import { rangeText } from '../address/address.ts';
import { HostmasterError } from '../errors.ts';
import { visibleWords } from '../foreign-words.ts';
import { children, readDer, readSmallInteger } from './der-reader.ts';
import { excludesAddresses, readNameConstraints } from './extensions.ts';
import { objectIdentifiers as id } from './object-identifiers.ts';

export type ExtensionDescription = {
  readonly name: string;
  /** Dotted. */
  readonly oid: string;
  readonly critical: boolean;
  /** At most `mostLines`. */
  readonly lines: readonly string[];
};

const mostLines = 200;
const longestLine = 500;

const anyOf = (names: readonly string[], none: string): string => (names.length === 0 ? none : names.join(', '));

/** Those that the library shows as octets. Errors of reading one: its octets are shown. */
const own: Readonly<Record<string, { readonly name: string; lines(value: Uint8Array): readonly string[] }>> = {
  [id.nameConstraints]: {
    name: 'Name Constraints',
    lines: (value) => {
      const constraints = readNameConstraints(readDer(value));
      const { permittedDns, excludedDns, unsupported, addresses, uris } = constraints;
      return [
        `Permitted DNS: ${anyOf(permittedDns, 'any')}`,
        `Excluded DNS: ${anyOf(excludedDns, 'none')}`,
        ...(excludesAddresses(constraints) ? ['No IP address'] : []),
        ...(addresses.permitted.length === 0 ? [] : [`Permitted addresses: ${addresses.permitted.map(rangeText).join(', ')}`]),
        ...(uris.permitted.length === 0 ? [] : [`Permitted hosts of URIs: ${uris.permitted.join(', ')}`]),
        ...(uris.excluded.length === 0 ? [] : [`Excluded hosts of URIs: ${uris.excluded.join(', ')}`]),
        ...(unsupported ? ['And names of other forms'] : []),
      ];
    },
  },
  // RFC 7633 §4: 5 is status_request.
  '1.3.6.1.5.5.7.1.24': {
    name: 'TLS Feature',
    lines: (value) =>
      children(readDer(value)).map((feature) =>
        readSmallInteger(feature) === 5 ? 'Must staple OCSP' : `Feature ${readSmallInteger(feature)}`,
      ),
  },
  [id.ocspNoCheck]: { name: 'OCSP No Check', lines: () => ['Its own revocation is not looked up'] },
  // RFC 6962 §3.3
  '1.3.6.1.4.1.11129.2.4.2': { name: 'Certificate Transparency', lines: (value) => [`${signedTimestamps(value)} signed timestamps`] },
};

/** How many stand in a SignedCertificateTimestampList: after its length each with two octets of its own (RFC 6962 §3.3). */
function signedTimestamps(value: Uint8Array): number {
  const list = Buffer.from(readDer(value).content);
  let count = 0;
  for (let at = 2; at + 2 <= list.length; at += 2 + list.readUInt16BE(at)) count += 1;
  return count;
}

function ownWords(oid: string, value: Uint8Array): Pick<ExtensionDescription, 'name' | 'lines'> | null {
  const known = own[oid];
  if (known === undefined) return null;
  try {
    return { name: known.name, lines: known.lines(value) };
  } catch {
    return null;
  }
}

/** In the order of the certificate. Errors: invalid-input for what is no certificate, or one that cannot be read to its end. */
export function describeExtensions(der: Uint8Array): readonly ExtensionDescription[] {
  try {
    return new X509Certificate(Uint8Array.from(der)).extensions.map((extension) => {
      const { type: oid, critical, value } = extension;
      const [head = oid, ...rest] = TextConverter.serialize(extension.toTextObject()).split('\n');
      const said = ownWords(oid, new Uint8Array(value)) ?? {
        name: head.replace(/:( critical)?\s*$/, ''),
        lines: rest.map((line) => line.replace(/^ {2}/, '').trimEnd()).filter((line) => line !== ''),
      };
      return {
        oid,
        critical,
        name: visibleWords(said.name),
        lines: said.lines.slice(0, mostLines).map((line) => visibleWords(line).slice(0, longestLine)),
      };
    });
  } catch (cause) {
    throw new HostmasterError('invalid-input', 'Not a certificate whose extensions can be read.', { cause });
  }
}
