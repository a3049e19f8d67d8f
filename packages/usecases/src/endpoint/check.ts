import { isCertificateOnly } from '@hostmaster/core/contract/endpoint';
import { brokenBy } from '@hostmaster/core/endpoint/broken';
import { endpointMachine, isWatched } from '@hostmaster/core/endpoint/state';
import { saveObservations } from '@hostmaster/db/observation';
import { transact } from '@hostmaster/db/transaction';
import { transition } from '@hostmaster/db/transition';
import { audit } from '../audit/write.ts';
import { fittingCertificate } from '../certificate/fitting.ts';
import { followIssuer } from '../certificate/renewal-window.ts';
import type { WorkerCtx } from '../context.ts';
import { observeEndpoint } from '../reconcile/probe.ts';
import { besidePrimary, type DnsView, keepDnsView, observeDns, readAtPrimary, rememberRecords } from '../reconcile/records.ts';
import { loadSubject, usesTls } from '../reconcile/subject.ts';

const deadline = 15_000;
/** What stands at a name that has a certificate alone is somebody else's. */
const notAsked: DnsView = {
  details: [],
  observations: [],
  agreeing: 0,
  disagreement: null,
  otherwise: false,
  lasting: null,
  elsewhere: null,
};

/** Looks at a live endpoint again and says what it saw; changes nothing in the world. Errors: not-found. */
export async function checkEndpoint(ctx: WorkerCtx, { endpointId }: { readonly endpointId: string }): Promise<void> {
  const subject = await loadSubject(ctx, ctx.db, endpointId);
  const { state, id, hostname } = subject.endpoint;
  if (!isWatched(state)) return;
  const signal = AbortSignal.timeout(deadline);
  const certificate = usesTls(subject) ? await fittingCertificate(ctx.db, subject.endpoint.id, subject.contract) : null;
  const alone = isCertificateOnly(subject.contract);
  const [seen, view] = await Promise.all([
    alone ? notAsked : observeDns(ctx, subject, signal),
    observeEndpoint(ctx, subject, certificate, signal),
  ]);
  const dns = await besidePrimary(subject, seen, signal);
  if (certificate !== null) await followIssuer(ctx, certificate, signal);
  const lacking =
    alone && (certificate === null || certificate.notAfter < ctx.clock.now()) ? 'There is no certificate that is valid.' : null;
  const problem = lacking ?? brokenBy(dns.disagreement, view.served, view.reachable);
  const event = problem === null ? 'observe-healthy' : 'observe-broken';
  const next = endpointMachine.advance(state, event);
  // Plans are made from what was read last: a change by hand that a look sees, or no longer sees, is read at once.
  const found = dns.otherwise || (problem === null && next !== state) ? await readAtPrimary(subject, signal) : null;
  const now = ctx.clock.now();
  await transact(ctx.db, async (tx) => {
    const current = { id, revision: subject.revision };
    const moved = await transition(tx, 'endpoint', current, event, { checkedAt: now, ...(next === state ? {} : { changedAt: now }) });
    // Held against a revision that is no longer the current one, it says nothing.
    if (moved === 0) return;
    await keepDnsView(tx, subject, dns, now);
    if (found !== null) await rememberRecords(tx, subject, found, now);
    await saveObservations(tx, id, 'endpoint', view.observations, now);
    if (next === state) return;
    const seen = { id, name: hostname };
    if (problem === null) await audit(tx, ctx, alone ? 'endpoint.issued' : 'endpoint.live', seen, { revision: subject.revision }, now);
    else await audit(tx, ctx, 'endpoint.degraded', seen, { problem }, now);
  });
}
