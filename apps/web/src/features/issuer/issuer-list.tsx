'use client';
import { useSuspenseQuery } from '@tanstack/react-query';
import { Card, Fact, Facts, Section } from '@/components/ui/card';
import { Code } from '@/components/ui/code';
import { DownloadButton } from '@/components/ui/download-button';
import { Empty } from '@/components/ui/empty';
import { Status } from '@/components/ui/mark';
import { More } from '@/components/ui/more';
import { Time } from '@/components/ui/time';
import { Chain } from '@/features/certificate/chain';
import { urgencyMarks } from '@/features/certificate/urgency';
import { keyWords, listed, plural } from '@/lib/format/text';
import { usePages } from '@/lib/list-search';
import { useTRPC } from '@/lib/trpc';

export function IssuerList() {
  const trpc = useTRPC();
  const { asked, paging } = usePages();
  const { rows, nextCursor: next, total } = useSuspenseQuery(trpc.issuers.list.queryOptions(asked)).data;
  if (rows.length === 0)
    return (
      <Card>
        <Empty title="No issuer yet">The internal CA is made by the worker when it first starts.</Empty>
      </Card>
    );
  return (
    <div className="grid gap-4">
      {rows.map((issuer) => (
        <Section
          key={issuer.id}
          title={issuer.name}
          note={<code className="data">{issuer.slug}</code>}
          action={issuer.rootPem && <DownloadButton text={issuer.rootPem} filename="root.pem" label="Download the root" />}
        >
          <div className="grid gap-6 md:grid-cols-2">
            <Facts className="content-start">
              {issuer.urgency !== 'none' && (
                <Fact name="Ends">
                  <Status state={urgencyMarks[issuer.urgency]}>
                    {issuer.urgency === 'outage' ? 'It has ended' : <Time at={issuer.chain[0]?.notAfter ?? ''} />}, and no other one may
                    sign for the same names for longer.
                  </Status>
                </Fact>
              )}
              <Fact name="Kind">{issuer.kind}</Fact>
              {issuer.profile.days > 0 && (
                <Fact name="Profile">
                  {issuer.profile.name}, {plural(issuer.profile.days, 'day')}
                </Fact>
              )}
              {issuer.profile.keyAlgorithms.length > 0 && <Fact name="Keys">{listed(issuer.profile.keyAlgorithms.map(keyWords))}</Fact>}
              <Fact name="Only for">
                {issuer.permittedSuffixes.length === 0
                  ? 'any name'
                  : issuer.permittedSuffixes.map((suffix) => (
                      <span key={suffix} className="name block text-xs">
                        {suffix}
                      </span>
                    ))}
              </Fact>
              <Fact name="Revocations">
                list {issuer.crlNumber}
                {issuer.crlNextUpdate && (
                  <>
                    , next <Time at={issuer.crlNextUpdate} />
                  </>
                )}
              </Fact>
            </Facts>
            <div className="min-w-0">
              <Chain chain={issuer.chain} />
            </div>
          </div>
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
  );
}
