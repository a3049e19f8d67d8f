import { clientAddress } from '@hostmaster/http/client-address';
import { answer } from '@hostmaster/http/door';
import { readBytes } from '@hostmaster/http/json-body';
import { NextRequest } from 'next/server';
import NextAuth from 'next-auth';
import { authOptions } from '@/server/auth';
import { container } from '@/server/container';
import { withoutLogRoute } from '@/server/sign-in-log';

type Context = { params: Promise<{ nextauth: string[] }> };

const clientOf = ({ headers }: Request) => ({
  userAgent: headers.get('user-agent'),
  address: clientAddress(headers, container().env.trustedProxyHops),
});

const get = (request: NextRequest, context: Context): Promise<Response> =>
  NextAuth(request, context, authOptions(container(), clientOf(request)));

/** next-auth reads whatever it is sent: bounded here, like every other body. */
const post = (request: NextRequest, context: Context): Promise<Response> =>
  answer(request, container().door, async () => {
    const { url, method, headers } = request;
    return get(new NextRequest(url, { method, headers, body: await readBytes(request) }), context);
  });

const [GET, POST] = [withoutLogRoute(get), withoutLogRoute(post)];

export { GET, POST };
