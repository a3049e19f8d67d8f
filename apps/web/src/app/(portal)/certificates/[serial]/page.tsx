import { certificateQuery } from '@hostmaster/core/contract/certificate';
import { notFound } from 'next/navigation';
import { Prefetch } from '@/app/(portal)/prefetch';
import { CertificateView } from '@/features/certificate/certificate-view';
import { trpc } from '@/server/rsc';

export const metadata = { title: 'Certificate' };

export default async function CertificatePage({ params }: PageProps<'/certificates/[serial]'>) {
  const query = certificateQuery.safeParse({ serial: decodeURIComponent((await params).serial) });
  if (!query.success) notFound();
  return (
    <Prefetch queries={[trpc.certificates.get.queryOptions(query.data), trpc.issuers.list.queryOptions()]}>
      <CertificateView serial={query.data.serial} />
    </Prefetch>
  );
}
