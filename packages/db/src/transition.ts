// The only door through which states move: a compare-and-set built from the table of core. What the table does not list
// cannot be written, and a row that another transaction moved first is left alone.
import { campaignMachine } from '@hostmaster/core/campaign/state';
import { endpointMachine } from '@hostmaster/core/endpoint/state';
import { operationMachine } from '@hostmaster/core/operation/state';
import { certificateMachine } from '@hostmaster/core/pki/certificate-state';
import { orderMachine } from '@hostmaster/core/pki/order-state';
import { rootMachine } from '@hostmaster/core/pki/root-state';
import { requestMachine } from '@hostmaster/core/request/state';
import type { StateMachine } from '@hostmaster/core/state-machine';
import type { Reader } from './client.ts';
import type { Prisma } from './generated/prisma/client.ts';

const machines = {
  request: requestMachine,
  endpoint: endpointMachine,
  certificateOrder: orderMachine,
  certificate: certificateMachine,
  operation: operationMachine,
  issuer: rootMachine,
  campaign: campaignMachine,
};
type Machines = typeof machines;
export type Entity = keyof Machines;
type EventOf<E extends Entity> = Machines[E] extends StateMachine<string, infer Event> ? Event : never;

type Where = {
  request: Prisma.RequestWhereInput;
  endpoint: Prisma.EndpointWhereInput;
  certificateOrder: Prisma.CertificateOrderWhereInput;
  certificate: Prisma.CertificateWhereInput;
  operation: Prisma.OperationWhereInput;
  issuer: Prisma.IssuerWhereInput;
  campaign: Prisma.CampaignWhereInput;
};
type Data = {
  request: Prisma.RequestUncheckedUpdateManyInput;
  endpoint: Prisma.EndpointUncheckedUpdateManyInput;
  certificateOrder: Prisma.CertificateOrderUncheckedUpdateManyInput;
  certificate: Prisma.CertificateUncheckedUpdateManyInput;
  operation: Prisma.OperationUncheckedUpdateManyInput;
  issuer: Prisma.IssuerUncheckedUpdateManyInput;
  campaign: Prisma.CampaignUncheckedUpdateManyInput;
};

/**
 * Moves every matching row for which the event can happen to the state that follows, together with `data`.
 * @returns how many rows moved: none where somebody else was first, or where the event cannot happen to them.
 */
export async function transition<E extends Entity>(
  tx: Reader,
  entity: E,
  where: Where[E] & { readonly state?: never },
  event: EventOf<E>,
  data?: Data[E] & { readonly state?: never },
): Promise<number> {
  const machine: StateMachine<string, string> = machines[entity];
  // The delegates of the tables differ only in types that this signature has checked already.
  const rows = tx[entity] as unknown as { updateMany(args: object): Promise<{ count: number }> };
  let moved = 0;
  // One statement for each state that the event leads to. What one has moved, the next leaves alone: an event that has
  // happened leads nowhere else when it happens again (transition.test.ts).
  for (const { from, to } of machine.moves(event)) {
    const { count } = await rows.updateMany({ where: { AND: [where, { state: { in: [...from] } }] }, data: { ...data, state: to } });
    moved += count;
  }
  return moved;
}
