// What a role of Vault's PKI engine allows, as its documentation says it (API of the PKI secrets engine, "Create/Update role" and "Sign
// certificate"), for the fake: written apart from what the issuer predicts, so that the two can be held against each other.
import { children, readDer, readOid, readText } from '@hostmaster/core/pki/der-reader';
import { readExtensions, readSubjectAltName } from '@hostmaster/core/pki/extensions';
import { checkPublicKey } from '@hostmaster/core/pki/key-policy';
import { objectIdentifiers as id } from '@hostmaster/core/pki/object-identifiers';

/** Field by field what a role has where whoever writes it says nothing. */
export const roleDefaults = {
  allow_any_name: false,
  allow_bare_domains: false,
  allow_glob_domains: false,
  allow_ip_sans: true,
  allow_localhost: true,
  allow_subdomains: false,
  allow_wildcard_certificates: true,
  allowed_domains: [] as readonly string[],
  allowed_domains_template: false,
  allowed_ip_sans_cidr: [] as readonly string[],
  allowed_uri_sans: [] as readonly string[],
  allowed_uri_sans_template: false,
  client_flag: true,
  code_signing_flag: false,
  email_protection_flag: false,
  enforce_hostnames: true,
  ext_key_usage: [] as readonly string[],
  ext_key_usage_oids: [] as readonly string[],
  generate_lease: false,
  issuer_ref: 'default',
  key_bits: 2048,
  key_type: 'rsa',
  max_ttl: 0,
  no_store: false,
  not_after: '',
  not_before_duration: 30,
  require_cn: true,
  server_flag: true,
  ttl: 0,
  use_csr_common_name: true,
  use_csr_sans: true,
};
export type FakeRole = typeof roleDefaults;

const bitsOf: Readonly<Record<string, number>> = { rsa: 2048, ec: 256, any: 0, ed25519: 0 };

export const roleOf = (fields: Partial<FakeRole>): FakeRole => {
  const { key_type: type = roleDefaults.key_type } = fields;
  return { ...roleDefaults, key_bits: bitsOf[type] ?? 0, ...fields };
};

export type CsrParts = {
  readonly commonName: string;
  readonly dnsNames: readonly string[];
  readonly addresses: readonly string[];
  readonly uris: readonly string[];
  readonly spki: Uint8Array;
  readonly type: 'rsa' | 'ec';
  readonly bits: number;
};

/** Throws where it is no request. */
export function csrParts(der: Uint8Array): CsrParts {
  const [info] = children(readDer(der));
  if (info === undefined) throw new Error('no request');
  const [, subject, key, attributes] = children(info);
  if (subject === undefined || key === undefined) throw new Error('no request');
  const named = children(subject)
    .flatMap((each) => children(each))
    .find((attribute) => readOid(children(attribute)[0]) === id.commonName);
  const commonName = named === undefined ? '' : (readText(children(named)[1] ?? readDer(new Uint8Array([5, 0]))) ?? '');
  const asked = attributes === undefined ? [] : children(attributes).filter((each) => readOid(children(each)[0]) === id.extensionRequest);
  const names = asked.flatMap((each) => {
    const [list] = children(children(each)[1] ?? readDer(new Uint8Array([0x31, 0])));
    const found = list === undefined ? undefined : readExtensions(list).get(id.subjectAltName);
    return found === undefined ? [] : [readSubjectAltName(found.value)];
  });
  const [dnsNames, addresses, uris] = [
    names.flatMap(({ dns }) => dns),
    names.flatMap((one) => one.addresses),
    names.flatMap((one) => one.uris),
  ];
  const { algorithm, bits } = checkPublicKey(key.raw);
  return { commonName, dnsNames, addresses, uris, spki: key.raw, type: algorithm === 'rsa' ? 'rsa' : 'ec', bits };
}

export type SignRequest = {
  readonly common_name?: string;
  readonly alt_names?: string;
  readonly ip_sans?: string;
  readonly uri_sans?: string;
};

export const listOf = (text: string): readonly string[] =>
  text
    .split(',')
    .map((each) => each.trim())
    .filter((each) => each !== '');

/** The name in the subject, and those in the subjectAltName. */
export function namesOf(role: FakeRole, csr: CsrParts, { common_name: asked = '', alt_names: others = '' }: SignRequest) {
  const commonName = role.use_csr_common_name && csr.commonName !== '' ? csr.commonName : asked;
  const listed = listOf(others);
  const names = [
    ...(role.use_csr_sans ? csr.dnsNames : []),
    ...(commonName === '' ? [] : [commonName]),
    ...(role.use_csr_sans ? [] : listed),
  ];
  return { commonName, dnsNames: [...new Set(names)] };
}

const label = '[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?';
const hostname = new RegExp(`^(?:${label}\\.)*${label}\\.?$`);
export const asExpression = (glob: string): RegExp =>
  new RegExp(
    `^${glob
      .split('*')
      .map((part) => part.replace(/[.+?^${}()|[\]\\]/g, '\\$&'))
      .join('.*')}$`,
  );

/** Whether the role allows a name, which may be a wildcard. */
export function allowsName(role: FakeRole, name: string): boolean {
  const wildcard = name.includes('*');
  if (wildcard && !role.allow_wildcard_certificates) return false;
  const [first = '', ...rest] = name.split('.');
  const base = wildcard ? rest.join('.') : name;
  if (wildcard && (base.includes('*') || first.split('*').length !== 2)) return false;
  if (role.enforce_hostnames && base !== '' && !hostname.test(base)) return false;
  if (role.allow_any_name) return true;
  if (role.allow_localhost)
    for (const local of ['localhost', 'localdomain'])
      if (base === local || (role.allow_subdomains && base.endsWith(`.${local}`))) return true;
  for (const domain of role.allowed_domains) {
    if (domain === '') continue;
    if (role.allow_bare_domains && name.toLowerCase() === domain.toLowerCase()) return true;
    if (role.allow_subdomains && base.endsWith(`.${domain}`)) return true;
    if (role.allow_subdomains && wildcard && base.toLowerCase() === domain.toLowerCase()) return true;
    if (role.allow_glob_domains && domain.includes('*') && asExpression(domain).test(name)) return true;
  }
  return false;
}

/** Why the role does not sign for the key and the hostnames, in Vault's words; null where it does. */
export function nameRefusalOf(role: FakeRole, csr: CsrParts, request: SignRequest): string | null {
  if (role.key_type !== 'any' && role.key_type !== csr.type) return `role requires keys of type ${role.key_type}`;
  const least = role.key_type === 'any' ? (csr.type === 'rsa' ? 2048 : 224) : role.key_bits;
  if (csr.bits < least) return `role requires a minimum of a ${least}-bit key, but CSR's key is ${csr.bits} bits`;
  const { commonName, dnsNames } = namesOf(role, csr, request);
  if (commonName === '' && role.require_cn)
    return 'the common_name field is required, or must be provided in a CSR with "use_csr_common_name" set to true, unless "require_cn" is set to false';
  if (commonName !== '' && !allowsName(role, commonName)) return `common name ${commonName} not allowed by this role`;
  const bad = dnsNames.find((name) => !allowsName(role, name));
  return bad === undefined ? null : `subject alternate name ${bad} not allowed by this role`;
}

/** As Vault reckons: what is asked, else what the role says, never more than it allows. In seconds. */
export function secondsOf(role: FakeRole, asked: number, most: number): number {
  return Math.min(asked || role.ttl || most, role.max_ttl || most);
}
