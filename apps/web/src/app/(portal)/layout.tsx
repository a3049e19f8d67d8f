import { cookies } from 'next/headers';
import { redirect } from 'next/navigation';
import type { ReactNode } from 'react';
import { Prefetch } from '@/app/(portal)/prefetch';
import { Toaster } from '@/components/ui/toaster';
import { Shell } from '@/features/shell/shell';
import { trpc, viewer } from '@/server/rsc';

/** Every page behind the sign-in: nobody gets further without a session that still counts. */
export default async function PortalLayout({ children }: { children: ReactNode }) {
  if ((await viewer()) === null) redirect('/sign-in');
  const theme = (await cookies()).get('theme')?.value;
  return (
    <Prefetch queries={[trpc.account.me.queryOptions(), trpc.account.home.queryOptions()]}>
      <Shell theme={theme === 'light' || theme === 'dark' ? theme : 'system'}>{children}</Shell>
      <Toaster />
    </Prefetch>
  );
}
