'use client';
import { QueryClientProvider } from '@tanstack/react-query';
import { createTRPCClient, httpBatchStreamLink } from '@trpc/client';
import { NuqsAdapter } from 'nuqs/adapters/next/app';
import { type ReactNode, useState } from 'react';
import { Clock } from '@/components/ui/time';
import { getQueryClient } from '@/lib/query-client';
import { TRPCProvider } from '@/lib/trpc';
import type { AppRouter } from '@/server/trpc/router';

export function Providers({ renderedAt, children }: { renderedAt: number; children: ReactNode }) {
  const queryClient = getQueryClient();
  const [trpcClient] = useState(() =>
    createTRPCClient<AppRouter>({
      // Queries travel as POST too: contracts are longer than an address line may be, and do not belong into logs.
      links: [httpBatchStreamLink({ url: '/api/trpc', methodOverride: 'POST', maxItems: 20 })],
    }),
  );
  return (
    <QueryClientProvider client={queryClient}>
      <TRPCProvider trpcClient={trpcClient} queryClient={queryClient}>
        <NuqsAdapter>
          <Clock renderedAt={renderedAt}>{children}</Clock>
        </NuqsAdapter>
      </TRPCProvider>
    </QueryClientProvider>
  );
}
