import type { View } from '@hostmaster/core/dns/view';
import type { EndpointPurpose } from '@hostmaster/core/operation/purpose';
import type { Tx } from '@hostmaster/db/client';
import { type Operation, startOperation } from '@hostmaster/db/operation';

/** What work on an endpoint is about: its name in its view, which is there before the endpoint is. */
export const endpointSubject = ({ hostname, view }: { readonly hostname: string; readonly view: View }): string =>
  `endpoint:${view}:${hostname}`;

/**
 * Begins work on an endpoint, for whatever purpose. Null where other work is under way that such a wish does not displace.
 * @param work.endpointId left out while the name has no endpoint yet; the first step gives it one
 */
export const startReconcile = (
  tx: Tx,
  work: {
    readonly purpose: EndpointPurpose;
    readonly hostname: string;
    readonly view: View;
    readonly zoneId: string | null;
    readonly endpointId?: string | null;
    readonly requestId?: string;
    /** It does not begin before this. */
    readonly notBefore?: Date | undefined;
    /** Why it is begun. */
    readonly reason: string;
  },
  now: Date,
): Promise<Operation | null> => {
  const { purpose, zoneId, endpointId, requestId, notBefore, reason } = work;
  const given = {
    ...(endpointId ? { endpointId } : {}),
    ...(requestId === undefined ? {} : { requestId }),
    ...(notBefore === undefined ? {} : { notBefore }),
  };
  return startOperation(tx, { kind: 'endpoint', purpose, subject: endpointSubject(work), zoneId, reason, ...given }, now);
};

/** Begins giving back what a request that ended on its way had begun. */
export const startGivingBack = (
  tx: Tx,
  request: {
    readonly id: string;
    readonly hostname: string;
    readonly view: View;
    readonly zoneId: string | null;
    readonly endpointId: string | null;
  },
  { reason, notBefore }: { readonly reason: string; readonly notBefore?: Date },
  now: Date,
): Promise<Operation | null> => {
  const { id: requestId, hostname, view, zoneId, endpointId } = request;
  return startReconcile(tx, { purpose: 'cancellation', hostname, view, zoneId, endpointId, requestId, notBefore, reason }, now);
};
