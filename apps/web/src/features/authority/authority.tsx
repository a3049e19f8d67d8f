'use client';
// The internal CA: its roots and what stands below each, what waits for a signature elsewhere, and who has fetched what is trusted.
import { useSuspenseQuery } from '@tanstack/react-query';
import { Card } from '@/components/ui/card';
import { Empty } from '@/components/ui/empty';
import { PageHeader } from '@/components/ui/page-header';
import { useTRPC } from '@/lib/trpc';
import { AddRoot } from './add-root';
import { Fetches } from './fetches';
import { RootSection } from './root-section';

export function Authority() {
  const trpc = useTRPC();
  const { roots, permissions } = useSuspenseQuery({ ...trpc.authority.get.queryOptions(), refetchInterval: 15_000 }).data;
  return (
    <>
      <PageHeader
        title="Internal CA"
        sub={<p>The roots that people trust, and the CAs below them that sign.</p>}
        actions={permissions.manage ? <AddRoot /> : undefined}
      />
      {roots.length === 0 && (
        <Card>
          <Empty title="There is no root yet">The first one is made by the worker when it first starts.</Empty>
        </Card>
      )}
      <div className="grid grid-cols-1 gap-4">
        {roots.map((root) => (
          <RootSection key={root.id} root={root} manages={permissions.manage} />
        ))}
        {permissions.manage && <Fetches />}
      </div>
    </>
  );
}
