import { asHostmasterError } from '@hostmaster/core/errors';

/** What a procedure that was called in process threw, as our error. */
export const ownErrorOf = (error: unknown) => asHostmasterError(error instanceof Error ? (error.cause ?? error) : error);
