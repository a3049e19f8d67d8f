import { NextRequest } from 'next/server';
import NextAuth from 'next-auth';
import { authOptions } from '@/server/auth';
import { container } from '@/server/container';
import { readBytes } from '@/server/http/json-body';
import { asOwnError } from '@/server/http/own-error';
import { problemResponse } from '@/server/http/problem';
import { traceIdOf } from '@/server/request-context';

type Context = { params: Promise<{ nextauth: string[] }> };

const get = (request: NextRequest, context: Context): Promise<Response> => NextAuth(request, context, authOptions(container()));

/** next-auth reads whatever it is sent: bounded here, like every other body. */
async function post(request: NextRequest, context: Context): Promise<Response> {
  try {
    const { url, method, headers } = request;
    return await get(new NextRequest(url, { method, headers, body: await readBytes(request) }), context);
  } catch (thrown) {
    return problemResponse(asOwnError(thrown), traceIdOf(request.headers), container().env.publicUrl);
  }
}

export { get as GET, post as POST };
