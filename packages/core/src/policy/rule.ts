// What a rule of the admission policy is: a name, one sentence, the facts that it needs, and a pure function to findings.
// No finding is a pass. Reasons and remedies are shown to the person who asked, so they name the thing and the way out.
import type { ContractAspect } from '../contract/fields.ts';
import type { Evidence, Violation } from '../errors.ts';
import type { Asked, AskedName } from './asked.ts';
import type { Fact, NameFacts, RequestFacts } from './facts.ts';
import type { ReviewGroup } from './review-group.ts';

type Told = {
  readonly reason: string;
  readonly remedy: string;
  /** Field of the contract, dotted; that of the name which is judged, where left out. */
  readonly path?: string;
  /** Facts behind the reason: identifiers of grants, zones, reservations, times. */
  readonly evidence?: Evidence;
};
export type Denial = Told & {
  readonly outcome: 'deny';
  /** Stands in for the rule's own name: the parser's findings keep the codes that the form shows. */
  readonly rule?: string;
};
export type CallForReview = Told & { readonly outcome: 'review'; readonly group: ReviewGroup };
export type Finding = Denial | CallForReview;
export type Findings = readonly Finding[];

type Described = {
  /** Kebab-case and stable: printed, documented, matched on by clients. */
  readonly name: string;
  /** One sentence for the documentation: what the rule holds. */
  readonly describe: string;
  /** Somebody may answer for it that the rule is lifted for a name. Left out where what is asked for could not work, or would take what is another's. */
  readonly exceptable?: boolean;
  /**
   * What of an endpoint a review that the rule asks for is about. Who approved it once, for the same reason, is not asked again
   * by a change that leaves all of it as it is. `everything`, also where left out: asked with every change.
   */
  readonly concerns?: readonly ContractAspect[] | 'everything';
};

/** What a review of a name is about: whose it is, where it leads, what speaks for it and what stands before it, but not how it is looked after. */
export const nameAndExposure = ['name', 'records', 'certificate', 'exposure'] as const satisfies readonly ContractAspect[];

const usual = { exceptable: false, concerns: 'everything' } as const;

/** `request`: what is asked for as a whole. `hostname`: the name that records are written for. `names`: each name of the contract. */
export type Rule = Required<Described> & { readonly needs: readonly Fact[] } & (
    | { readonly of: 'request'; readonly judge: (asked: Asked, facts: RequestFacts) => Findings }
    | { readonly of: 'hostname' | 'names'; readonly judge: JudgeName<Fact> }
  );

type JudgeName<F extends Fact> = (asked: Asked, name: AskedName, facts: Pick<NameFacts, F>) => Findings;

type Judged<F extends Fact, Judge> = Described & { readonly needs: readonly F[]; readonly judge: Judge };

/** A rule on the request as a whole, judged also while the hostname is malformed. `judge` sees the facts that it declares, and no others. */
export const requestRule = <const F extends keyof RequestFacts = never>(
  rule: Judged<F, (asked: Asked, facts: Pick<RequestFacts, F>) => Findings>,
): Rule => ({ ...usual, ...rule, of: 'request' });

/** A rule on what is written for the hostname. */
export const hostnameRule = <const F extends Fact = never>(rule: Judged<F, JudgeName<F>>): Rule => ({
  ...usual,
  ...rule,
  of: 'hostname',
});

/** A rule on every name of the contract, those of the certificate too: it is judged for each. */
export const namesRule = <const F extends Fact = never>(rule: Judged<F, JudgeName<F>>): Rule => ({
  ...usual,
  ...rule,
  of: 'names',
});

export const noFindings: Findings = [];

type More = Pick<Told, 'path' | 'evidence'>;

/** The single denial of a rule. */
export const deny = (reason: string, remedy: string, more: More = {}): Findings => [{ outcome: 'deny', reason, remedy, ...more }];

/** The single call for a review of a rule. */
export const review = (group: ReviewGroup, reason: string, remedy: string, more: More = {}): Findings => [
  { outcome: 'review', group, reason, remedy, ...more },
];

/** What the parser of hostnames found, under its own codes. */
export const denyAll = (violations: readonly Violation[]): Findings =>
  violations.map((violation): Denial => ({ outcome: 'deny', ...violation }));
