// A request as the policy sees it: its names parsed once, here. Loading the ground and every rule take it from there.
import type { EndpointContract } from '../contract/endpoint.ts';
import type { Violation } from '../errors.ts';
import type { Hostname } from '../hostname/hostname.ts';
import { parseHostname } from '../hostname/parse-hostname.ts';
import type { RequestKind } from '../request/kind.ts';
import { shownText } from '../shown-text.ts';

export type PolicyInput = {
  readonly kind: RequestKind;
  /** The contract as parsed by `endpointContract`. For a transfer, `team` is the receiving team. */
  readonly contract: EndpointContract;
  /** Slug of the team on whose behalf the actor asks. */
  readonly actorTeam: string;
  readonly now: Date;
};

/** One name of the contract. */
export type AskedName = {
  readonly hostname: Hostname;
  /** U-label form, for texts. */
  readonly unicode: string;
  /** Field of the contract that it stands in. */
  readonly path: string;
};

export type Asked = PolicyInput & {
  /** What is wrong with the text of the names, that of the target too; a rule reports it. */
  readonly malformed: readonly Violation[];
  /** null when the hostname is malformed. */
  readonly name: AskedName | null;
  /** `name`, and every well-formed extra name of the certificate. */
  readonly names: readonly AskedName[];
  /** Where a target given by name leads; null for another target, and when the name is malformed. */
  readonly targetName: Hostname | null;
};

/** Whether the name is that of an endpoint which is there: whoever asks cannot choose another one for it. */
export const standsAlready = ({ kind }: Pick<PolicyInput, 'kind'>, { path }: Pick<AskedName, 'path'>): boolean =>
  kind !== 'create' && path === 'hostname';

/** Reads the names of a request; never throws for what they say. */
export function askedOf({ kind, contract, actorTeam, now }: PolicyInput): Asked {
  const { hostname, target, tls } = contract;
  const malformed: Violation[] = [];
  const name = readName(hostname, 'hostname', malformed);
  const names = name === null ? [] : [name];
  for (let at = 0; at < tls.extraNames.length; at += 1) {
    const text = tls.extraNames[at] ?? '';
    const extra = readName(text, `tls.extraNames.${at}`, malformed, text);
    if (extra !== null) names.push(extra);
  }
  const leadsTo = 'cname' in target ? readName(target.cname, 'target.cname', malformed) : null;
  return { kind, contract, actorTeam, now, malformed, name, names, targetName: leadsTo?.hostname ?? null };
}

/** @param among where there are several: what is wrong says in which of them, though only a part of it may be */
function readName(text: string, path: string, malformed: Violation[], among?: string): AskedName | null {
  const parsed = parseHostname(text, path);
  if (parsed.ok) return { hostname: parsed.hostname, unicode: parsed.unicode, path };
  const where = among === undefined ? '' : `, in ${shownText(among)}`;
  for (const violation of parsed.violations)
    malformed.push({
      ...violation,
      reason: violation.reason.includes(text) ? violation.reason : violation.reason.replace(/\.$/, `${where}.`),
    });
  return null;
}
