// What tRPC throws, as our error: its own failures (no such procedure, unparsable input) get the code that the error table
// has for them; everything else is what any door makes of it.
import { HostmasterError } from '@hostmaster/core/errors';
import { asOwnError } from '@hostmaster/http/own-error';
import { TRPCError } from '@trpc/server';

/** Never throws; the foreign error stays as the `cause`, for the log only. */
export function ownErrorOf(error: unknown): HostmasterError {
  if (!(error instanceof TRPCError)) return asOwnError(error);
  if (error.cause instanceof HostmasterError) return error.cause;
  switch (error.code) {
    case 'PARSE_ERROR':
    case 'BAD_REQUEST':
      return new HostmasterError('invalid-input', 'The input is not valid JSON of the form that tRPC sends.', { cause: error });
    case 'NOT_FOUND':
      return new HostmasterError('not-found', 'There is no procedure of that name.', { cause: error });
    case 'METHOD_NOT_SUPPORTED':
      return new HostmasterError('method-not-allowed', 'The procedure is not called with this method.', { cause: error });
    case 'UNSUPPORTED_MEDIA_TYPE':
      return new HostmasterError('unsupported-media-type', 'Send JSON.', { cause: error });
    case 'PAYLOAD_TOO_LARGE':
      return new HostmasterError('body-too-large', 'The body is too large.', { cause: error });
    default:
      return asOwnError(error.cause ?? error);
  }
}
