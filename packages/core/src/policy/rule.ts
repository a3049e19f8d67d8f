// What a rule of the admission policy is: a name, one sentence, and a pure function from the subject to its findings.
// No finding is a pass. Reasons and remedies are shown to the person who asked, so they name the thing and the way out.
import type { EndpointContract } from '../contract/endpoint.ts';
import type { Violation } from '../errors.ts';
import type { Hostname } from '../hostname/hostname.ts';
import type { RequestKind } from '../request/kind.ts';
import type { Grant, GrantMatch } from './grant-index.ts';
import type { Ground, ZoneGround } from './ground.ts';

/** Who must look at a request: an organisation role, or any member of a team (`team:<slug>`). */
export type ReviewGroup = 'security-reviewer' | 'platform-admin' | `team:${string}`;

export type PolicyInput = {
  readonly kind: RequestKind;
  /** The contract as parsed by `endpointContract`; its names are text and are parsed here. For a transfer, `team` is the receiving team. */
  readonly contract: EndpointContract;
  /** Slug of the team on whose behalf the actor asks. */
  readonly actorTeam: string;
};

/** One name of the contract (the hostname first, then the certificate's extra names), with what the ground says of it. */
export type SubjectName = {
  readonly hostname: Hostname;
  /** U-label form, for texts. */
  readonly unicode: string;
  /** `suffixesOf(hostname)`. */
  readonly suffixes: readonly Hostname[];
  /** Field of the contract that it stands in. */
  readonly path: string;
  /** The managed zone of the contract's view that holds the name: the longest apex that is a suffix of it. */
  readonly zone: ZoneGround | null;
  /** The most specific granted suffix, whoever holds it. */
  readonly grants: GrantMatch | null;
  /** Those of `grants` that the contract's team holds, for any environment and view. */
  readonly own: readonly Grant[];
};

/** What the rules look at: the input, parsed once, beside the ground. */
export type Subject = {
  readonly input: PolicyInput;
  readonly contract: EndpointContract;
  readonly ground: Ground;
  /** What was wrong with the text of the names; their rules report it. */
  readonly malformed: readonly Violation[];
  /** null when the hostname is malformed: rules on names are then not judged. */
  readonly name: SubjectName | null;
  /** `name` and every well-formed extra name. */
  readonly names: readonly SubjectName[];
  /** The contract's environment, or the only one that the team's grants offer; null when neither says. */
  readonly environment: string | null;
};

export type Finding = {
  readonly outcome: 'deny' | 'review';
  readonly reason: string;
  readonly remedy: string;
  /** Field of the contract, dotted. */
  readonly path?: string;
  /** Who must review; only for `review`. */
  readonly group?: ReviewGroup;
  /** Facts behind the reason: identifiers of grants, zones, reservations, times. */
  readonly evidence?: Readonly<Record<string, string | number | boolean | null>>;
  /** Stands in for the rule's own name: the parser's findings keep the codes that the form shows. */
  readonly rule?: string;
};

/** `not-judged`: the rule needs a well-formed name, and the name is malformed (which is denied by itself). */
export type RuleOutcome = 'pass' | 'deny' | 'review' | 'not-judged';

export type RuleResult = {
  readonly rule: string;
  readonly outcome: RuleOutcome;
  readonly reason: string;
  readonly remedy?: string;
  readonly path?: string;
  readonly group?: ReviewGroup;
  readonly evidence?: Finding['evidence'];
};

export type Rule = {
  /** Kebab-case and stable: printed, documented, matched on by clients. */
  readonly name: string;
  /** One sentence for the documentation: what the rule holds. */
  readonly describe: string;
  /** The rule looks at `subject.name`; it is not judged while the hostname is malformed. */
  readonly needsName: boolean;
  evaluate(subject: Subject): readonly Finding[];
};

export const noFindings: readonly Finding[] = [];

/** The single denial of a rule. */
export const deny = (reason: string, remedy: string, more: Pick<Finding, 'path' | 'evidence'> = {}): readonly Finding[] => [
  { outcome: 'deny', reason, remedy, ...more },
];

/** The single call for a review of a rule. */
export const review = (
  group: ReviewGroup,
  reason: string,
  remedy: string,
  more: Pick<Finding, 'path' | 'evidence'> = {},
): readonly Finding[] => [{ outcome: 'review', group, reason, remedy, ...more }];
