import { certificateQuery } from '@hostmaster/core/contract/certificate';
import { notFound } from 'next/navigation';
import { Prefetch, titleOf } from '@/app/(portal)/prefetch';
import { CertificateView } from '@/features/certificate/certificate-view';
import { allIssuers } from '@/lib/all-rows';
import { needText } from '@/lib/path-parameter';
import { trpc } from '@/server/rsc';

type Props = PageProps<'/certificates/[serial]'>;

async function queryOf({ params }: Props) {
  const query = certificateQuery.safeParse({ serial: needText((await params).serial) });
  return query.success ? query.data : notFound();
}

export async function generateMetadata(props: Props) {
  const query = await queryOf(props);
  return titleOf('Certificate', async (client) => {
    const { names, serial } = await client.fetchQuery(trpc.certificates.get.queryOptions(query));
    return `Certificate of ${names[0] ?? serial}`;
  });
}

export default async function CertificatePage(props: Props) {
  const query = await queryOf(props);
  return (
    <Prefetch queries={[trpc.certificates.get.queryOptions(query), allIssuers(trpc)]}>
      <CertificateView serial={query.serial} />
    </Prefetch>
  );
}
