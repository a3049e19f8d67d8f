// For what use a role of Vault's PKI signs: the same for all that it signs, whatever a CSR asks for (server_flag, client_flag,
// ext_key_usage). An order has to fit it, or the role the order.
import type { KeyUsage, LeafContent } from '../pki/leaf-content.ts';
import { purposes } from '../pki/leaf-content.ts';
import type { VaultRole } from './role.ts';
import type { RoleFault, RoleOrder } from './role-fault.ts';
import type { RoleChange } from './role-names.ts';

type Usages = Pick<
  VaultRole,
  'client_flag' | 'code_signing_flag' | 'email_protection_flag' | 'ext_key_usage' | 'ext_key_usage_oids' | 'server_flag'
>;

const usages = ['server', 'client'] as const satisfies readonly KeyUsage[];
const flags = { server: 'server_flag', client: 'client_flag' } as const;
/** As Vault reads the words of Go's crypto/x509. */
const saysUsage = (word: string): KeyUsage | undefined => usages.find((usage) => word.trim().toLowerCase() === `${usage}auth`);
const saysPurpose = (identifier: string): KeyUsage | undefined => usages.find((usage) => purposes[usage] === identifier.trim());

/** What a certificate of the role may be used for; nothing at all: for every use, since it then has no such extension (RFC 5280 §4.2.1.12). */
export function usagesOf(role: Usages): { readonly known: readonly KeyUsage[]; readonly others: readonly string[] } {
  const known = usages.filter(
    (usage) =>
      role[flags[usage]] ||
      role.ext_key_usage.some((word) => saysUsage(word) === usage) ||
      role.ext_key_usage_oids.some((identifier) => saysPurpose(identifier) === usage),
  );
  const others = [
    ...(role.code_signing_flag ? ['code signing'] : []),
    ...(role.email_protection_flag ? ['email'] : []),
    ...role.ext_key_usage.filter((word) => saysUsage(word) === undefined),
    ...role.ext_key_usage_oids.filter((identifier) => saysPurpose(identifier) === undefined),
  ];
  return { known, others };
}

const instead =
  'It signs everything for the same usages: where others rely on those that it has, have another role written, and connect that as an issuer of its own.';

/**
 * What is for servers may be for clients too, where whoever runs Vault has it so: roles are for both where nobody says otherwise. Whatever
 * else is ordered is signed for exactly that.
 */
export function usageFault(role: VaultRole, { content }: RoleOrder): RoleFault | null {
  const { known, others } = usagesOf(role);
  const forAll = known.length + others.length === 0;
  const asked = content.usages;
  if (asked.join() === 'server') {
    if (forAll || known.includes('server')) return null;
    return { rule: 'server_flag', says: 'signs certificates that are not for servers', change: { server_flag: 'true' }, instead };
  }
  const missing = asked.filter((usage) => !known.includes(usage));
  const extra = [...known.filter((usage) => !asked.includes(usage)).map(plural), ...others];
  if (missing.length + extra.length === 0) return null;
  const change = changeForUsages(role, asked);
  const says = forAll
    ? 'signs certificates for every use'
    : missing.length > 0
      ? `signs certificates that are not for ${missing.map(plural).join(' and ')}`
      : `signs certificates for ${extra.join(', ')} too, and the order is for ${asked.map(plural).join(' and ')} alone`;
  const rule = (['client_flag', 'server_flag', 'code_signing_flag', 'email_protection_flag', 'ext_key_usage'] as const).find(
    (field) => field in change,
  );
  return { rule: rule ?? 'ext_key_usage_oids', says, change, instead };
}

const plural = (usage: KeyUsage): string => `${usage}s`;

function changeForUsages(role: Usages, asked: LeafContent['usages']): RoleChange {
  const wanted: Usages = {
    server_flag: asked.includes('server'),
    client_flag: asked.includes('client'),
    code_signing_flag: false,
    email_protection_flag: false,
    ext_key_usage: [],
    ext_key_usage_oids: [],
  };
  return Object.fromEntries(
    Object.entries(wanted).flatMap(([field, value]) =>
      String(value) === String(role[field as keyof Usages]) ? [] : [[field, String(value)]],
    ),
  );
}
