'use client';
import type { home } from '@hostmaster/core/contract/account';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { ArrowRight } from 'lucide-react';
import type { Route } from 'next';
import { toast } from 'sonner';
import type { z } from 'zod';
import { Button } from '@/components/ui/button';
import { Card } from '@/components/ui/card';
import { Link } from '@/components/ui/link';
import { Mark, type MarkState } from '@/components/ui/mark';
import { Time } from '@/components/ui/time';
import { cn } from '@/lib/class-names';
import { grouped } from '@/lib/format/text';
import { problemOf } from '@/lib/problem';
import { routeOf } from '@/lib/routes';
import { useTRPC } from '@/lib/trpc';

type Need = z.output<typeof home>['needsMe'][number];

const kinds = {
  worker: { mark: 'bad', does: null },
  lane: { mark: 'bad', does: null },
  review: { mark: 'wait', does: 'Review' },
  request: { mark: 'wait', does: 'Look' },
  // Whether it is mended there, at its zone or by somebody else, its page says.
  endpoint: { mark: 'bad', does: 'Look' },
  certificate: { mark: 'wait', does: 'Look' },
  zone: { mark: 'bad', does: 'Mend' },
  issuer: { mark: 'bad', does: 'Look' },
  discovered: { mark: 'wait', does: 'Look' },
  campaign: { mark: 'wait', does: 'Decide' },
} satisfies Record<Need['kind'], { mark: MarkState; does: string | null }>;

/** What needs the asker, the most urgent first. */
export function Needs({ needs }: { needs: readonly Need[] }) {
  return (
    <Card className="overflow-clip">
      <ul aria-label="What needs you" className="divide-y divide-line">
        {needs.map((need) => (
          <li
            key={`${need.kind}${need.id}`}
            className={cn(
              'relative flex items-start gap-x-3 gap-y-1 px-4 py-3.5 max-sm:flex-wrap sm:px-5',
              kinds[need.kind].does && 'hover:bg-sunken',
            )}
          >
            <Mark state={kinds[need.kind].mark} className="mt-0.75" />
            <div className="min-w-0 flex-1">
              <Title need={need} />
              {need.names !== undefined && need.names > 1 && <p className="text-ink-3 text-xs">{grouped(need.names)} names, one cause</p>}
              <p className="text-ink-2 text-sm [overflow-wrap:anywhere]">{need.text}</p>
            </div>
            <div className="flex items-center gap-3 whitespace-nowrap empty:hidden max-sm:basis-full max-sm:pl-7 sm:h-6">
              {need.since && (
                <span className="text-ink-3 text-xs">
                  {need.kind === 'worker' && 'last seen '}
                  <Time at={need.since} />
                </span>
              )}
              {need.kind === 'request' && <Dismiss id={need.id} title={need.title} />}
              {kinds[need.kind].does && (
                <span aria-hidden className="flex items-center gap-1 text-accent text-sm max-sm:hidden">
                  {kinds[need.kind].does} <ArrowRight className="size-3.5" />
                </span>
              )}
            </div>
          </li>
        ))}
      </ul>
    </Card>
  );
}

/** Above the link that the whole row is. */
function Dismiss({ id, title }: { id: string; title: string }) {
  const trpc = useTRPC();
  const queries = useQueryClient();
  const dismiss = useMutation(
    trpc.account.dismiss.mutationOptions({
      onSuccess: () => queries.invalidateQueries(trpc.account.home.queryFilter()),
      onError: (error) => toast.error(problemOf(error).detail),
    }),
  );
  return (
    <Button
      size="sm"
      look="bare"
      aria-label={`Dismiss ${title}`}
      busy={dismiss.isPending && 'Dismissing…'}
      onClick={() => dismiss.mutate({ id })}
      className="relative z-1 max-sm:-mr-2.5 max-sm:ml-auto"
    >
      Dismiss
    </Button>
  );
}

/** The list of all that the same holds up. */
export const namesOfOneCause = (id: string): Route => `/endpoints?like=${id}` as Route;

/** A link to its page, where there is one, or to the list where it is of many names. */
function Title({ need: { kind, id, title, names = 1 } }: { need: Need }) {
  if (kind === 'worker' || kind === 'lane') return <p className="font-[620]">{title}</p>;
  return (
    <Link
      href={names > 1 ? namesOfOneCause(id) : routeOf({ kind, id })}
      className={cn(
        'rounded-[3px] font-[620] [overflow-wrap:anywhere] after:absolute after:inset-0 focus-visible:-outline-offset-2',
        title.includes('.') && 'name',
      )}
    >
      {title}
    </Link>
  );
}
