import { Button } from '@/components/ui/button';
import { Card } from '@/components/ui/card';
import { Empty } from '@/components/ui/empty';
import { Link } from '@/components/ui/link';
import { PageHeader } from '@/components/ui/page-header';

export default function PortalNotFound() {
  return (
    <>
      <PageHeader title="Not found" />
      <Card>
        <Empty
          title="There is nothing at this address"
          action={
            <Button asChild>
              <Link href="/endpoints">All endpoints</Link>
            </Button>
          }
        >
          It may have been removed, or forgotten since it ended, or the address is not complete; the audit trail keeps what was done. “Find”
          looks for names, serials and teams.
        </Empty>
      </Card>
    </>
  );
}
