// The fields of a contract, one by one: what people call each, and what of an endpoint it is about. Plans, reviews and pages
// go through this table, and a field that is missing here does not compile.
import { canonicalJson } from '../canonical-json.ts';
import type { AdmittedContract } from './stored-contract.ts';

type PathsOf<T, P extends string = ''> = T extends string | number | boolean | readonly unknown[]
  ? P
  : { [K in keyof T & string]-?: PathsOf<NonNullable<T[K]>, P extends '' ? K : `${P}.${K}`> }[keyof T & string];

/** Where a field stands, dotted; a list is one field. */
export type ContractField = PathsOf<AdmittedContract>;

/**
 * What of an endpoint a field is about. `name`: whose it is and who it is answered to. `records`: where it leads.
 * `certificate`: what speaks for it, and who has the key. `exposure`: what stands between its visitors and the service.
 * `operation`: how it is looked after.
 */
export const contractAspects = ['name', 'records', 'certificate', 'exposure', 'operation'] as const;
export type ContractAspect = (typeof contractAspects)[number];

/** `about` is null where a field says nothing of the endpoint: the version it is written in, and why it is asked for. */
type Described = { readonly words: string; readonly about: ContractAspect | null };

/** In the order in which they are shown. */
export const contractFields: Readonly<Record<ContractField, Described>> = {
  apiVersion: { words: 'Version of the contract', about: null },
  hostname: { words: 'Hostname', about: 'name' },
  team: { words: 'Team', about: 'name' },
  environment: { words: 'Environment', about: 'name' },
  view: { words: 'View', about: 'name' },
  'target.addresses': { words: 'Addresses', about: 'records' },
  'target.cname': { words: 'CNAME target', about: 'records' },
  'target.cluster': { words: 'Cluster', about: 'records' },
  'target.certificateOnly': { words: 'Certificate alone', about: 'records' },
  ttl: { words: 'TTL', about: 'records' },
  'tls.termination': { words: 'TLS termination', about: 'certificate' },
  'tls.source': { words: 'Issuer', about: 'certificate' },
  'tls.challenge': { words: 'ACME challenge', about: 'certificate' },
  'tls.key': { words: 'Key', about: 'certificate' },
  'tls.days': { words: 'Days valid', about: 'certificate' },
  'tls.hours': { words: 'Hours valid', about: 'certificate' },
  'tls.usages': { words: 'Extended key usage', about: 'certificate' },
  'tls.addresses': { words: 'Addresses on the certificate', about: 'certificate' },
  'tls.spiffeId': { words: 'SPIFFE ID', about: 'certificate' },
  'tls.mustStaple': { words: 'OCSP must-staple', about: 'certificate' },
  'tls.extraNames': { words: 'Further subject alternative names', about: 'certificate' },
  'tls.csr': { words: 'Certificate signing request', about: 'certificate' },
  'routing.port': { words: 'Port', about: 'operation' },
  'routing.healthPath': { words: 'Health path', about: 'operation' },
  'routing.expectedStatus': { words: 'Expected status', about: 'operation' },
  'routing.api': { words: 'Kubernetes API', about: 'exposure' },
  'routing.className': { words: 'Ingress or gateway class', about: 'exposure' },
  'routing.gateway.namespace': { words: 'Namespace of the gateway', about: 'exposure' },
  'routing.gateway.name': { words: 'Gateway', about: 'exposure' },
  'routing.backend.namespace': { words: 'Namespace of the service', about: 'exposure' },
  'routing.backend.service': { words: 'Service', about: 'exposure' },
  'routing.backend.port': { words: 'Port of the service', about: 'exposure' },
  'routing.backend.protocol': { words: 'Protocol of the service', about: 'exposure' },
  'routing.backend.tls.serverName': { words: 'Name on the certificate of the service', about: 'exposure' },
  'routing.backend.tls.ca': { words: 'CA of the service', about: 'exposure' },
  'edge.httpsRedirect': { words: 'Redirect to HTTPS', about: 'exposure' },
  'edge.tlsPolicy.minVersion': { words: 'Oldest TLS version', about: 'exposure' },
  'edge.tlsPolicy.ciphers': { words: 'Cipher suites', about: 'exposure' },
  'edge.hsts': { words: 'HSTS', about: 'exposure' },
  'edge.waf': { words: 'Web application firewall', about: 'exposure' },
  'edge.rateLimit': { words: 'Rate limit', about: 'exposure' },
  'edge.maxBody': { words: 'Largest body', about: 'exposure' },
  'edge.headerNormalization': { words: 'Header normalization', about: 'exposure' },
  'edge.sources': { words: 'Who may connect', about: 'exposure' },
  'edge.botProtection': { words: 'Bot protection', about: 'exposure' },
  'edge.ddosProtection': { words: 'DDoS protection', about: 'exposure' },
  'edge.auth': { words: 'Authentication', about: 'exposure' },
  'owners.app': { words: 'Owner of the application', about: 'operation' },
  'owners.dns': { words: 'Owner of the record', about: 'operation' },
  'owners.certificate': { words: 'Owner of the certificate', about: 'operation' },
  'owners.rotation': { words: 'Owner of the rotation', about: 'operation' },
  'owners.escalation': { words: 'Escalation', about: 'operation' },
  justification: { words: 'Why it is needed', about: null },
};

const inOrder = Object.keys(contractFields) as readonly ContractField[];

/** A field by its name; what an older release called otherwise stays as it was written. */
export const fieldWords = (field: string): string => (isContractField(field) ? contractFields[field].words : field);
const isContractField = (field: string): field is ContractField => Object.hasOwn(contractFields, field);

const ofCertificates: readonly ContractField[] = ['tls.source', 'tls.challenge', 'tls.key', 'tls.days', 'tls.hours'];

/** Whether a default stands in a field which something else in the contract leaves without meaning. */
const isIdle = ({ tls }: AdmittedContract, field: ContractField): boolean =>
  tls.termination === 'none' ? ofCertificates.includes(field) : field === 'tls.challenge' && tls.source !== 'acme';

/** What a contract says in a field; null where it says nothing. Lists are sets: sorted, each value once. */
export function valueAt(contract: AdmittedContract, field: ContractField): string | readonly string[] | null {
  if (isIdle(contract, field)) return null;
  let value: unknown = contract;
  for (const key of field.split('.')) value = typeof value === 'object' && value !== null && key in value ? Reflect.get(value, key) : null;
  if (Array.isArray(value)) return value.length === 0 ? null : [...new Set(value.map(String))].sort();
  return value === null || value === undefined ? null : String(value);
}

/** The fields that two contracts say otherwise, of those that say something of the endpoint; all that are said where there is none before. */
export function differingFields(before: AdmittedContract | null, after: AdmittedContract): readonly ContractField[] {
  return inOrder.filter((field) => {
    if (contractFields[field].about === null) return false;
    const was = before === null ? null : valueAt(before, field);
    return canonicalJson(was) !== canonicalJson(valueAt(after, field));
  });
}

/** Whether two contracts say the same of some of what an endpoint is. */
export const agreeOn = (aspects: readonly ContractAspect[], one: AdmittedContract, other: AdmittedContract): boolean =>
  differingFields(one, other).every((field) => {
    const { about } = contractFields[field];
    return about === null || !aspects.includes(about);
  });
