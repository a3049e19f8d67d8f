'use client';
import type { CampaignStage } from '@hostmaster/core/campaign/stage';
import { campaignStages } from '@hostmaster/core/campaign/stage';
import type { Campaign, CampaignCertificate } from '@hostmaster/core/contract/campaign';
import { useQuery, useSuspenseQuery } from '@tanstack/react-query';
import { parseAsStringLiteral } from 'nuqs';
import { Fact, Facts, Section } from '@/components/ui/card';
import { Empty } from '@/components/ui/empty';
import { Link } from '@/components/ui/link';
import { Status } from '@/components/ui/mark';
import { PageHeader } from '@/components/ui/page-header';
import { listQuery, PagedTable } from '@/components/ui/paged-table';
import { rowLink } from '@/components/ui/table';
import type { Column } from '@/components/ui/table-model';
import { Time } from '@/components/ui/time';
import { Hostname } from '@/features/name/hostname';
import { brief, plural } from '@/lib/format/text';
import { useListSearch } from '@/lib/list-search';
import { useTRPC } from '@/lib/trpc';
import { CampaignActions } from './campaign-actions';
import { CampaignProgress } from './campaign-progress';
import { campaignTitle, scopeFacts, stageMarks, stageNames, stateMarks, stateWords } from './campaign-words';

const columns: readonly Column<CampaignCertificate>[] = [
  {
    id: 'name',
    header: 'Name',
    fixed: true,
    cell: (row) => (
      <Link href={`/endpoints/${row.endpointId}`} className={rowLink}>
        <Hostname name={row.hostname} />
      </Link>
    ),
  },
  {
    id: 'stage',
    header: 'How far',
    under: true,
    className: 'whitespace-nowrap',
    cell: (row) => <Status state={stageMarks[row.stage]}>{stageNames[row.stage]}</Status>,
  },
  {
    id: 'message',
    header: 'What is said of the work',
    under: true,
    cell: (row) => <span className="break-words text-ink-2">{row.message}</span>,
  },
  { id: 'team', header: 'Team', className: 'max-lg:hidden whitespace-nowrap', cell: (row) => row.team },
  { id: 'at', header: 'Taken up', className: 'max-md:hidden whitespace-nowrap', cell: (row) => <Time at={row.takenAt} /> },
  {
    id: 'serial',
    header: 'Serial',
    className: 'max-lg:hidden whitespace-nowrap',
    cell: (row) => (
      <Link href={`/certificates/${row.serial}`} className="data text-ink-3 hover:text-ink" title={row.serial}>
        {brief(row.serial)}
      </Link>
    ),
  },
];

const stageSearch = { stage: parseAsStringLiteral(campaignStages) };
const every = { moving: 3_000, over: 15_000 };

export function CampaignView({ id }: { id: string }) {
  const trpc = useTRPC();
  const { search, filter, clear, cursor, paging } = useListSearch(stageSearch);
  const { data: campaign } = useSuspenseQuery({
    ...trpc.campaigns.get.queryOptions({ id }),
    refetchInterval: ({ state: { data } }) => (data?.state === 'running' ? every.moving : every.over),
  });
  const query = useQuery({
    ...trpc.campaigns.certificates.queryOptions({
      id,
      ...(search.stage === null ? {} : { stage: search.stage }),
      ...(cursor === '' ? {} : { cursor }),
    }),
    ...listQuery,
    refetchInterval: campaign.state === 'running' ? every.moving : every.over,
  });
  return (
    <>
      <PageHeader
        crumb={{ href: '/campaigns', label: 'Campaigns' }}
        title={campaignTitle(campaign)}
        sub={<State campaign={campaign} />}
        actions={<CampaignActions campaign={campaign} />}
      />
      <div className="grid grid-cols-1 gap-4">
        <Section title="Progress" note="as the certificates themselves say">
          <CampaignProgress
            progress={campaign.progress}
            chosen={search.stage}
            onChoose={(stage: CampaignStage | null) => void filter({ stage })}
          />
        </Section>
        <Section title="What it is">
          <About campaign={campaign} />
        </Section>
        <PagedTable
          caption="Certificates that were taken up"
          one="certificate"
          columns={columns}
          rowKey={(row) => row.serial}
          query={query}
          paging={paging}
          narrowed={search.stage === null ? null : { title: 'No certificate is there now', clear }}
          empty={
            <Empty title="No certificate is taken up yet">{campaign.state === 'proposed' ? 'A second person starts it.' : null}</Empty>
          }
        />
      </div>
    </>
  );
}

function State({ campaign: { state, movedBy, movedAt, endsAt } }: { campaign: Campaign }) {
  return (
    <p className="flex flex-wrap gap-x-3 gap-y-1" role="status">
      <Status state={stateMarks[state]} moving={state === 'running'}>
        {stateWords[state]}
      </Status>
      <span>
        since <Time at={movedAt} />, by {movedBy}
      </span>
      {endsAt !== null && (
        <span>
          the last one is taken up <Time at={endsAt} />
        </span>
      )}
    </p>
  );
}

const About = ({ campaign }: { campaign: Campaign }) => (
  <div className="grid gap-6 md:grid-cols-2">
    <Facts className="content-start">
      <Fact name="Why">{campaign.comment}</Fact>
      {campaign.reason !== null && <Fact name="Reason">{campaign.reason}</Fact>}
      <Fact name="Asked by">
        {campaign.by}, <Time at={campaign.createdAt} />
      </Fact>
      {campaign.startedAt !== null && (
        <Fact name="Started by">
          {campaign.startedBy}, <Time at={campaign.startedAt} />
        </Fact>
      )}
      {campaign.startedAt === null && campaign.fourEyes && (
        <Fact name="Start">It revokes more than 100 certificates of other teams: somebody else than {campaign.by} starts it.</Fact>
      )}
      <Fact name="Pace">{plural(campaign.pace, 'certificate')} a minute at most</Fact>
    </Facts>
    <Facts className="content-start">
      {scopeFacts(campaign.scope).map(({ name, value }) => (
        <Fact key={name} name={name}>
          {value}
        </Fact>
      ))}
      <Fact name="Issued until">
        <Time at={campaign.asOf} />: what was issued since is not in it
      </Fact>
    </Facts>
  </div>
);
