import type { IssuerTrial } from '@hostmaster/core/contract/issuer';
import type { Operation } from '@hostmaster/core/contract/operation';
import { ofKind } from '@hostmaster/core/descriptor';
import type { Violation } from '@hostmaster/core/errors';
import { authorize } from '@hostmaster/core/policy/authorize';
import { beginTrial } from '../connection/try.ts';
import type { SealingCtx } from '../context.ts';
import { refuse } from '../violation.ts';
import { fingerprints, issuerColumns, issuerConnectionColumns, triedIssuer } from './settings.ts';

/**
 * Has a worker test a connection before any issuer is kept with it: nothing is connected, no account is made at the CA, and what was
 * typed is thrown away with the end of the test. Errors: forbidden, rate-limited, invalid-input with everything that is wrong.
 */
export async function tryIssuer(ctx: SealingCtx, { connection, ...said }: IssuerTrial): Promise<Operation> {
  authorize(ctx.actor, 'issuer.test');
  const violations: Violation[] = [];
  const columns = await issuerColumns(ctx, said, violations);
  refuse(violations);
  return beginTrial(ctx, {
    ...triedIssuer(columns, connection),
    act: 'issuer.try',
    name: ofKind(ctx.issuerKinds, connection.kind).label,
    said: { suffixes: columns.permittedSuffixes, roots: fingerprints(columns.chainPem) },
    seal: (id) => issuerConnectionColumns(ctx, id, connection),
  });
}
