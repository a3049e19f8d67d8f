import { clientAddress } from '@hostmaster/http/client-address';
import { answer } from '@hostmaster/http/door';
import { readBytes } from '@hostmaster/http/json-body';
import { NextRequest } from 'next/server';
import NextAuth from 'next-auth';
import { authOptions } from '@/server/auth';
import { container } from '@/server/container';
import { requireSignInRoute } from '@/server/sign-in-routes';

type Context = { params: Promise<{ nextauth: string[] }> };

const clientOf = ({ headers }: Request) => ({
  userAgent: headers.get('user-agent'),
  address: clientAddress(headers, container().env.trustedProxyHops),
});

/** next-auth reads whatever it is sent: bounded here, like every other body. */
const serve = (request: NextRequest, context: Context): Promise<Response> =>
  answer(request, container().door, async (exchange) => {
    requireSignInRoute(request, (await context.params).nextauth, exchange);
    const { url, headers } = request;
    const asked =
      request.method === 'POST'
        ? new NextRequest(url, { method: 'POST', headers, body: await readBytes(request) })
        : new NextRequest(url, { method: 'GET', headers });
    return NextAuth(asked, context, authOptions(container(), clientOf(request)));
  });

export { serve as GET, serve as POST };
