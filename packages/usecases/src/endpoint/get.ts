import type { EndpointDetail } from '@hostmaster/core/contract/endpoint-view';
import { isLeaving } from '@hostmaster/core/endpoint/state';
import { HostmasterError } from '@hostmaster/core/errors';
import { saidOf } from '@hostmaster/core/operation/workforce';
import { broughtProblem } from '@hostmaster/core/pki/brought-certificate';
import { takesBrought } from '@hostmaster/core/pki/source-traits';
import { authorize, may } from '@hostmaster/core/policy/authorize';
import { endpointById } from '@hostmaster/db/endpoint';
import { open } from '@hostmaster/db/state-lists';
import { z } from 'zod';
import { certificateInclude, type DescribedChains, presentCertificate } from '../certificate/present.ts';
import type { Ctx } from '../context.ts';
import { presentOperation } from '../operation/present.ts';
import { readWorkforce } from '../operation/workforce.ts';
import { readContract, readRecordSets } from '../stored-columns.ts';
import { readStored } from '../stored-json.ts';
import { timestampOf, timestampOrNull } from '../timestamp.ts';
import { deliveriesOf } from './deliveries.ts';
import { readHistory } from './history.ts';
import { derive, loadFacts, presentAnswers, presentEndpointRow } from './present.ts';

const problems = z.array(broughtProblem).nullable();

/** The lineage's newest; older ones are found among the certificates. */
const mostCertificates = 10;

/** One endpoint: its contract, what was observed, and what follows from both. Errors: forbidden, not-found. */
export async function getEndpoint(ctx: Ctx, { id }: { readonly id: string }): Promise<EndpointDetail> {
  authorize(ctx.actor, 'endpoint.read');
  const now = ctx.clock.now();
  const row = await endpointById(ctx.db, id);
  if (row === null) throw new HostmasterError('not-found', `There is no endpoint ${id}.`);
  const [[observed], certificates, operation, openRequest, held, brought, history, workforce, deliveries] = await Promise.all([
    loadFacts(ctx.db, [row], now),
    ctx.db.certificate.findMany({
      where: { endpointId: id },
      orderBy: [{ issuedAt: 'desc' }, { id: 'desc' }],
      take: mostCertificates,
      include: certificateInclude,
    }),
    ctx.db.operation.findFirst({ where: { endpointId: id }, orderBy: [{ createdAt: 'desc' }, { id: 'desc' }] }),
    ctx.db.request.findFirst({
      where: { hostname: row.hostname, view: row.view, state: { in: open } },
      select: { id: true },
    }),
    ctx.db.heldName.findFirst({ where: { endpointId: id, hostname: row.hostname }, select: { heldBackUntil: true } }),
    ctx.db.broughtCertificate.findUnique({ where: { endpointId: id }, select: { askerName: true, createdAt: true, problems: true } }),
    readHistory(ctx.db, id),
    readWorkforce(ctx.db),
    deliveriesOf(ctx.db, id),
  ]);
  if (observed === undefined) throw new HostmasterError('internal', 'An endpoint has no facts.');
  const facts = { ...observed, operation: observed.operation && { ...observed.operation, ...saidOf(observed.operation, workforce) } };
  const { conditions, findings, ...derived } = derive(facts);
  const described: DescribedChains = new Map();
  // Whoever wants a name back before it is gone asks for a change.
  const mayAsk = may(ctx.actor, 'request.create', { team: row.team });
  const retired = row.state === 'retired';
  const contract = readContract(row.contract);
  const heldBackUntil = held?.heldBackUntil ?? null;
  return {
    ...presentEndpointRow(row, facts, derived),
    contract,
    revision: row.revision,
    takesBack: row.takesBack,
    liveSince: timestampOrNull(row.liveSince),
    conditions: [...conditions],
    findings: [...findings],
    retires: row.retires,
    recordSets: readRecordSets(row.recordSets).map((set) => ({ ...set, values: [...set.values] })),
    answers: presentAnswers(facts),
    certificates: certificates.map((certificate) => presentCertificate(ctx, certificate, facts.endpoint, described, now)),
    brought:
      brought === null || !takesBrought(contract) || isLeaving(row.state)
        ? null
        : {
            by: brought.askerName,
            at: timestampOf(brought.createdAt),
            problems: readStored(problems, brought.problems, 'brought_certificate.problems'),
          },
    deliveries,
    operation: operation === null ? null : presentOperation(operation, workforce),
    history,
    heldBackUntil: heldBackUntil !== null && heldBackUntil > now ? timestampOf(heldBackUntil) : null,
    openRequestId: openRequest?.id ?? null,
    permissions: {
      change: mayAsk && !retired,
      retire: mayAsk && !retired && row.state !== 'retiring',
      restore: mayAsk && retired && openRequest === null,
      recheck: !retired && may(ctx.actor, 'operation.retry', { team: row.team }),
      import: !isLeaving(row.state) && takesBrought(contract) && may(ctx.actor, 'certificate.import', { team: row.team }),
    },
  };
}
