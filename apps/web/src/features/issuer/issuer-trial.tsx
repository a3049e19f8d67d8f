'use client';
// The test in the form of an issuer: what was typed is tried by a worker, and nothing of it is kept.
import type { IssuerKindRow, IssuerTrialDraft } from '@hostmaster/core/contract/issuer';
import { type Trial, TrialFindings, useTrial } from '@/features/connection/trial';
import { useTRPC } from '@/lib/trpc';
import { type IssuerFormValues, issuerTrialDraftOf } from './issuer-form-values';

export function useIssuerTrial(values: IssuerFormValues, kind: IssuerKindRow | undefined): Trial<IssuerTrialDraft> {
  return useTrial(issuerTrialDraftOf(values, kind), useTRPC().issuers.try.mutationOptions());
}

/** Beside what a kind checks whose proofs stand in DNS. */
const everyProof = { prefix: 'proof ', holds: 'Proofs can be written in every zone' };
export const besidesOf = (kind: Pick<IssuerKindRow, 'provesInDns'> | undefined) => (kind?.provesInDns ? everyProof : null);

type Shown = { trial: Trial<IssuerTrialDraft>; kind: IssuerKindRow; anyway: string };

export const IssuerTrialFindings = ({ trial, kind, anyway }: Shown) => (
  <TrialFindings trial={trial} checks={kind.checks} besides={besidesOf(kind)} anyway={anyway} />
);
