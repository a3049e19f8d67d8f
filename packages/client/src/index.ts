// What another program calls Hostmaster with: the portal's own procedures, by their types. No code of the portal comes along;
// tools/pack.ts writes the types out whole.
import { createTRPCClient, httpBatchLink, type TRPCClient } from '@trpc/client';
import type { AppRouter } from '../../../apps/web/src/server/trpc/router.ts';

export type { AppRouter };

export type ClientOptions = {
  /** Origin of the portal, such as https://hostmaster.example.test. */
  readonly url: string;
  /** A token of the portal, `hm_…`. */
  readonly token: string;
};

/**
 * A client with every procedure: `client.endpoints.list.query({ search: 'orders' })`. What is refused is thrown as a
 * `TRPCClientError` of @trpc/client, whose `data` has the code, the violations and the remedy of a problem document.
 */
export const createClient = ({ url, token }: ClientOptions): TRPCClient<AppRouter> =>
  createTRPCClient<AppRouter>({
    links: [
      httpBatchLink({
        url: new URL('/api/trpc', url).href,
        // Queries are sent as POST too: what is asked may be longer than an address. The portal takes no more calls at once.
        methodOverride: 'POST',
        maxItems: 20,
        headers: { Authorization: `Bearer ${token}` },
      }),
    ],
  });
