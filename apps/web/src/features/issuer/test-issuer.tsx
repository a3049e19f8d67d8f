'use client';
import type { IssuerRow } from '@hostmaster/core/contract/issuer';
import { useQueryClient } from '@tanstack/react-query';
import { useCallback } from 'react';
import { TestConnection } from '@/features/connection/test-connection';
import { useTRPC } from '@/lib/trpc';
import { besidesOf } from './issuer-trial';
import { useKinds } from './use-kinds';

export function TestIssuer({ issuer: { id, name, kind: word, lastTest } }: { issuer: IssuerRow }) {
  const trpc = useTRPC();
  const queries = useQueryClient();
  const kind = useKinds().find((each) => each.kind === word);
  return (
    <TestConnection
      id={id}
      name={name}
      lastTest={lastTest}
      checks={kind?.checks ?? null}
      besides={besidesOf(kind)}
      wish={trpc.issuers.test.mutationOptions()}
      refresh={useCallback(() => void queries.invalidateQueries(trpc.issuers.pathFilter()), [queries, trpc])}
      edit={`/issuers/${id}/edit`}
      asking="Asking the CA…"
    />
  );
}
