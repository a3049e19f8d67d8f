import { auditPage, auditQuery, auditVerification, auditVerifyQuery } from '@hostmaster/core/contract/audit';
import { listAudit } from '@hostmaster/usecases/audit/list';
import { verifyAudit } from '@hostmaster/usecases/audit/verify';
import { procedure, router } from './init.ts';

export const audit = router({
  list: procedure
    .meta({ action: 'audit.read', rest: { method: 'GET', path: '/audit', status: 200, summary: 'Who did what, newest first' } })
    .input(auditQuery)
    .output(auditPage)
    .query(({ ctx, input }) => listAudit(ctx.usecase, input)),
  verify: procedure
    .meta({
      action: 'audit.verify',
      rest: { method: 'GET', path: '/audit/verify', status: 200, summary: 'Recompute the hash chain of the audit trail' },
    })
    .input(auditVerifyQuery)
    .output(auditVerification)
    .query(({ ctx, input }) => verifyAudit(ctx.usecase, input)),
});
