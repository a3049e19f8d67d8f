import { Prefetch } from '@/app/(portal)/prefetch';
import { Card } from '@/components/ui/card';
import { Empty } from '@/components/ui/empty';
import { TextLink } from '@/components/ui/link';
import { PageHeader } from '@/components/ui/page-header';
import { isAuditor, isPlatform } from '@/features/account/roles';
import { AuditList } from '@/features/audit/audit-list';
import { auditInput, loadAuditSearch } from '@/features/audit/audit-search';
import { trpc, viewer } from '@/server/rsc';
import { signInFirst } from '@/server/sign-in-first';

export const metadata = { title: 'Audit' };

export default async function AuditPage({ searchParams }: PageProps<'/audit'>) {
  const asker = await viewer();
  // The layout asks too, but it is not rendered again when only the page changes.
  if (asker === null) return signInFirst();
  if (!isAuditor(asker))
    return (
      <>
        <PageHeader title="Audit" />
        <Card>
          <Empty title="The audit trail is for auditors">
            {!isPlatform(asker) ? (
              'Ask a platform admin for the role if you need to read it.'
            ) : asker.kind === 'person' ? (
              <>
                You give that role, to yourself too: <TextLink href={`/people/${asker.id}`}>your roles</TextLink>.
              </>
            ) : null}
          </Empty>
        </Card>
      </>
    );
  const search = await loadAuditSearch(searchParams);
  return (
    <Prefetch queries={[trpc.audit.list.queryOptions(auditInput(search))]}>
      <AuditList />
    </Prefetch>
  );
}
