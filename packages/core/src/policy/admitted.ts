import type { AdmittedContract } from '../contract/stored-contract.ts';
import { canonicalAddress } from '../dns/desired.ts';
import { defaultContractKey } from '../pki/profile.ts';
import { takesBrought } from '../pki/source-traits.ts';
import type { Asked } from './asked.ts';

/** What follows from the organisation where the contract leaves it out. */
type Completing = {
  /** null where nothing says it: what gives up a name needs none. */
  readonly environment: string | null;
  /** Port on which names of the zone are served to users. */
  readonly servedPort: number;
};

/** The contract as a decision admits it: complete, names and addresses in canonical form. null while a name in it is malformed. */
export function admittedOf({ contract, malformed, name, names, targetName }: Asked, completing: Completing): AdmittedContract | null {
  const target = admittedTarget(contract.target, targetName);
  if (malformed.length > 0 || name === null || target === null) return null;
  const environment = contract.environment ?? completing.environment;
  return {
    ...contract,
    hostname: name.hostname,
    ...(environment === null ? {} : { environment }),
    target,
    tls: admittedTls(contract.tls, names),
    routing: { ...contract.routing, port: contract.routing.port ?? completing.servedPort },
  };
}

/** Where a CSR brings the key, the contract names none beside it; where the certificate is brought, only one that was asked for. */
function admittedTls({ key, ...tls }: Asked['contract']['tls'], names: Asked['names']): AdmittedContract['tls'] {
  const usual = takesBrought({ tls }) ? {} : { key: defaultContractKey };
  const made = key === undefined ? usual : { key };
  return { ...tls, ...(tls.csr === undefined ? made : {}), extraNames: names.slice(1).map(({ hostname }) => hostname) };
}

function admittedTarget(target: Asked['contract']['target'], targetName: Asked['targetName']): AdmittedContract['target'] | null {
  if ('addresses' in target) return { addresses: [...new Set(target.addresses.map(canonicalAddress))] };
  if ('cluster' in target || 'certificateOnly' in target) return target;
  return targetName === null ? null : { cname: targetName };
}
