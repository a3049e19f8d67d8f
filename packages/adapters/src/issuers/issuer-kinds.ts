// What a process may know of the issuers that can be connected and that opens none: words, schemas and rules, and not the way in.
import { byKind } from '@hostmaster/core/descriptor';
import type { IssuerKinds } from '@hostmaster/core/pki/issuer';
import { isBrought, signsHere } from '@hostmaster/core/pki/source-traits';
import { issuers } from './issuers.ts';

/** Those that are made here, or known by what they signed alone, are connected by nobody. */
export const issuerKinds: IssuerKinds = byKind(
  [...issuers.values()]
    .filter(({ kind }) => !signsHere(kind) && !isBrought(kind))
    .map(({ open: _, openTest: __, ownKey: ___, ...described }) => described),
);
