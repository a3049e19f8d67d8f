// Between the form (texts, as typed) and the contract (as the API takes it), both ways. Nothing is checked here: the schema
// of the API does that, and the policy of the server.
import type { Me } from '@hostmaster/core/contract/account';
import { type EndpointContract, target as targetSchema } from '@hostmaster/core/contract/endpoint';
import { checkInput, type requestInput } from '@hostmaster/core/contract/request';
import type { RequestKind } from '@hostmaster/core/request/kind';
import type { z } from 'zod';

export type FormValues = {
  hostname: string;
  team: string;
  pointsTo: 'addresses' | 'cname' | 'cluster';
  addresses: string;
  cname: string;
  cluster: string;
  healthPath: string;
  view: EndpointContract['view'];
  /** Empty: follows from the name. */
  environment: string;
  ttl: 'cutover' | 'service' | 'stable' | 'seconds';
  ttlSeconds: string;
  termination: EndpointContract['tls']['termination'];
  source: EndpointContract['tls']['source'];
  key: EndpointContract['tls']['key'];
  extraNames: string;
  csr: string;
  port: string;
  escalation: string;
  justification: string;
};

export type RequestDraft = z.input<typeof requestInput>;
type CheckDraft = z.input<typeof checkInput>;

const listOf = (text: string): string[] => text.split(/[\s,;]+/).filter((part) => part !== '');
const optional = (text: string): string | undefined => text.trim() || undefined;
const numberOr = (text: string): number | undefined => (text.trim() === '' ? undefined : Number(text));

export function emptyForm(me: Me, hostname: string): FormValues {
  return {
    hostname,
    team: me.teams[0]?.slug ?? '',
    pointsTo: 'addresses',
    addresses: '',
    cname: '',
    cluster: me.clusters[0]?.slug ?? '',
    healthPath: '/health',
    view: 'public',
    environment: '',
    ttl: 'service',
    ttlSeconds: '',
    termination: 'edge',
    source: 'internal-ca',
    key: 'ecdsa-p256',
    extraNames: '',
    csr: '',
    port: '',
    escalation: '',
    justification: '',
  };
}

export function formOf(me: Me, contract: EndpointContract): FormValues {
  const { target, tls, routing, ttl } = contract;
  return {
    ...emptyForm(me, contract.hostname),
    team: contract.team,
    pointsTo: 'addresses' in target ? 'addresses' : 'cname' in target ? 'cname' : 'cluster',
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
    key: tls.key,
    extraNames: tls.extraNames.join('\n'),
    csr: tls.csr ?? '',
    port: routing.port === undefined ? '' : String(routing.port),
    escalation: contract.owners.escalation ?? '',
    justification: contract.justification ?? '',
  };
}

/** The request as it would be sent. What is left at its default is left out, so that the copied text stays short. */
export function draftOf(kind: RequestKind, values: FormValues): RequestDraft {
  const target =
    values.pointsTo === 'addresses'
      ? { addresses: listOf(values.addresses) }
      : values.pointsTo === 'cname'
        ? { cname: values.cname.trim() }
        : { cluster: values.cluster };
  const tls = {
    ...(values.termination === 'edge' ? {} : { termination: values.termination }),
    ...(values.source === 'internal-ca' ? {} : { source: values.source }),
    ...(values.key === 'ecdsa-p256' ? {} : { key: values.key }),
    ...(values.extraNames.trim() === '' ? {} : { extraNames: listOf(values.extraNames) }),
    ...(values.csr.trim() === '' ? {} : { csr: values.csr.trim() }),
  };
  const port = numberOr(values.port);
  const routing = {
    ...(port === undefined ? {} : { port }),
    ...(values.healthPath.trim() === '/health' ? {} : { healthPath: values.healthPath.trim() }),
  };
  const escalation = optional(values.escalation);
  const justification = optional(values.justification);
  return {
    kind,
    contract: {
      hostname: values.hostname.trim(),
      team: values.team,
      ...(values.environment === '' ? {} : { environment: values.environment }),
      ...(values.view === 'public' ? {} : { view: values.view }),
      target,
      ...(values.ttl === 'service' ? {} : { ttl: values.ttl === 'seconds' ? Number(values.ttlSeconds) : values.ttl }),
      ...(Object.keys(tls).length === 0 ? {} : { tls }),
      ...(Object.keys(routing).length === 0 ? {} : { routing }),
      ...(escalation === undefined ? {} : { owners: { escalation } }),
      ...(justification === undefined ? {} : { justification }),
    },
  };
}

/** Whether the form says where the name leads; until then nothing is known of the records. */
export const hasTarget = (draft: RequestDraft): boolean => targetSchema.safeParse(draft.contract.target).success;

function withReadableTarget(draft: RequestDraft): CheckDraft {
  const { target, ...contract } = draft.contract;
  return hasTarget(draft) ? draft : { ...draft, contract };
}

/** Whether the check would take the draft. */
export const isAskable = (draft: CheckDraft): boolean => checkInput.safeParse(draft).success;

/** Whether everything but, perhaps, the target can be read. */
export const isReadable = (draft: RequestDraft): boolean => isAskable(withReadableTarget(draft));

/** The draft as it can be asked about while it is still being typed: what cannot be read yet is left out. */
export function askable(draft: RequestDraft): CheckDraft {
  const whole = withReadableTarget(draft);
  if (isAskable(whole)) return whole;
  const { hostname, team, environment, view, target } = whole.contract;
  return {
    ...draft,
    contract: { hostname, team, ...(target ? { target } : {}), ...(environment ? { environment } : {}), ...(view ? { view } : {}) },
  };
}
