'use client';
import { useRouter } from 'next/navigation';
import { Button } from '@/components/ui/button';
import { PageHeader } from '@/components/ui/page-header';
import { ProblemPanel } from '@/components/ui/problem-panel';

/** In place of a page that somebody asked for who asked for too much; `detail` says when that passes. */
export function Limited({ code, title, detail }: { code: string; title: string; detail: string }) {
  const { refresh } = useRouter();
  const remedy = 'Wait as long as it says, then show the page again. What programs do in your name counts, too.';
  return (
    <>
      <PageHeader title="Too much at once" />
      <ProblemPanel
        problem={{ code, title, detail, remedy, violations: [], traceId: null }}
        action={<Button onClick={() => refresh()}>Show the page again</Button>}
      />
    </>
  );
}
