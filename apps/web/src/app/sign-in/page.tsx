import type { Route } from 'next';
import { redirect } from 'next/navigation';
import { SignInFrame } from '@/features/sign-in/frame';
import { SignInForm } from '@/features/sign-in/sign-in-form';
import { ownPath } from '@/server/auth';
import { container } from '@/server/container';
import { isOwnMessage } from '@/server/own-message';
import { viewer } from '@/server/rsc';

export const metadata = { title: 'Sign in' };

export default async function SignInPage({ searchParams }: PageProps<'/sign-in'>) {
  const { callbackUrl, error, proof } = await searchParams;
  const { env } = container();
  const next = ownPath(typeof callbackUrl === 'string' ? callbackUrl : '/', env.publicUrl);
  if ((await viewer()) !== null) redirect(next as Route);
  return (
    <SignInFrame title="Sign in" sub="Names, records and certificates, under the rules of your organisation.">
      <SignInForm
        next={next}
        provider={env.oidc?.name ?? null}
        error={typeof error === 'string' ? signInError(error, proof, env.authSecret) : null}
      />
    </SignInFrame>
  );
}

/** next-auth's own codes in words; messages pass that we put into the address ourselves. */
function signInError(code: string, proof: unknown, secret: string): string {
  if (isOwnMessage(code, proof, secret)) return code;
  if (code === 'SessionRequired') return 'Sign in to see that page.';
  return 'The sign-in did not succeed. Try again; if it lasts, tell a platform admin.';
}
