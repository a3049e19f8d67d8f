// What "Test connection" asks of whatever an installation connects to (a DNS provider, an issuer), one named check after the other, and
// what comes of each. A kind lists its own; how they are run and told is the same for all.
import type { ErrorCode } from './error-table.ts';
import type { HostmasterError } from './errors.ts';

/** `Tested`: what is asked, opened for this test. `About`: what a remedy may name. */
export type ConnectionCheck<Tested, About> = {
  /** Names the step of the operation. */
  readonly name: string;
  /** What holds when it passes, in words for the page. */
  readonly holds: string;
  /** The check before it without which it cannot be made: where that one did not pass, this one is not tried. */
  readonly needs?: string;
  /** What to do, where that can be said better than of every error of its code; null where it cannot. */
  remedy(code: ErrorCode, about: About): string | null;
  /** Answers what it saw, in a sentence. Its error is what the check found. */
  run(tested: Tested, signal: AbortSignal): Promise<string>;
};

/** What came of one: null where it was not tried. */
export type CheckFinding = {
  readonly check: string;
  readonly ok: boolean | null;
  readonly message: string;
  readonly remedy: string | null;
};

/** What went wrong may know more of its remedy than the check that found it does. @param general of the check */
export const remedyFor = (error: HostmasterError, general: string | null): string =>
  error.remedy === error.kind.remedy ? (general ?? error.remedy) : error.remedy;
