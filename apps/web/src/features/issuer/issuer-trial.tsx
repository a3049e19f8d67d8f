'use client';
// "Test connection" in the form of an issuer: what was typed is tried by a worker, and nothing of it is kept.
import type { IssuerKindRow, IssuerTrialDraft } from '@hostmaster/core/contract/issuer';
import { Button } from '@/components/ui/button';
import { type Trial, TrialFindings, useTrial } from '@/features/connection/trial';
import { useTRPC } from '@/lib/trpc';
import { type IssuerFormValues, issuerTrialDraftOf } from './issuer-form-values';

export function useIssuerTrial(values: IssuerFormValues, kind: IssuerKindRow | undefined): Trial<IssuerTrialDraft> {
  return useTrial(issuerTrialDraftOf(values, kind), useTRPC().issuers.try.mutationOptions());
}

/** Beside what a kind checks whose proofs stand in DNS. */
const everyProof = { prefix: 'proof ', holds: 'Proofs (TXT) can be written in every zone' };
export const besidesOf = (kind: Pick<IssuerKindRow, 'provesInDns'> | undefined) => (kind?.provesInDns ? everyProof : null);

/** @param before what was said of the form so far is said no more */
export const TryButton = ({ trial, before }: { trial: Trial<IssuerTrialDraft>; before: () => void }) => (
  <Button
    busy={trial.state === 'working' && 'Asking the CA…'}
    onClick={() => {
      before();
      trial.start();
    }}
  >
    {trial.operation === null ? 'Test connection' : 'Test again'}
  </Button>
);

export const IssuerTrialFindings = ({ trial, kind }: { trial: Trial<IssuerTrialDraft>; kind: IssuerKindRow }) => (
  <TrialFindings trial={trial} checks={kind.checks} besides={besidesOf(kind)} />
);
