// For how long the role signs at most: as long as it says, else as long as its mount does.
import { hour } from '@hostmaster/core/duration';
import { vaultTune } from '@hostmaster/core/vault/answer';
import { type RoleDeps, readRole } from './role.ts';

/** A century is no end. */
const beyondAnyCertificate = 100 * 365 * 24;

/** In hours; null where that may not be read, or the role says on which day certificates end. Errors: issuer-unavailable. */
export async function longestHours(deps: RoleDeps, signal: AbortSignal): Promise<number | null> {
  const role = await readRole(deps, signal);
  if (role === null || role.not_after !== '') return null;
  const seconds = role.max_ttl > 0 ? role.max_ttl : await mountSeconds(deps, signal);
  const hours = Math.floor((seconds * 1000) / hour);
  return hours > 0 && hours < beyondAnyCertificate ? hours : null;
}

/** 0 where its policy does not let Hostmaster read it, as none has to. */
async function mountSeconds({ server, session, place }: RoleDeps, signal: AbortSignal): Promise<number> {
  const answer = await session.call({ method: 'GET', path: `sys/mounts/${place.mount}/tune` }, signal);
  return answer.ok ? server.read(vaultTune, answer.json, 'configuration of a mount').data.max_lease_ttl : 0;
}
