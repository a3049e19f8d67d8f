'use client';
import { useSuspenseQuery } from '@tanstack/react-query';
import { Button } from '@/components/ui/button';
import { Card, Section } from '@/components/ui/card';
import { Code } from '@/components/ui/code';
import { DownloadButton } from '@/components/ui/download-button';
import { Empty } from '@/components/ui/empty';
import { Link, TextLink } from '@/components/ui/link';
import { More } from '@/components/ui/more';
import { PageHeader } from '@/components/ui/page-header';
import { isPlatform } from '@/features/account/roles';
import { useMe } from '@/features/account/use-me';
import { Chain } from '@/features/certificate/chain';
import { usePages } from '@/lib/list-search';
import { useTRPC } from '@/lib/trpc';
import { IssuerActions } from './issuer-actions';
import { IssuerFacts } from './issuer-facts';
import { Setup } from './setup';
import { TestIssuer } from './test-issuer';

export function IssuerList() {
  const me = useMe();
  const trpc = useTRPC();
  const { asked, paging } = usePages();
  const { rows, nextCursor: next, total } = useSuspenseQuery(trpc.issuers.list.queryOptions(asked)).data;
  const connect = isPlatform(me) ? (
    <Button asChild look="primary">
      <Link href="/issuers/new">Connect an issuer</Link>
    </Button>
  ) : undefined;
  return (
    <>
      <PageHeader
        title="Issuers"
        sub={
          <p>
            Who signs certificates, and for which names. <TextLink href="/trust">How hosts trust them</TextLink>
          </p>
        }
        actions={connect}
      />
      {rows.length === 0 && (
        <Card>
          <Empty title="No issuer yet">The internal CA is made by the worker when it first starts.</Empty>
        </Card>
      )}
      <div className="grid grid-cols-1 gap-4">
        {rows.map((issuer) => (
          <Section
            key={issuer.id}
            title={issuer.name}
            note={<code className="data">{issuer.slug}</code>}
            action={
              <div className="flex flex-wrap items-center justify-end gap-1">
                {isPlatform(me) && <IssuerActions issuer={issuer} />}
                {issuer.rootPem && <DownloadButton text={issuer.rootPem} filename="root.pem" label="Download the root" />}
              </div>
            }
          >
            <div className="grid gap-6 md:grid-cols-2">
              <IssuerFacts issuer={issuer} />
              <div className="min-w-0">
                <Chain chain={issuer.chain} />
              </div>
            </div>
            {issuer.connection !== null && <TestIssuer issuer={issuer} />}
            {issuer.setup.length > 0 && <Setup steps={issuer.setup} />}
            {issuer.rootPem && (
              <details className="mt-4 text-sm">
                <summary className="rounded-sm text-ink-2 hover:text-ink">Root certificate in PEM</summary>
                <Code text={issuer.rootPem} label="the root in PEM" className="mt-2" />
              </details>
            )}
          </Section>
        ))}
        {(next !== null || !paging.atFirst) && (
          <More
            shown={rows.length}
            total={total}
            what="issuer"
            first={paging.atFirst}
            onFirst={paging.toFirst}
            onNext={next === null ? null : () => paging.to(next)}
          />
        )}
      </div>
    </>
  );
}
