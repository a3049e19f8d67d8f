// The one reader of stored contracts. What is stored is the completed contract, with every default written out, so it is
// never given a default again: an older one is brought up to the current version, one step a version, by constants that say
// what that version meant then, whatever the defaults of the schema are by now.
//
// SQL looks into three fields, `target.cluster`, `tls.termination` and `tls.extraNames` (packages/db/src/policy-ground.ts): a
// version that moves those must rewrite the rows too.
import { z } from 'zod';
import type { Hostname } from '../hostname/hostname.ts';
import { isStoredHostname, parseHostname } from '../hostname/parse-hostname.ts';
import { addressesTarget, certificateOnlyTarget, clusterTarget, completedContract, completedTls, contractVersion } from './endpoint.ts';

const hostname = z.custom<Hostname>(
  (value) => typeof value === 'string' && isStoredHostname(value),
  'This is no hostname in canonical form.',
);

const admittedContract = completedContract.extend({
  hostname,
  target: z.union([addressesTarget, z.strictObject({ cname: hostname }), clusterTarget, certificateOnlyTarget]),
  tls: completedTls.extend({ extraNames: z.array(hostname).max(20) }),
});

/** A contract that a decision admitted: complete, and every name in it a Hostname. Nothing after the decision parses one again. */
export type AdmittedContract = z.output<typeof admittedContract>;

const fields = z.record(z.string(), z.unknown());
type Fields = z.output<typeof fields>;

/** How a contract of the version becomes one of the next. A step stays as it is for ever. */
const upgrades: Readonly<Record<string, (contract: Fields) => Fields>> = { unversioned };

/** A stored contract of any version that ever was. Foreign versions and fields, written by a newer release, are errors. */
export const storedContract = fields
  .transform((contract, { addIssue }) => {
    let current = contract;
    for (let version = versionOf(current); version !== contractVersion; version = versionOf(current)) {
      const upgrade = Object.hasOwn(upgrades, version) ? upgrades[version] : undefined;
      if (upgrade === undefined) {
        addIssue(`It was written as ${JSON.stringify(version)}, and this release knows nothing newer than ${contractVersion}.`);
        return z.NEVER;
      }
      current = upgrade(current);
    }
    return current;
  })
  .pipe(admittedContract);

const versionOf = ({ apiVersion = 'unversioned' }: Fields): string => String(apiVersion);

/** Before hostmaster/v1 a contract named no version, had no edge, and a retirement could name a target that is none. */
function unversioned({ view, target, ttl, tls, routing, owners, ...contract }: Fields): Fields {
  return {
    ...contract,
    apiVersion: 'hostmaster/v1',
    view: view ?? 'public',
    target: readableTarget(fieldsOf(target)),
    ttl: ttl ?? 'service',
    tls: {
      termination: 'edge',
      source: 'internal-ca',
      challenge: 'none',
      key: 'ecdsa-p256',
      extraNames: [],
      ...fieldsOf(tls),
    },
    routing: { port: 443, healthPath: '/health', ...fieldsOf(routing) },
    edge: {},
    owners: owners ?? {},
  };
}

const fieldsOf = (value: unknown): Fields => fields.safeParse(value).data ?? {};

function readableTarget({ cname, ...target }: Fields): Fields {
  if (cname === undefined) return target;
  const parsed = parseHostname(cname);
  return parsed.ok ? { cname: parsed.hostname } : { addresses: [] };
}
