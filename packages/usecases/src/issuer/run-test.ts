// The connection test of an issuer, by the worker, which alone holds what its CA gave: what its kind checks, and, where the CA wants
// control over names proved in DNS, whether a proof can be written in each of their zones.
import type { CheckFinding } from '@hostmaster/core/connection-check';
import { ofKind } from '@hostmaster/core/descriptor';
import { HostmasterError } from '@hostmaster/core/errors';
import { serverProfile } from '@hostmaster/core/pki/profile';
import { z } from 'zod';
import { noteLongestHours } from '../certificate/longest-hours.ts';
import { createChecklist } from '../connection/checklist.ts';
import { triedBy } from '../connection/try.ts';
import type { IssuerRow } from '../context.ts';
import type { StepResult, Work } from '../reconcile/step.ts';
import { readStored } from '../stored-json.ts';
import { issuerOf } from './last-test.ts';
import { proofFindings } from './proving-zones.ts';

/** All checks, and the proofs after them, fit into one run of an operation (operation/run.ts). */
const checksMilliseconds = 17_000;
const late = 'issuer-unavailable';

/** What is stored of a trial beside where the issuer is. */
const about = z.object({ suffixes: z.array(z.string()), chainPem: z.string() });
const anySettings = z.record(z.string(), z.unknown());

/** Errors: not-found (what was to be tested is gone), unsupported (nobody knows its kind). */
export async function runIssuerTest(work: Work): Promise<StepResult> {
  const { ctx, operation } = work;
  const { issuer, suffixes, version } = await testedBy(work);
  const kind = ofKind(ctx.issuerKinds, issuer.kind);
  const settings = readStored(kind.settings, issuer.settings, 'issuer.settings');
  const checklist = createChecklist(work);
  const opened = await open(work, issuer, suffixes);
  if ('unreadable' in opened) await checklist.report(opened.unreadable);
  else
    await checklist.make({
      checks: kind.checks,
      tested: opened.tested,
      about: { settings: anySettings.parse(settings), suffixes },
      milliseconds: checksMilliseconds,
      late,
    });
  // To open one that has an account makes the key of that, which no test does.
  if (!('unreadable' in opened) && version !== null && kind.capabilities.changeKey !== true)
    await noteLongestHours(ctx, { ...issuer, version }, await ctx.issuer(issuer), work.signal);
  const { provesInDns: by } = kind;
  if (by !== false) for (const finding of await proofFindings(ctx, suffixes, operation.id.slice(-12), by)) await checklist.report(finding);
  return checklist.end(version === null ? {} : { version });
}

/** A secret that the worker cannot open is a finding like any other: nobody waits for it to pass. */
async function open(
  { ctx }: Work,
  issuer: IssuerRow,
  suffixes: readonly string[],
): Promise<{ readonly tested: unknown } | { readonly unreadable: CheckFinding }> {
  try {
    return { tested: await ctx.issuerTest(issuer, suffixes) };
  } catch (error) {
    if (!(error instanceof HostmasterError) || error.code !== 'key-unreadable') throw error;
    const remedy = `Give it anew under “Edit”, or where several cannot be opened: ${error.remedy}`;
    return { unreadable: { check: 'secret', ok: false, message: error.message, remedy } };
  }
}

type Tested = { readonly issuer: IssuerRow; readonly suffixes: readonly string[]; readonly version: number | null };

/** The issuer of the operation, or the one that might be kept. Errors: not-found. */
async function testedBy({ ctx: { db }, operation: { id, subject } }: Work): Promise<Tested> {
  const issuerId = issuerOf(subject);
  if (issuerId === null) {
    const { about: stored, createdAt: _, operationId: __, ...trial } = await triedBy(db, id);
    const { suffixes, chainPem } = readStored(about, stored, 'connection_trial.about');
    // It has no name yet, and no account: a test makes none.
    const unnamed = { slug: 'The CA', profile: serverProfile.name, keyId: null, keyCiphertext: null, nextKeyId: null };
    return { issuer: { ...trial, ...unnamed, chainPem }, suffixes, version: null };
  }
  const issuer = await db.issuer.findUnique({ where: { id: issuerId } });
  if (issuer === null) throw new HostmasterError('not-found', 'The issuer is gone.');
  return { issuer, suffixes: issuer.permittedSuffixes, version: issuer.version };
}
