'use client';
// A private key on its way into this browser: a key pair is made for it here, a worker seals to its public half, and what is opened
// is kept in this page alone.
import type { Operation } from '@hostmaster/core/contract/operation';
import { newRecipient, openSealed } from '@hostmaster/core/pki/hpke';
import { type ExportedKey, exportedKey, exportedKeyContext } from '@hostmaster/core/pki/key-export';
import { useMutation } from '@tanstack/react-query';
import { useCallback, useEffect, useRef, useState } from 'react';
import { isFinished } from '@/features/operation/poll';
import { useLiveOperation } from '@/features/operation/use-live-operation';
import type { ShownProblem } from '@/lib/problem';
import { useTRPC } from '@/lib/trpc';

const nothing = () => {};
const base64url = (octets: Uint8Array): string =>
  btoa(String.fromCharCode(...octets))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replaceAll('=', '');

async function open(privateKey: CryptoKey, sealed: string, id: string): Promise<ExportedKey> {
  const octets = Uint8Array.from(atob(sealed), (letter) => letter.charCodeAt(0));
  return exportedKey.parse(JSON.parse(new TextDecoder().decode(await openSealed(privateKey, octets, exportedKeyContext(id)))));
}

export function useKeyExport(serial: string) {
  const trpc = useTRPC();
  const own = useRef<CryptoKey | null>(null);
  const [begun, setBegun] = useState<Operation | null>(null);
  const ask = useMutation(trpc.certificates.exportKey.mutationOptions());
  const collect = useMutation(trpc.certificates.collectKey.mutationOptions());
  const [taken, setTaken] = useState<ExportedKey | null>(null);
  const live = useLiveOperation(begun, nothing);
  const ready = live?.state === 'succeeded' ? String(live.result?.id ?? '') : '';
  const { mutateAsync: fetchSealed } = collect;
  const take = useCallback(
    async (id: string) => {
      if (own.current === null) return;
      const { sealed } = await fetchSealed({ id });
      setTaken(await open(own.current, sealed, id));
      own.current = null;
    },
    [fetchSealed],
  );
  useEffect(() => {
    // What is refused is shown by the mutation.
    if (ready !== '') void take(ready).catch(nothing);
  }, [ready, take]);
  const failed: ShownProblem | null =
    live?.state === 'failed'
      ? { code: null, title: 'The key was not sealed', detail: live.reason, remedy: '', violations: [], traceId: null }
      : null;
  // Handed over and lost on the way: the same is there for as long as it opens in this page.
  const again = collect.isError && ready !== '' ? () => void take(ready).catch(nothing) : null;
  const working = ask.isPending || collect.isPending || (live !== null && !isFinished(live));
  return {
    taken,
    again,
    ask: async (password: string) => {
      setBegun(null);
      collect.reset();
      const { publicKey, privateKey } = await newRecipient();
      own.current = privateKey;
      ask.mutate({ serial, password, recipient: base64url(publicKey) }, { onSuccess: setBegun });
    },
    busy: working ? (live?.stalled ? 'Waiting for a worker…' : 'A worker is at it…') : (false as const),
    error: ask.error ?? collect.error,
    sent: ask.variables,
    failed,
  };
}
