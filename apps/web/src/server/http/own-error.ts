// Whatever was thrown, as our error: the library's own failures (no such procedure, unparsable input) get the code that
// the error table has for them, a lost database says so, and anything unknown becomes a bare `internal`.
import { asHostmasterError, HostmasterError } from '@hostmaster/core/errors';
import { asDatabaseError } from '@hostmaster/db/transaction';
import { TRPCError } from '@trpc/server';
import { z } from 'zod';
import { invalidInput } from './violations.ts';

/** Never throws; the foreign error stays as the `cause`, for the log only. */
export function asOwnError(error: unknown): HostmasterError {
  if (error instanceof HostmasterError) return error;
  if (error instanceof TRPCError) return fromTrpc(error);
  return asHostmasterError(asDatabaseError(error));
}

function fromTrpc(error: TRPCError): HostmasterError {
  if (error.cause instanceof HostmasterError) return error.cause;
  if (error.code === 'BAD_REQUEST' && error.cause instanceof z.core.$ZodError) return invalidInput(error.cause.issues);
  switch (error.code) {
    case 'PARSE_ERROR':
    case 'BAD_REQUEST':
      return new HostmasterError('invalid-input', 'The input is not valid JSON of the form that tRPC sends.', { cause: error });
    case 'NOT_FOUND':
      return new HostmasterError('not-found', 'There is no procedure of that name.', { cause: error });
    case 'METHOD_NOT_SUPPORTED':
      return new HostmasterError('invalid-input', 'The procedure is not called with this method.', { cause: error });
    case 'UNSUPPORTED_MEDIA_TYPE':
      return new HostmasterError('unsupported-media-type', 'Send JSON.', { cause: error });
    case 'PAYLOAD_TOO_LARGE':
      return new HostmasterError('body-too-large', 'The body is too large.', { cause: error });
    default:
      return asHostmasterError(asDatabaseError(error.cause ?? error));
  }
}
