// Between the form (texts, as typed) and the contract (as the API takes it), both ways. Nothing is checked here: the schema
// of the API does that, and the policy of the server.
import { type ProofMethod, proofMethodOf } from '@hostmaster/core/acme/proofs';
import type { Me } from '@hostmaster/core/contract/account';
import { type EndpointContract, endpointContract, target as targetSchema, type ttlClass } from '@hostmaster/core/contract/endpoint';
import { checkInput, type requestInput } from '@hostmaster/core/contract/request';
import { type ContractKey, defaultContractKey } from '@hostmaster/core/pki/profile';
import { sourceTraits, takesBrought } from '@hostmaster/core/pki/source-traits';
import type { RequestKind } from '@hostmaster/core/request/kind';
import type { z } from 'zod';

export type FormValues = {
  hostname: string;
  team: string;
  pointsTo: 'addresses' | 'cname' | 'cluster' | 'certificateOnly';
  addresses: string;
  cname: string;
  cluster: string;
  healthPath: string;
  view: EndpointContract['view'];
  /** Empty: follows from the name. */
  environment: string;
  ttl: z.output<typeof ttlClass> | 'seconds';
  ttlSeconds: string;
  termination: EndpointContract['tls']['termination'];
  source: EndpointContract['tls']['source'];
  /** Of account for ACME alone. */
  challenge: ProofMethod;
  /** Of no account where a CSR brings one. */
  key: ContractKey;
  /** Days, or hours as in "12h". Empty: as long as its source gives. */
  lifetime: string;
  /** What the key may be used for. */
  usages: 'server' | 'both' | 'client';
  certificateAddresses: string;
  spiffeId: string;
  mustStaple: boolean;
  /** Of an imported certificate: the team that gets the next one. */
  certificateOwner: string;
  extraNames: string;
  csr: string;
  port: string;
  escalation: string;
  justification: string;
};

export type RequestDraft = z.input<typeof requestInput>;
type CheckDraft = z.input<typeof checkInput>;

/** What a contract says where nobody says anything: the schema's own defaults, read from the schema. */
const schemaDefaults = endpointContract.omit({ hostname: true, team: true, target: true }).parse({});
const defaults = { ...schemaDefaults, tls: { ...schemaDefaults.tls, key: defaultContractKey } };

export const listOf = (text: string): string[] => text.split(/[\s,;]+/).filter((part) => part !== '');
const optional = (text: string): string | undefined => text.trim() || undefined;

export const emptyForm = (me: Me, hostname: string): FormValues =>
  formOf(me, { ...defaults, hostname, team: me.teams[0]?.slug ?? '', target: { addresses: [] } });

function pointedTo(target: EndpointContract['target']): FormValues['pointsTo'] {
  if ('addresses' in target) return 'addresses';
  if ('cname' in target) return 'cname';
  return 'cluster' in target ? 'cluster' : 'certificateOnly';
}

export function formOf(me: Me, contract: EndpointContract): FormValues {
  const { target, tls, routing, ttl } = contract;
  return {
    hostname: contract.hostname,
    team: contract.team,
    pointsTo: pointedTo(target),
    addresses: 'addresses' in target ? target.addresses.join(', ') : '',
    cname: 'cname' in target ? target.cname : '',
    cluster: 'cluster' in target ? target.cluster : (me.clusters[0]?.slug ?? ''),
    healthPath: routing.healthPath,
    view: contract.view,
    environment: contract.environment ?? '',
    ttl: typeof ttl === 'number' ? 'seconds' : ttl,
    ttlSeconds: typeof ttl === 'number' ? String(ttl) : '',
    termination: tls.termination,
    source: tls.source,
    challenge: proofMethodOf(tls),
    key: tls.key ?? defaultContractKey,
    lifetime: lifetimeText(tls),
    usages: usagesOf(tls.usages),
    certificateAddresses: (tls.addresses ?? []).join(', '),
    spiffeId: tls.spiffeId ?? '',
    mustStaple: tls.mustStaple ?? false,
    certificateOwner: contract.owners.certificate ?? contract.team,
    extraNames: tls.extraNames.join('\n'),
    csr: tls.csr ?? '',
    port: routing.port === undefined ? '' : String(routing.port),
    escalation: contract.owners.escalation ?? '',
    justification: contract.justification ?? '',
  };
}

/**
 * The request as it is sent: whole, so that what is asked for is what the form shows, whatever a default becomes meanwhile.
 * What the form has no control for stays as it is in `base`, the contract that is to change.
 */
export function draftOf(kind: RequestKind, values: FormValues, base: typeof schemaDefaults = defaults): RequestDraft {
  const port = optional(values.port);
  const brought = takesBrought({ tls: values });
  return {
    kind,
    contract: {
      ...base,
      hostname: values.hostname.trim(),
      team: values.team,
      environment: optional(values.environment),
      view: values.view,
      target: targetOf(values),
      ttl: values.ttl === 'seconds' ? Number(values.ttlSeconds) : values.ttl,
      tls: {
        ...base.tls,
        termination: values.termination,
        source: values.source,
        challenge: values.source === 'acme' ? values.challenge : 'none',
        key: optional(values.csr) === undefined && !brought ? values.key : undefined,
        ...lifetimeOf(values.termination !== 'none' && sourceTraits[values.source].choosesLifetime ? values.lifetime : ''),
        ...noContent,
        ...(values.termination === 'none' ? {} : contentOf(values)),
        extraNames: listOf(values.extraNames),
        csr: brought ? undefined : optional(values.csr),
      },
      routing: { ...base.routing, port: port === undefined ? undefined : Number(port), healthPath: values.healthPath.trim() },
      owners: {
        ...base.owners,
        ...(brought ? { certificate: optional(values.certificateOwner) } : {}),
        escalation: optional(values.escalation),
      },
      justification: optional(values.justification),
    },
  };
}

const usagesOf = (usages: EndpointContract['tls']['usages']): FormValues['usages'] => {
  if (usages === undefined || !usages.includes('client')) return 'server';
  return usages.includes('server') ? 'both' : 'client';
};

const noContent = { usages: undefined, addresses: undefined, spiffeId: undefined, mustStaple: undefined };
/** What is asked for beside names and key, as far as its source lets that be said; undefined where it is what a server has. */
function contentOf({ source, usages, certificateAddresses, spiffeId, mustStaple }: FormValues): Partial<EndpointContract['tls']> {
  const addresses = listOf(certificateAddresses);
  const { content } = sourceTraits[source];
  const said = {
    usages: usages === 'server' ? undefined : usages === 'both' ? ['server', 'client'] : ['client'],
    addresses: addresses.length === 0 ? undefined : addresses,
    spiffeId: optional(spiffeId),
    mustStaple: mustStaple || undefined,
  };
  return Object.fromEntries(Object.entries(said).filter(([field]) => content.some((chosen) => chosen === field)));
}

const lifetimeText = ({ days, hours }: EndpointContract['tls']): string => (hours === undefined ? String(days ?? '') : `${hours}h`);

/** "7", "7d", "7 days", "12h", "12 hours"; what is none of these is no number of days, and is refused by the schema. */
function lifetimeOf(text: string): { days: number | undefined; hours: number | undefined } {
  const typed = text.trim().toLowerCase();
  if (typed === '') return { days: undefined, hours: undefined };
  const hours = /^(\d+)\s*(?:h|hours?)$/.exec(typed)?.[1];
  if (hours !== undefined) return { days: undefined, hours: Number(hours) };
  return { days: Number(/^(\d+)\s*(?:d|days?)$/.exec(typed)?.[1] ?? typed), hours: undefined };
}

function targetOf({ pointsTo, addresses, cname, cluster }: FormValues) {
  if (pointsTo === 'certificateOnly') return { certificateOnly: true } as const;
  if (pointsTo === 'addresses') return { addresses: listOf(addresses) };
  return pointsTo === 'cname' ? { cname: cname.trim() } : { cluster };
}

/** The request as a person copies it: without what the schema says by itself. */
export const briefly = ({ kind, contract }: RequestDraft) => ({ kind, contract: without(contract, defaults) });

function without(value: object, usual: object): Record<string, unknown> {
  const standard = new Map<string, unknown>(Object.entries(usual));
  return Object.fromEntries(
    Object.entries(value).flatMap(([key, each]): [string, unknown][] => {
      const known = standard.get(key);
      if (each === undefined || JSON.stringify(each) === JSON.stringify(known)) return [];
      if (!isObject(each) || !isObject(known)) return [[key, each]];
      const rest = without(each, known);
      return Object.keys(rest).length === 0 ? [] : [[key, rest]];
    }),
  );
}

const isObject = (value: unknown): value is object => typeof value === 'object' && value !== null && !Array.isArray(value);

/** Whether the form says where the name leads; until then nothing is known of the records. */
export const hasTarget = (draft: RequestDraft): boolean => targetSchema.safeParse(draft.contract.target).success;

export function withReadableTarget(draft: RequestDraft): CheckDraft {
  const { target, ...contract } = draft.contract;
  return hasTarget(draft) ? draft : { ...draft, contract };
}

/** Whether the check would take the draft. */
export const isAskable = (draft: CheckDraft): boolean => checkInput.safeParse(draft).success;

/** The draft as it can be asked about while it is still being typed: what cannot be read yet is left out, and nothing else. */
export function askable(draft: RequestDraft): CheckDraft {
  const whole = withReadableTarget(draft);
  const { error } = checkInput.safeParse(whole);
  if (error === undefined) return whole;
  const contract: Record<string, unknown> = { ...whole.contract };
  for (const { path } of error.issues) {
    const [, field = '', part] = path.map(String);
    const group = contract[field];
    if (part !== undefined && isObject(group)) contract[field] = Object.fromEntries(Object.entries(group).filter(([key]) => key !== part));
    else if (field !== 'hostname' && field !== 'team') delete contract[field];
  }
  return { ...whole, contract: contract as CheckDraft['contract'] };
}
