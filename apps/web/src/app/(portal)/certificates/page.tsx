import { Prefetch } from '@/app/(portal)/prefetch';
import { CertificateList } from '@/features/certificate/certificate-list';
import { certificatesInput, loadCertificateSearch } from '@/features/certificate/certificate-search';
import { trpc } from '@/server/rsc';

export const metadata = { title: 'Certificates' };

export default async function CertificatesPage({ searchParams }: PageProps<'/certificates'>) {
  const search = await loadCertificateSearch(searchParams);
  return (
    <Prefetch queries={[trpc.certificates.board.queryOptions(), trpc.certificates.list.queryOptions(certificatesInput(search))]}>
      <CertificateList />
    </Prefetch>
  );
}
