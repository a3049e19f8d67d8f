// What a connection test has found, told check by check as it comes in: every check that can be made is made, and one that failed does
// not hide the later ones.
import { type CheckFinding, type ConnectionCheck, remedyFor } from '@hostmaster/core/connection-check';
import type { ErrorCode } from '@hostmaster/core/error-table';
import { asHostmasterError, HostmasterError } from '@hostmaster/core/errors';
import type { Tx } from '@hostmaster/db/client';
import { writeOperation } from '@hostmaster/db/operation';
import { transact } from '@hostmaster/db/transaction';
import { done, type StepResult, stepFound, type Work } from '../reconcile/step.ts';
import { forgetTrial } from './tested.ts';

/** One look, under the name of its check. */
type Look = {
  readonly check: string;
  readonly milliseconds: number;
  /** What it is called that it was not finished in time. */
  readonly late: ErrorCode;
  readonly remedy: (error: HostmasterError) => string | null;
  readonly run: (signal: AbortSignal) => Promise<string>;
};

/** Never throws: what went wrong, or took too long, is what the check found. */
export async function findingOf({ check, milliseconds, late, remedy, run }: Look): Promise<CheckFinding> {
  const signal = AbortSignal.timeout(milliseconds);
  try {
    return { check, ok: true, message: await run(signal), remedy: null };
  } catch (thrown) {
    const error = signal.aborted
      ? new HostmasterError(late, `It was not finished after ${milliseconds / 1000} s.`, { cause: thrown })
      : asHostmasterError(thrown);
    return { check, ok: false, message: error.message, remedy: remedyFor(error, remedy(error)) };
  }
}

type Asked<Tested, About> = {
  readonly checks: readonly ConnectionCheck<Tested, About>[];
  readonly tested: Tested;
  readonly about: About;
  /** For all of them; what one leaves of its share, those after it have. */
  readonly milliseconds: number;
  readonly late: ErrorCode;
};

export type Checklist = {
  report(finding: CheckFinding): Promise<void>;
  /** Makes the checks of a kind, one after the other. */
  make<Tested, About>(asked: Asked<Tested, About>): Promise<void>;
  /** Stores all that was found, throws away what was typed for it, and ends the test. @param also where every check passed */
  end(more?: Readonly<Record<string, number>>, also?: (tx: Tx) => Promise<void>): Promise<StepResult>;
};

const states = { true: 'done', false: 'failed', null: 'skipped' } as const;

/** @param work a test, of whatever kind of thing. Errors of all parts: FenceLost */
export function createChecklist(work: Work): Checklist {
  const { ctx, operation, claim } = work;
  const found: CheckFinding[] = [];
  const passed = (name: string): boolean => found.some(({ check, ok }) => check === name && ok === true);
  const report = async (finding: CheckFinding): Promise<void> => {
    found.push(finding);
    await stepFound(work, finding.check, states[`${finding.ok}`], finding.message);
  };
  return {
    report,

    async make({ checks, tested, about, milliseconds, late }) {
      const until = ctx.clock.now().getTime() + milliseconds;
      for (const [at, { name, needs, remedy, run }] of checks.entries()) {
        if (needs !== undefined && !passed(needs)) {
          const before = checks.find((each) => each.name === needs)?.holds ?? needs;
          await report({ check: name, ok: null, message: `Not tried, since this did not pass: ${before}.`, remedy: null });
          continue;
        }
        const share = Math.max(1, Math.floor((until - ctx.clock.now().getTime()) / (checks.length - at)));
        const look = { check: name, milliseconds: share, late, remedy: (error: HostmasterError) => remedy(error.code, about) };
        await report(await findingOf({ ...look, run: (signal) => run(tested, signal) }));
      }
    },

    async end(more = {}, also = async () => {}) {
      const failed = found.filter(({ ok }) => ok === false);
      await transact(ctx.db, async (tx) => {
        await writeOperation(tx, claim, { result: { ok: failed.length === 0, checks: found, ...more } });
        await forgetTrial(tx, operation.id, failed.length === 0);
        if (failed.length === 0) await also(tx);
      });
      if (failed.length === 0) return done(`All ${found.length} checks passed.`);
      return done(`${failed.length} of ${found.length} checks failed: ${failed[0]?.message ?? ''}`);
    },
  };
}
