// What whoever runs a Vault writes into it for Hostmaster, as commands of its own program (OpenBao's is `bao`, with the same words).
import { HostmasterError } from '../errors.ts';
import type { CommandStep } from '../pki/issuer.ts';
import { serverProfile } from '../pki/profile.ts';
import { shellCommand } from '../shell-command.ts';
import type { RoleFault } from './role-fault.ts';

/** Where a role is: a mount of the PKI engine, in a namespace where there is one ('' where not). Each is letters, digits and `._-/` alone. */
export type RolePlace = { readonly mount: string; readonly role: string; readonly namespace: string };

const inNamespace = ({ namespace }: RolePlace): readonly string[] => (namespace === '' ? [] : [`-namespace=${namespace}`]);
const pathOfRole = ({ mount, role }: RolePlace): string => `${mount}/roles/${role}`;

/** The policy that a token of Hostmaster needs. Certificates are looked through only where it is not known whether one was signed. */
function policyText({ mount, role }: RolePlace): string {
  const paths = [
    [`${mount}/sign/${role}`, 'update'],
    [`${mount}/roles/${role}`, 'read'],
    [`${mount}/certs`, 'list'],
    [`${mount}/revoke`, 'update'],
  ];
  return paths.map(([path, capability]) => `path "${path}" { capabilities = ["${capability}"] }`).join('\n');
}

/** @param suffixes the domains that it is to sign below, and for */
export function vaultSetup(place: RolePlace, suffixes: readonly string[]): readonly CommandStep[] {
  const policy = `${shellCommand(['vault', 'policy', 'write', ...inNamespace(place), place.role, '-'])} <<'EOF'\n${policyText(place)}\nEOF`;
  const fields = [
    `allowed_domains=${suffixes.join(',')}`,
    'allow_bare_domains=true',
    'allow_subdomains=true',
    'allow_localhost=false',
    'allow_ip_sans=false',
    'key_type=any',
    'client_flag=false',
    // The names are those that Hostmaster decided on, and what a requester's CSR says beside its key counts for nothing.
    'use_csr_common_name=false',
    'use_csr_sans=false',
    'require_cn=false',
    `max_ttl=${serverProfile.lifetimeDays * 24}h`,
  ];
  return [
    { title: 'What Hostmaster may do', command: policy },
    {
      title: 'Which certificates it may have signed',
      command: shellCommand(['vault', 'write', ...inNamespace(place), pathOfRole(place)], ...fields.map((field) => [field])),
    },
  ];
}

/** An order that a role would not sign, with what is to be written into it. `vault write` would take back whatever it does not name; `vault patch` leaves it. */
export function roleRefusal(name: string, place: RolePlace, faults: readonly RoleFault[]): HostmasterError {
  const change = Object.entries(Object.assign({}, ...faults.map((fault) => fault.change)));
  const fields = change.map(([field, value]) => `${field}=${value}`);
  const command = shellCommand(['vault', 'patch', ...inNamespace(place), pathOfRole(place), ...fields]);
  const says = faults.map((fault) => `${fault.says} (${fault.rule})`).join('; it ');
  const why = [`${says}.`, ...new Set(faults.flatMap((fault) => fault.instead ?? []))].join(' ');
  return new HostmasterError(
    'issuer-refused',
    `The role ${place.role} at ${place.mount} of ${name} ${why} Whoever runs it allows that with: ${command}`,
  );
}
