import { createHash } from 'node:crypto';
import { type ContractField, differingFields, valueAt } from '../contract/fields.ts';
import type { FieldChange } from '../contract/plan.ts';
import type { AdmittedContract } from '../contract/stored-contract.ts';
import { parseCsr } from '../pki/csr.ts';

/**
 * What differs between two contracts, field by field: what was said and what is said in its place. Of a contract with nothing
 * before it, all that it says.
 */
export function contractChanges(before: AdmittedContract | null, after: AdmittedContract): FieldChange[] {
  return differingFields(before, after)
    .map((field) => ({ field, before: before && textAt(before, field), after: textAt(after, field) }))
    .filter((change) => change.before !== change.after);
}

/** As a person reads it; of a CSR only which one it is. */
function textAt(contract: AdmittedContract, field: ContractField): string | null {
  const value = valueAt(contract, field);
  if (typeof value !== 'string') return value === null ? null : value.join(', ');
  return field === 'tls.csr' ? `SHA-256 ${createHash('sha256').update(octetsOf(value)).digest('hex')}` : value;
}

/** The same request may be written around its one block in other words. */
function octetsOf(csr: string): Uint8Array | string {
  try {
    return parseCsr(csr).der;
  } catch {
    return csr;
  }
}
