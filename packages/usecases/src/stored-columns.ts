// The columns that hold JSON, and words that the database does not know, each as what it should be.
import { decision } from '@hostmaster/core/contract/decision';
import { plan, plannedCertificate, plannedContract, recordSet } from '@hostmaster/core/contract/plan';
import { requestState } from '@hostmaster/core/contract/request';
import { storedContract } from '@hostmaster/core/contract/stored-contract';
import { orderStates } from '@hostmaster/core/pki/order-state';
import { orderTrail } from '@hostmaster/core/pki/order-trail';
import { z } from 'zod';
import { readStored } from './stored-json.ts';

/**
 * Plans named only certificates that were to be issued, by the internal CA, until they held all that their hash covers, and
 * nothing of the contract.
 */
const { action, source, publicKey } = plannedCertificate.shape;
const storedPlan = plan.extend({
  contract: plannedContract.nullable().default(null),
  certificate: plannedCertificate
    .extend({ action: action.default('issue'), source: source.default('internal-ca'), publicKey: publicKey.default(null) })
    .nullable(),
});

export const readContract = (value: unknown) => readStored(storedContract, value, 'contract');
export const readState = (value: string) => readStored(requestState, value, 'request.state');
export const readPlan = (value: unknown) => readStored(storedPlan, value, 'plan');
export const readOrderState = (value: string) => readStored(z.enum(orderStates), value, 'certificate_order.state');
export const readOrderTrail = (value: unknown) => readStored(orderTrail, value, 'certificate_order.trail');
export const readDecision = (value: unknown) => readStored(decision, value, 'decision');
export const readRecordSets = (value: unknown) => readStored(z.array(recordSet), value, 'record_sets');

const server = z.object({ name: z.string(), address: z.string(), port: z.number().int() });
/** The authoritative servers of a zone row. */
export const readServers = (value: unknown) => readStored(z.array(server), value, 'zone.servers');
