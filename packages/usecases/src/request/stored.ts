import { endpointContract } from '@hostmaster/core/contract/endpoint';
import { decision, plan, requestState } from '@hostmaster/core/contract/request';
import { type RecordSet, type RecordSetChange, recordTypes } from '@hostmaster/core/dns/record-set';
import { z } from 'zod';
import { readStored } from '../stored-json.ts';

const recordSet = z.object({ name: z.string(), type: z.enum(recordTypes), ttl: z.number().int(), values: z.array(z.string()) });
const recordSetChange = z.object({
  name: z.string(),
  type: z.enum(recordTypes),
  before: recordSet.nullable(),
  after: recordSet.nullable(),
});

export const readContract = (value: unknown) => readStored(endpointContract, value, 'contract');
export const readState = (value: string) => readStored(requestState, value, 'request.state');
export const readPlan = (value: unknown) => readStored(plan, value, 'plan');
export const readDecision = (value: unknown) => readStored(decision, value, 'decision');
export const readRecordSets = (value: unknown): RecordSet[] => readStored(z.array(recordSet), value, 'record_sets');
/** The record part of a stored plan, with types that the providers know. */
export const readPlanChanges = (value: unknown): RecordSetChange[] =>
  readStored(z.object({ changes: z.array(recordSetChange) }), value, 'plan').changes;

const serverAddress = z.object({ name: z.string(), address: z.string(), port: z.number().int() });
/** The authoritative servers of a zone row. */
export const readServers = (value: unknown) => readStored(z.array(serverAddress), value, 'zone.servers');
