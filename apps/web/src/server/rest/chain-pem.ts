import { HostmasterError } from '@hostmaster/core/errors';
import type { Container } from '../container.ts';
import { asOwnError } from '../http/own-error.ts';
import { logError, problemResponse } from '../http/problem.ts';
import { requestContext, traceIdOf } from '../request-context.ts';
import { limitToken } from '../token-limit.ts';
import { createCaller } from '../trpc/router.ts';

/** A certificate's chain as a file, leaf first (RFC 8555, section 9.1): the one answer of the API that is not JSON. */
export async function serveChainPem(request: Request, serial: string, container: Container): Promise<Response> {
  const traceId = traceIdOf(request.headers);
  const headers: Record<string, string> = {};
  try {
    if (!['GET', 'HEAD'].includes(request.method)) {
      headers.Allow = 'GET';
      throw new HostmasterError('method-not-allowed', 'The chain takes GET.');
    }
    const context = await requestContext(request, container, traceId);
    Object.assign(headers, await limitToken(context.actor, container));
    const caller = createCaller(context);
    const { chainPem } = await caller.certificates.get({ serial });
    if (chainPem === null) throw new HostmasterError('not-found', `The certificate ${serial} is not issued yet.`);
    return new Response(chainPem, {
      headers: {
        'Content-Type': 'application/pem-certificate-chain',
        'Content-Disposition': `attachment; filename="${serial.replaceAll(/[^0-9A-Fa-f]/g, '')}.pem"`,
        'Cache-Control': 'no-store',
        'Trace-Id': traceId,
        ...headers,
      },
    });
  } catch (thrown) {
    const error = asOwnError(thrown);
    logError(container.log, error, traceId, `${request.method} chain.pem of ${serial.slice(0, 64)}`);
    return problemResponse(error, traceId, container.env.publicUrl, headers);
  }
}
