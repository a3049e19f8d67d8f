import { redirect } from 'next/navigation';
import { Brand } from '@/features/shell/brand';
import { SignInForm } from '@/features/sign-in/sign-in-form';
import { ownUrl } from '@/server/auth';
import { container } from '@/server/container';
import { viewer } from '@/server/rsc';

export const metadata = { title: 'Sign in' };

export default async function SignInPage({ searchParams }: PageProps<'/sign-in'>) {
  const { callbackUrl, error } = await searchParams;
  const { env } = container();
  const wanted = new URL(ownUrl(typeof callbackUrl === 'string' ? callbackUrl : '/', env.publicUrl));
  const next = `${wanted.pathname}${wanted.search}`;
  if ((await viewer()) !== null) redirect('/');
  return (
    <main className="mx-auto grid min-h-dvh w-full max-w-[22rem] content-center gap-7 px-4 py-10">
      <div>
        <Brand className="text-lg" />
        <svg viewBox="0 0 176 6" aria-hidden="true" className="mt-1.5 h-1.5 w-44">
          <rect x="0" y="0" width="58" height="3" rx="1.5" fill="var(--yours)" />
          <rect x="62" y="0" width="36" height="3" rx="1.5" fill="var(--granted)" />
          <rect x="102" y="0" width="46" height="3" rx="1.5" fill="var(--zone)" />
        </svg>
        <h1 className="mt-6 text-xl tracking-[-0.012em]">Sign in</h1>
        <p className="mt-1 text-ink-2 text-sm">Names, records and certificates, under the rules of your organisation.</p>
      </div>
      <SignInForm next={next} provider={env.oidc?.name ?? null} error={typeof error === 'string' ? signInError(error) : null} />
    </main>
  );
}

/** next-auth's own codes in words; our own messages pass. */
function signInError(code: string): string {
  if (/\s/.test(code)) return code.slice(0, 300);
  if (code === 'SessionRequired') return 'Sign in to see that page.';
  return 'The sign-in did not succeed. Try again; if it lasts, tell a platform owner.';
}
