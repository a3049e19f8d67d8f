'use client';
import { useRouter } from 'next/navigation';
import { startTransition } from 'react';
import { Button } from '@/components/ui/button';
import { ProblemPanel } from '@/components/ui/problem-panel';
import { Brand } from '@/features/shell/brand';

export default function RootError({ error, reset }: { error: Error; reset: () => void }) {
  const router = useRouter();
  const again = () =>
    startTransition(() => {
      // What the server rendered is the error: it is asked for anew, not only shown again.
      router.refresh();
      reset();
    });
  return (
    <main className="mx-auto grid min-h-dvh max-w-lg content-center gap-4 px-4">
      <Brand />
      <h1 className="text-xl">This did not work</h1>
      <ProblemPanel error={error} action={<Button onClick={again}>Try again</Button>} />
    </main>
  );
}
