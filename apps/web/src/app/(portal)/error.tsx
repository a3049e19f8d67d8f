'use client';
import { useQueryErrorResetBoundary } from '@tanstack/react-query';
import { useRouter } from 'next/navigation';
import { startTransition } from 'react';
import { Button } from '@/components/ui/button';
import { Link } from '@/components/ui/link';
import { PageHeader } from '@/components/ui/page-header';
import { ProblemPanel } from '@/components/ui/problem-panel';

/** A page that could not be shown; the rail stays, and trying again asks the server anew. */
export default function PortalError({ error, reset }: { error: Error; reset: () => void }) {
  const queries = useQueryErrorResetBoundary();
  const router = useRouter();
  return (
    <>
      <PageHeader title="This did not work" />
      <ProblemPanel
        error={error}
        action={
          <>
            <Button
              onClick={() => {
                queries.reset();
                startTransition(() => {
                  router.refresh();
                  reset();
                });
              }}
            >
              Try again
            </Button>
            <Button asChild look="bare">
              <Link href="/">Go home</Link>
            </Button>
          </>
        }
      />
    </>
  );
}
