import { cookies } from 'next/headers';
import type { ReactNode } from 'react';
import { needThing } from '@/app/(portal)/need-thing';
import { Prefetch } from '@/app/(portal)/prefetch';
import { ColumnChoiceProvider } from '@/components/ui/column-choice';
import { Toaster } from '@/components/ui/toaster';
import { Brand } from '@/features/shell/brand';
import { Shell } from '@/features/shell/shell';
import { columnCookie, readColumnChoices } from '@/lib/column-choice';
import { trpc, viewer } from '@/server/rsc';
import { signInFirst } from '@/server/sign-in-first';

/** Every page behind the sign-in: nobody gets further without a session that still counts. */
export default async function PortalLayout({ children }: { children: ReactNode }) {
  if ((await viewer()) === null) await signInFirst();
  await needThing();
  const jar = await cookies();
  const theme = jar.get('theme')?.value;
  return (
    <Prefetch
      queries={[trpc.account.me.queryOptions(), trpc.account.home.queryOptions()]}
      frame={(page) => (
        <main className="mx-auto grid min-h-dvh max-w-lg content-center gap-4 px-4">
          <Brand />
          {page}
        </main>
      )}
    >
      <ColumnChoiceProvider initial={readColumnChoices(jar.get(columnCookie)?.value)}>
        <Shell theme={theme === 'light' || theme === 'dark' ? theme : 'system'}>{children}</Shell>
      </ColumnChoiceProvider>
      <Toaster />
    </Prefetch>
  );
}
