'use client';
import type { CertificateRow } from '@hostmaster/core/contract/certificate';
import { isInUse } from '@hostmaster/core/pki/certificate-state';
import { Time, useNow } from '@/components/ui/time';
import { date } from '@/lib/format/time';

/** When the next certificate is made, in brief; of one that was replaced or revoked none is. */
export function RenewsAt({ renewAfter, state }: Pick<CertificateRow, 'renewAfter' | 'state'>) {
  const now = useNow();
  if (!isInUse(state)) return <span className="text-ink-3">no more</span>;
  return Date.parse(renewAfter) < now ? <span className="text-wait">due</span> : <Time at={renewAfter} />;
}

/** When the next certificate is made; "due" once that time has come. */
export function Renewal({
  after,
  over,
  brought,
}: {
  after: string;
  /** Its team imports the next one. */
  brought: boolean;
  /** Another one has succeeded it, or it was ended. */
  over: boolean;
}) {
  const now = useNow();
  if (over) return <span className="text-ink-3">no more</span>;
  const due = Date.parse(after) < now;
  return (
    <>
      {brought ? 'imported by its team, ' : 'by itself, '}
      {due ? 'due ' : brought && 'asked for '}
      <Time at={after} /> <span className="text-ink-3">({date(after)})</span>
    </>
  );
}
