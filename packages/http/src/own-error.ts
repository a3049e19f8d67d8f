import { asHostmasterError, type HostmasterError } from '@hostmaster/core/errors';
import { asDatabaseError } from '@hostmaster/db/transaction';

/**
 * Whatever was thrown, as our error: a lost database says so, and anything unknown becomes a bare `internal`. Never throws;
 * the foreign error stays as the `cause`, for the log only.
 */
export const asOwnError = (error: unknown): HostmasterError => asHostmasterError(asDatabaseError(error));
