// Whether a role of Vault's PKI signs an order, before it is asked: what Vault would refuse, what it would sign that serves nobody, and
// what would have to be written into the role.
import { type KeyAlgorithm, keyName } from '../pki/profile.ts';
import type { VaultRole } from './role.ts';
import { addressesFault, uriFault } from './role-content.ts';
import type { RoleFault, RoleOrder } from './role-fault.ts';
import { changeForNames, nameFault } from './role-names.ts';
import { usageFault } from './role-usages.ts';

const keyTypes: Readonly<Record<KeyAlgorithm, string>> = { 'ecdsa-p256': 'ec', 'ecdsa-p384': 'ec', rsa: 'rsa' };
/** What Vault takes where a role names no length. */
const leastBits: Readonly<Record<string, number>> = { rsa: 2048, ec: 256 };

const mostListed = 5;
const listed = (words: readonly string[]): string =>
  words.length <= mostListed ? words.join(', ') : `${words.slice(0, mostListed).join(', ')} and ${words.length - mostListed} more`;

function keyFault({ key_type: type, key_bits: bits }: VaultRole, { key }: RoleOrder): RoleFault | null {
  if (type === 'any') return null;
  const name = keyName(key);
  if (type !== keyTypes[key.algorithm])
    return { rule: 'key_type', says: `signs keys of the type ${type} alone, and the order has ${name}`, change: { key_type: 'any' } };
  const least = bits === 0 ? (leastBits[type] ?? 0) : bits;
  if (key.bits >= least) return null;
  return {
    rule: 'key_bits',
    says: `signs keys of ${least} bits or more, and the order has ${name}`,
    change: { key_bits: String(key.bits) },
  };
}

function namesFault(role: VaultRole, { names }: RoleOrder): RoleFault | null {
  const refused = names.flatMap((name) => {
    const rule = nameFault(role, name);
    return rule === null ? [] : [{ name, rule }];
  });
  const [first] = refused;
  if (first === undefined) return null;
  const change = changeForNames(role, names);
  const which = listed(refused.map(({ name }) => name));
  if (refused.every(({ rule }) => rule === 'allow_wildcard_certificates'))
    return { rule: first.rule, says: `signs no wildcard, such as ${which}`, change };
  const domains = role.allowed_domains.length === 0 ? 'it allows no domain' : `its domains are ${listed(role.allowed_domains)}`;
  // A domain that is there already is of no use without the flag that goes with it.
  const rule = (['allowed_domains', 'allow_bare_domains', 'allow_subdomains', 'allow_glob_domains'] as const).find(
    (field) => field in change,
  );
  return { rule: rule ?? first.rule, says: `does not sign for ${which}: ${domains}`, change };
}

function commonNameFault({ require_cn: required }: VaultRole, { commonName }: RoleOrder): RoleFault | null {
  if (!required || commonName !== null) return null;
  return {
    rule: 'require_cn',
    says: 'asks for a common name, and no name of the order is short enough for one',
    change: { require_cn: 'false' },
  };
}

function storeFault({ no_store: none }: VaultRole): RoleFault | null {
  const says = 'stores no certificate, so that one whose answer is lost could not be found again';
  return none ? { rule: 'no_store', says, change: { no_store: 'false' } } : null;
}

/** Everything that is wrong, in the order in which Vault looks. */
export const roleFaults = (role: VaultRole, order: RoleOrder): readonly RoleFault[] =>
  [keyFault, commonNameFault, namesFault, addressesFault, uriFault, usageFault, storeFault].flatMap((fault) => fault(role, order) ?? []);
