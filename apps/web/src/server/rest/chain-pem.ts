import { certificateQuery } from '@hostmaster/core/contract/certificate';
import { HostmasterError } from '@hostmaster/core/errors';
import { signedIn } from '@hostmaster/http/bearer';
import { answer } from '@hostmaster/http/door';
import { parseInput } from '@hostmaster/http/parse-input';
import { countTries } from '@hostmaster/http/rate-limit';
import { getCertificate } from '@hostmaster/usecases/certificate/get';
import type { Container } from '../container.ts';
import { requestContext } from '../request-context.ts';
import { clientOf, usecaseContext } from '../usecase-context.ts';

/** A certificate's chain as a file, leaf first (RFC 8555, section 9.1): the one answer of the API that is not JSON. */
export const serveChainPem = (request: Request, serial: string, container: Container): Promise<Response> =>
  answer(request, container.door, async (exchange) => {
    if (!['GET', 'HEAD'].includes(request.method)) {
      exchange.headers.set('Allow', 'GET');
      throw new HostmasterError('method-not-allowed', 'The chain takes GET.');
    }
    const context = await requestContext(request, container, exchange);
    const actor = signedIn(context.actor);
    await countTries(actor, 1, container.door, exchange);
    const { chainPem } = await container.door.inTurn(actor.id, () =>
      getCertificate(usecaseContext(container.parts, actor, clientOf(context)), parseInput(certificateQuery, { serial })),
    );
    const headers = {
      'Content-Type': 'application/pem-certificate-chain',
      'Content-Disposition': `attachment; filename="${serial.replaceAll(/[^0-9A-Fa-f]/g, '')}.pem"`,
    };
    return new Response(chainPem, { headers });
  });
