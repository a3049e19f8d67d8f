import { readTrust } from '@hostmaster/usecases/issuer/read-trust';
import { Brand } from '@/features/shell/brand';
import { TrustPage } from '@/features/trust/trust-page';
import { container } from '@/server/container';

export const metadata = { title: 'Trust our certificates' };

export default async function Page() {
  const { parts, env } = container();
  const trust = await readTrust(parts);
  return (
    <main className="mx-auto grid w-full max-w-3xl gap-6 px-4 py-10">
      <div>
        <Brand className="text-lg" />
        <h1 className="mt-6 text-xl tracking-[-0.012em]">Trust our certificates</h1>
        <p className="mt-1 text-ink-2 text-sm">
          Certificates of the internal CA are trusted by whoever knows its root. It takes a minute, and no account.
        </p>
      </div>
      <TrustPage trust={trust} base={trust.address ?? `${env.publicUrl}/pki`} />
    </main>
  );
}
