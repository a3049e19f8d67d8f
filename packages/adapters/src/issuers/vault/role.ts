// The role under which is signed, as Vault has it now.
import { HostmasterError } from '@hostmaster/core/errors';
import { operator } from '@hostmaster/core/operation/moves-next';
import { vaultRoleRead } from '@hostmaster/core/vault/answer';
import { unavailableVault } from '@hostmaster/core/vault/problem';
import { type VaultRole, vaultRole } from '@hostmaster/core/vault/role';
import type { RolePlace } from '@hostmaster/core/vault/setup';
import type { VaultServer } from './server.ts';
import type { VaultSession } from './session.ts';

export type RoleDeps = { readonly server: VaultServer; readonly session: VaultSession; readonly place: RolePlace };

/** Null where the policy does not let Hostmaster read it. Errors: issuer-unavailable. */
export async function readRole({ server, session, place }: RoleDeps, signal: AbortSignal): Promise<VaultRole | null> {
  const path = `${place.mount}/roles/${place.role}`;
  const answer = await session.call({ method: 'GET', path }, signal);
  if (answer.ok) return server.read(vaultRole, server.read(vaultRoleRead, answer.json, 'role').data, 'role');
  if (answer.status === 403) return null;
  if (answer.status === 404 && answer.errors.length === 0) throw noRole(server.name, place);
  throw unavailableVault({ name: server.name, path, settings: '“Mount” and “Namespace”' }, answer);
}

export const noRole = (name: string, { mount, role }: RolePlace): HostmasterError =>
  new HostmasterError('issuer-unavailable', `${name} has no role ${role} at ${mount}. Compare “Role”, or have it written.`, {
    movesNext: operator,
  });
