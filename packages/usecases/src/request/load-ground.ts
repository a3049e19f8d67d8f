import { suffixesOf, wildcardsOver } from '@hostmaster/core/hostname/hostname';
import { skeletonOf } from '@hostmaster/core/hostname/parse-hostname';
import type { Asked } from '@hostmaster/core/policy/asked';
import { needsOf } from '@hostmaster/core/policy/chains';
import type { GroundPart } from '@hostmaster/core/policy/ground';
import type { Reader } from '@hostmaster/db/client';
import { type LoadedGround, loadGround } from '@hostmaster/db/policy-ground';
import { csrKey } from './csr-key.ts';

/** A request that is being decided again: neither it nor the endpoint that it made speaks against itself. */
export type DecidedAgain = { readonly requestId: string; readonly endpointId?: string };

/** What every plan stands on, whatever the rules need. */
const planned: readonly GroundPart[] = ['zones', 'endpoints', 'openRequests', 'recordSets', 'inForce'];

/** The ground of a request: what its chain of rules and its plan need, of each only what concerns its names. */
export const groundOf = (db: Reader, asked: Asked, again: DecidedAgain | null): Promise<LoadedGround> => {
  const { kind, names, now, contract } = asked;
  return loadGround(db, [...needsOf(kind), ...planned], {
    view: contract.view,
    team: contract.team,
    names: names.map(({ hostname }) => hostname),
    suffixes: names.flatMap(({ hostname }) => suffixesOf(hostname)),
    wildcards: names.flatMap(({ hostname }) => wildcardsOver(hostname)),
    skeletons: names.map(({ hostname }) => skeletonOf(hostname)),
    target: asked.targetName,
    cluster: 'cluster' in contract.target ? contract.target.cluster : null,
    csrKey: contract.tls.csr === undefined ? null : csrKey(contract.tls.csr),
    requestId: again?.requestId ?? null,
    endpointId: again?.endpointId ?? null,
    now,
  });
};
