'use client';
import { Time, useNow } from '@/components/ui/time';
import { date } from '@/lib/format/time';

/** When the next certificate is made, in brief. */
export function RenewsAt({ after }: { after: string }) {
  const now = useNow();
  return Date.parse(after) < now ? <span className="text-wait">due</span> : <Time at={after} />;
}

/** When the next certificate is made; "due" once that time has come. */
export function Renewal({
  after,
  over,
}: {
  after: string;
  /** Another one has succeeded it, or it was ended. */
  over: boolean;
}) {
  const now = useNow();
  if (over) return <span className="text-ink-3">no more</span>;
  const due = Date.parse(after) < now;
  return (
    <>
      by itself, {due && 'due '}
      <Time at={after} /> <span className="text-ink-3">({date(after)})</span>
    </>
  );
}
