// Whether a role of Vault's PKI signs for a name, as Vault judges it (allowed_domains and the flags that go with it), and by what change
// of the role it would.
import type { VaultRole } from './role.ts';

export type NameRules = Pick<
  VaultRole,
  | 'allow_any_name'
  | 'allow_bare_domains'
  | 'allow_glob_domains'
  | 'allow_localhost'
  | 'allow_subdomains'
  | 'allow_token_displayname'
  | 'allow_wildcard_certificates'
  | 'allowed_domains'
  | 'allowed_domains_template'
>;

/** A wildcard is held by what stands behind it: `*.shop.test` is a name below shop.test, and one for shop.test itself. */
const heldBy = (name: string): string => (name.startsWith('*.') ? name.slice(2) : name);
const isWildcard = (name: string): boolean => name.includes('*');

/** `*` stands for whatever text, dots included; everything else for itself. */
export function matchesGlob(pattern: string, name: string): boolean {
  const parts = pattern.split('*');
  const [first = ''] = parts;
  const last = parts.at(-1) ?? '';
  if (parts.length === 1) return pattern === name;
  if (!name.startsWith(first)) return false;
  let rest = name.slice(first.length);
  for (const part of parts.slice(1, -1)) {
    const at = rest.indexOf(part);
    if (at < 0) return false;
    rest = rest.slice(at + part.length);
  }
  return rest.endsWith(last);
}

const localDomains = ['localhost', 'localdomain'];

function isLocal(role: NameRules, name: string): boolean {
  if (!role.allow_localhost) return false;
  const held = heldBy(name);
  return localDomains.some((domain) => held === domain || (role.allow_subdomains && held.endsWith(`.${domain}`)));
}

function isWithin(role: NameRules, name: string): boolean {
  const held = heldBy(name);
  return role.allowed_domains.some(
    (domain) =>
      (role.allow_bare_domains && name.toLowerCase() === domain.toLowerCase()) ||
      (role.allow_subdomains && (held.endsWith(`.${domain}`) || (isWildcard(name) && held.toLowerCase() === domain.toLowerCase()))) ||
      (role.allow_glob_domains && domain.includes('*') && matchesGlob(domain, name)),
  );
}

/** What decides of a name that is known to be a hostname, in lower case. */
export type NameFault = 'allow_wildcard_certificates' | 'allowed_domains';

/** Null where it signs for the name, or where that depends on whose token asks. */
export function nameFault(role: NameRules, name: string): NameFault | null {
  if (isWildcard(name) && !role.allow_wildcard_certificates) return 'allow_wildcard_certificates';
  if (role.allow_any_name || isLocal(role, name) || isWithin(role, name)) return null;
  return role.allowed_domains_template || role.allow_token_displayname ? null : 'allowed_domains';
}

/** What has to be written into a role, by field. */
export type RoleChange = Readonly<Record<string, string>>;

/** What has it sign for these names too: a flag where a domain that it has would do with it, else the name itself as a domain. */
export function changeForNames(role: NameRules, names: readonly string[]): RoleChange {
  let wanted: NameRules = role;
  for (const name of names) {
    if (isWildcard(name)) wanted = { ...wanted, allow_wildcard_certificates: true };
    if (nameFault(wanted, name) !== null) wanted = letIn(wanted, name);
  }
  return Object.fromEntries(
    Object.entries(wanted).flatMap(([field, value]) =>
      String(value) === String(role[field as keyof NameRules]) ? [] : [[field, String(value)]],
    ),
  );
}

const flags = ['allow_bare_domains', 'allow_subdomains', 'allow_glob_domains'] as const;

function letIn(role: NameRules, name: string): NameRules {
  for (const flag of flags) {
    const opened = { ...role, [flag]: true };
    if (nameFault(opened, name) === null) return opened;
  }
  const added = { ...role, allowed_domains: [...role.allowed_domains, heldBy(name)] };
  return isWildcard(name) ? { ...added, allow_subdomains: true } : { ...added, allow_bare_domains: true };
}
