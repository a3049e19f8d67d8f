import { redirect } from 'next/navigation';
import { Brand } from '@/features/shell/brand';
import { SignInForm } from '@/features/sign-in/sign-in-form';
import { ownUrl } from '@/server/auth';
import { container } from '@/server/container';
import { isOwnMessage } from '@/server/own-message';
import { viewer } from '@/server/rsc';

export const metadata = { title: 'Sign in' };

export default async function SignInPage({ searchParams }: PageProps<'/sign-in'>) {
  const { callbackUrl, error, proof } = await searchParams;
  const { env } = container();
  const wanted = new URL(ownUrl(typeof callbackUrl === 'string' ? callbackUrl : '/', env.publicUrl));
  // A path that begins with two slashes would be read as another host.
  const next = `/${wanted.pathname.replace(/^\/+/, '')}${wanted.search}`;
  if ((await viewer()) !== null) redirect('/');
  return (
    <main className="mx-auto grid min-h-dvh w-full max-w-[22rem] content-center gap-7 px-4 py-10">
      <div>
        <div className="inline-grid gap-1.5">
          <Brand className="text-lg" />
          <svg viewBox="0 0 110 3" preserveAspectRatio="none" aria-hidden="true" className="h-[3px] w-full">
            <rect x="0" width="38" height="3" fill="var(--yours)" />
            <rect x="42" width="27" height="3" fill="var(--granted)" />
            <rect x="73" width="27" height="3" fill="var(--zone)" />
          </svg>
        </div>
        <h1 className="mt-6 text-xl tracking-[-0.012em]">Sign in</h1>
        <p className="mt-1 text-ink-2 text-sm">Names, records and certificates, under the rules of your organisation.</p>
      </div>
      <SignInForm
        next={next}
        provider={env.oidc?.name ?? null}
        error={typeof error === 'string' ? signInError(error, proof, env.authSecret) : null}
      />
    </main>
  );
}

/** next-auth's own codes in words; messages pass that we put into the address ourselves. */
function signInError(code: string, proof: unknown, secret: string): string {
  if (isOwnMessage(code, proof, secret)) return code;
  if (code === 'SessionRequired') return 'Sign in to see that page.';
  return 'The sign-in did not succeed. Try again; if it lasts, tell a platform owner.';
}
