'use client';
// The next request that waits for whoever reviews, one key away: while they decide, and once they have.
import { useQuery } from '@tanstack/react-query';
import { useRouter } from 'next/navigation';
import { Section } from '@/components/ui/card';
import { Kbd } from '@/components/ui/kbd';
import { Link, TextLink } from '@/components/ui/link';
import { Hostname } from '@/features/name/hostname';
import { useSingleKey } from '@/features/shell/preferences';
import { useTRPC } from '@/lib/trpc';

/** @returns undefined while nobody knows, null where nothing else waits */
function useNextForMe(requestId: string) {
  const { data } = useQuery(useTRPC().requests.list.queryOptions({ queue: true, limit: 20 }));
  return data && (data.rows.find(({ id }) => id !== requestId) ?? null);
}

function NextLink({ next }: { next: { readonly id: string; readonly unicode: string } }) {
  const router = useRouter();
  useSingleKey('j', () => router.push(`/requests/${next.id}`));
  return (
    <p className="flex items-baseline gap-1.5 text-sm">
      <span className="text-ink-3">Next:</span>
      <Link href={`/requests/${next.id}`} className="min-w-0 rounded-[3px] hover:underline">
        <Hostname name={next.unicode} className="text-sm" />
      </Link>
      <Kbd className="ml-auto">J</Kbd>
    </p>
  );
}

/** Beneath a decision that is still to be made. */
export function NextForMe({ requestId }: { requestId: string }) {
  const next = useNextForMe(requestId);
  if (!next) return null;
  return (
    <div className="mt-4 border-line border-t pt-3">
      <NextLink next={next} />
    </div>
  );
}

/** In place of a decision that was made. */
export function NextAfterDecision({ requestId }: { requestId: string }) {
  const next = useNextForMe(requestId);
  if (next === undefined) return null;
  return (
    <Section title="You have decided">
      {next ? (
        <NextLink next={next} />
      ) : (
        <p className="text-ink-2 text-sm">
          Nothing else waits for you. <TextLink href="/requests">All requests</TextLink>
        </p>
      )}
    </Section>
  );
}
